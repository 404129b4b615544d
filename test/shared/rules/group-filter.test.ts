import { expect } from 'chai'
import { BurrowError } from '../../../shared/errors.ts'
import { compileGroupFilter } from '../../../shared/rules/group-filter.ts'

/** Spec 02 section 4. */
const names = ['testgroup', 'ok_group', 'dash-group', 'num02group']
const matchesByPattern: Record<string, string[]> = {
  '.*': names,
  'test.*': ['testgroup'],
  '.*[0-9]+.*': ['num02group'],
  onlygroup: [],
  '': names
}

describe('group filter', () => {
  for (const [pattern, matches] of Object.entries(matchesByPattern)) {
    it(`allows what ${pattern || 'nothing'} matches`, () => {
      const filter = compileGroupFilter(pattern, '')
      expect(names.filter(name => filter.accept(name))).to.deep.equal(matches)
    })
  }

  it('denies what matches, and denying wins', () => {
    const filter = compileGroupFilter('group', 'dash|^ok')
    expect(names.filter(name => filter.accept(name))).to.deep.equal(['testgroup', 'num02group'])
  })

  it('matches anywhere in the name', () => {
    expect(compileGroupFilter('s.g', '').accept('testgroup')).to.equal(true)
    expect(compileGroupFilter('^group', '').accept('testgroup')).to.equal(false)
  })

  it('speaks RE2: a flag group, but no look-ahead and no back-reference', () => {
    expect(compileGroupFilter('(?i)TESTGROUP', '').accept('testgroup')).to.equal(true)
    for (const pattern of ['(?=a)b', '(a)\\1', '(', '*']) {
      expect(() => compileGroupFilter(pattern, ''), pattern)
        .to.throw(BurrowError, 'Failed to compile group allowlist')
        .with.property('code', 'CONFIG_INVALID')
      expect(() => compileGroupFilter('', pattern), pattern).to.throw(BurrowError, 'Failed to compile group denylist')
    }
  })
})
