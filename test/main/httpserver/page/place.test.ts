import { expect } from 'chai'
import fc from 'fast-check'
import { anyGroups, hrefOf, type Place, readPlace } from '../../../../main/httpserver/page/place.ts'

describe('page: places and their addresses', () => {
  const name = fc.string({ unit: 'binary', minLength: 1 })
  const search = fc.string({ unit: 'binary', maxLength: 100 })
  const place: fc.Arbitrary<Place> = fc.oneof(
    fc.record({
      page: fc.constant('groups' as const),
      list: fc.record({
        cluster: fc.option(name),
        status: fc.constantFrom('ok' as const, 'warn' as const, 'err' as const),
        search,
        sort: fc.constantFrom('worst' as const, 'lag' as const, 'name' as const, 'commit' as const)
      })
    }),
    fc.record({ page: fc.constant('group' as const), cluster: name, group: name, bad: fc.boolean() }),
    fc.record({ page: fc.constant('topics' as const), cluster: fc.option(name), search }),
    fc.record({ page: fc.constant('topic' as const), cluster: name, topic: name }),
    fc.constant({ page: 'monitor' as const })
  )

  it('every address leads back to its place, whatever the names are', () => {
    fc.assert(fc.property(place, each => void expect(readPlace(hrefOf(each))).to.deep.equal(each)))
  })

  it('whatever else somebody writes there is the list of groups, or a place', () => {
    fc.assert(fc.property(fc.string(), text => void expect(hrefOf(readPlace(`#${text}`))).to.match(/^#\//)))
    for (const hash of ['', '#', '#/', '#/nothing', '#/group/only', '#/?status=bad&sort=x&cluster=']) {
      expect(readPlace(hash)).to.deep.equal({ page: 'groups', list: anyGroups })
    }
    expect(readPlace('#/group/c/%zz')).to.deep.equal({ page: 'group', cluster: 'c', group: '%zz', bad: false })
  })
})
