import { expect } from 'chai'
import { fullKafkaVersion } from '../../../main/config/kafka-version.ts'

describe('config: kafka-version', () => {
  const full: Readonly<Record<string, string>> = {
    '': '0.10.2.0',
    '0.8': '0.8.2.0',
    '0.8.0': '0.8.2.0',
    '0.8.1': '0.8.2.1',
    '0.8.2': '0.8.2.2',
    '0.9': '0.9.0.0',
    '0.9.0': '0.9.0.0',
    '0.10': '0.10.0.0',
    '0.10.0': '0.10.0.0',
    '0.10.1': '0.10.1.0',
    '0.10.2': '0.10.2.0',
    '0.11': '0.11.0.0',
    '0.11.0': '0.11.0.0',
    '0.8.2.2': '0.8.2.2',
    '0.10.2.1': '0.10.2.1',
    '0.11.0.1': '0.11.0.1',
    '1.0.0': '1.0.0',
    '2.8.0': '2.8.0',
    '3.9.1': '3.9.1',
    '10.12.30': '10.12.30'
  }
  for (const [text, version] of Object.entries(full)) {
    it(`reads '${text}' as ${version}`, () => expect(fullKafkaVersion(text)).to.equal(version))
  }
  for (const text of [
    '3.0.0.0',
    'foo',
    '1.0',
    '2',
    '4.1',
    '0.12',
    '0.8.3',
    '0.11.0.1.2',
    '2.8.x',
    ' 2.8.0',
    '2.8.0\n',
    '-1.0.0'
  ]) {
    it(`refuses ${JSON.stringify(text)}`, () => expect(fullKafkaVersion(text)).to.equal(null))
  }
})
