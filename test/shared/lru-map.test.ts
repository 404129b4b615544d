import { expect } from 'chai'
import { groupKey, LruMap } from '../../shared/lru-map.ts'

describe('LruMap', () => {
  it('forgets what was used longest ago when there are too many', () => {
    const map = new LruMap<number>(2)
    map.set('a', 1)
    map.set('b', 2)
    expect(map.get('a')).to.equal(1)
    map.set('c', 3)
    expect([map.get('a'), map.get('b'), map.get('c')]).to.deep.equal([1, undefined, 3])
    expect([map.size, map.evictions]).to.deep.equal([2, 1])
  })

  it('keeps what was used since it was nearly full, in the order of use, whatever was used before', () => {
    const map = new LruMap<number>(8)
    const keys = ['a', 'b', 'c', 'd', 'e', 'f', 'g']
    for (const key of keys) {
      map.set(key, 0)
      map.get('a')
    }
    map.get('c')
    map.get('b')
    for (const key of ['x', 'y', 'z', 'u', 'v']) map.set(key, 0)
    expect([...keys].filter(key => map.get(key) !== undefined)).to.deep.equal(['a', 'b', 'c'])
  })

  it('bounds the weight, and counts a replaced entry once', () => {
    const map = new LruMap<string>(100, 10)
    map.set('a', 'first', 6)
    map.set('a', 'second', 4)
    map.set('b', 'b', 6)
    expect([map.weight, map.get('a')]).to.deep.equal([10, 'second'])
    map.set('c', 'c', 5)
    expect([map.get('a'), map.get('b'), map.get('c'), map.weight]).to.deep.equal(['second', undefined, 'c', 9])
  })

  it('does not keep what alone is too heavy, and throws nothing out for it', () => {
    const map = new LruMap<string>(100, 10)
    map.set('a', 'a', 5)
    map.set('b', 'b', 11)
    expect([map.get('a'), map.get('b'), map.evictions]).to.deep.equal(['a', undefined, 1])
  })

  it('is empty after clear', () => {
    const map = new LruMap<string>(2, 10)
    map.set('a', 'a', 5)
    map.clear()
    expect([map.size, map.weight, map.get('a')]).to.deep.equal([0, 0, undefined])
  })
})

describe('groupKey', () => {
  it('tells all pairs of names apart, blanks and digits in them or not (C10)', () => {
    const names = ['', ' ', 'a', 'a b', 'b', '1', '1 ', '11', ' a', 'a ', '2 ab']
    const keys = names.flatMap(cluster => names.map(group => groupKey(cluster, group)))
    expect(new Set(keys).size).to.equal(names.length ** 2)
  })
})
