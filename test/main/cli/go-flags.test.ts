import { expect } from 'chai'
import { withTwoDashes } from '../../../main/cli/go-flags.ts'

describe('cli: go-flags', () => {
  const lines: readonly (readonly [given: readonly string[], taken: readonly string[]])[] = [
    [
      ['-config-dir', '/etc/burrow'],
      ['--config-dir', '/etc/burrow']
    ],
    [['-config-dir=/etc/burrow'], ['--config-dir=/etc/burrow']],
    [
      ['--config-dir', '/etc/burrow'],
      ['--config-dir', '/etc/burrow']
    ],
    [['-help'], ['--help']],
    [['-h'], ['-h']],
    [['-'], ['-']],
    [
      ['demo', '-port', '-1'],
      ['demo', '--port', '-1']
    ],
    [
      ['run', '--', '-config-dir'],
      ['run', '--', '-config-dir']
    ]
  ]
  for (const [given, taken] of lines) {
    it(`reads ${given.join(' ')}`, () => expect(withTwoDashes(given)).to.deep.equal(taken))
  }
})
