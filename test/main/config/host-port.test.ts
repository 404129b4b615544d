import { expect } from 'chai'
import { isHostname, parseHostPort } from '../../../main/config/host-port.ts'

describe('config: host-port', () => {
  const label63 = 'a'.repeat(63)
  // The tables of spec 05 section 7, and their borders.
  const hostnames = [
    'hostname',
    'host0',
    'host.example.com',
    '800.hostnames.starting.with.numbers.are.valid.because.people.suck.org',
    'docker-swarmservice_name-with-one-underscore-is-valid',
    'a',
    label63,
    `${label63}.${label63}`,
    '1.2.3.4',
    '2001:db8::1'
  ]
  const notHostnames = [
    '',
    `${label63}a`,
    'underscores_are.not.valid.com',
    'hostnames-.x.com',
    'no spaces.com',
    'docker_service.name.x',
    'x-_y',
    'x_-y',
    'trailing_',
    '_leading',
    'two_under_scores',
    'host.',
    '.host',
    'a..b',
    'höst',
    'fe80::1%eth0',
    'host\n'
  ]
  for (const name of hostnames) it(`takes the host name ${name}`, () => expect(isHostname(name)).to.equal(true))
  for (const name of notHostnames) {
    it(`refuses the host name ${JSON.stringify(name)}`, () => expect(isHostname(name)).to.equal(false))
  }

  const good: readonly (readonly [text: string, host: string, port: number])[] = [
    ['1.2.3.4:3453', '1.2.3.4', 3453],
    ['[2001:db8::1]:3453', '2001:db8::1', 3453],
    ['host.example.com:23', 'host.example.com', 23],
    ['swarm_service:1', 'swarm_service', 1],
    ['h:65535', 'h', 65_535],
    ['[host]:9092', 'host', 9092]
  ]
  for (const [text, host, port] of good) {
    it(`takes ${text}`, () => expect(parseHostPort(text)).to.deep.equal({ host, port }))
  }

  const bad = [
    '256.1.2.3:3743',
    '1.2.3.4.5:2452',
    '123:9092',
    '2001:db8:0:1:1:1:1:1:3453',
    '[2001:db8:0:1:1:1:1:1:1]:3453',
    '[2001:db8::1]',
    '[2001:db8::1]3453',
    '[fe80::1%eth0]:1',
    'host',
    'host:',
    'host:http',
    'host:-1',
    'host:1.5',
    'host:65536',
    'host:0',
    ':9092',
    '',
    ':',
    'host: 9092',
    'a:1,b:2',
    'kafka://host:9092'
  ]
  for (const text of bad) it(`refuses ${JSON.stringify(text)}`, () => expect(parseHostPort(text)).to.equal(null))

  it('lets a listener have no host and port 0, and nothing else more', () => {
    expect(parseHostPort(':8000', 'listener')).to.deep.equal({ host: '', port: 8000 })
    expect(parseHostPort('127.0.0.1:0', 'listener')).to.deep.equal({ host: '127.0.0.1', port: 0 })
    expect(parseHostPort('256.1.2.3:80', 'listener')).to.equal(null)
    expect(parseHostPort('8000', 'listener')).to.equal(null)
  })
})
