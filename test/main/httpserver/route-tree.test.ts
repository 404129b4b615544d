import { expect } from 'chai'
import { RouteTree } from '../../../main/httpserver/route-tree.ts'

const kafkaPatterns = [
  '/v3/kafka',
  '/v3/kafka/:cluster',
  '/v3/kafka/:cluster/topic',
  '/v3/kafka/:cluster/topic/:topic',
  '/v3/kafka/:cluster/topic/:topic/consumers',
  '/v3/kafka/:cluster/consumer',
  '/v3/kafka/:cluster/consumer/:consumer',
  '/v3/kafka/:cluster/consumer/:consumer/status',
  '/v3/kafka/:cluster/consumer/:consumer/lag'
]

function treeOf(patterns: readonly string[]): RouteTree<string> {
  return new RouteTree(patterns.map(pattern => [pattern, pattern]))
}

describe('route tree', () => {
  const tree = treeOf(['/burrow/admin', ...kafkaPatterns])

  it('finds every pattern with its parameters', () => {
    for (const pattern of kafkaPatterns) {
      const names = pattern.match(/:\w+/g) ?? []
      const path = pattern.replace(/:(\w+)/g, 'a $1')
      expect(tree.find(path), path).to.deep.equal({
        value: pattern,
        parameters: names.map(name => `a ${name.slice(1)}`)
      })
    }
  })

  it('is the same in whatever order the patterns come', () => {
    const backwards = treeOf(kafkaPatterns.toReversed())
    for (const path of ['/v3/kafka/c/', '/v3/kafka/c/topic/', '/v3/kafka/c/topic/t/', '/v3/kafka/', '/v3/kafk']) {
      expect(backwards.find(path), path).to.deep.equal(treeOf(kafkaPatterns).find(path))
    }
  })

  const slashes: [path: string, slash: boolean][] = [
    ['/v3/kafka/', true],
    ['/burrow/admin/', true],
    ['/v3/kafka/c/', false], // two branches there
    ['/v3/kafka/c/consumer/g/', false], // again
    ['/v3/kafka/c/consumer/g/lag/', true],
    ['/v3/kafka/c/topic/t/', true], // one branch only
    ['/v3/kafka/c/topic/', true],
    ['/v3/kafka/c/topic//', true],
    ['/nowhere/', false],
    ['*', false],
    ['', false]
  ]
  for (const [path, slash] of slashes) {
    it(`${path} ${slash ? 'differs by a slash' : 'is unknown'}`, () => {
      expect(tree.find(path)).to.deep.equal({ value: null, slash })
    })
  }

  it('begins where the patterns first differ', () => {
    const deletions = treeOf([
      '/v3/kafka/:cluster/consumer/:consumer',
      '/v3/kafka/:cluster/consumer/:consumer/topic/:topic'
    ])
    expect(deletions.find('/v3/kafka/c/')).to.deep.equal({ value: null, slash: true })
    expect(deletions.find('/v3/kafka/c/consumer/g/')).to.deep.equal({ value: null, slash: true })
    expect(deletions.find('/v3/kafka/')).to.deep.equal({ value: null, slash: false })
    expect(deletions.respell('/v3/kafka/c/consumer/topic/')).to.equal('/v3/kafka/c/consumer/topic')
  })

  const respelled: [path: string, result: string | null][] = [
    ['/V3/Kafka', '/v3/kafka'],
    ['/V3/KAFKA/', '/v3/kafka'],
    ['/v3/kafka/c/consumer/g/', null],
    ['/BURROW/admin/', '/burrow/admin'],
    ['/V3/kafka/LOCAL/Topic/T', '/v3/kafka/LOCAL/topic/T'],
    ['/v3/kafka/c/CONSUMER/G/LAG/', '/v3/kafka/c/consumer/G/lag'],
    ['/V3/kafka/local/', null],
    ['/nowhere', null],
    ['/', null]
  ]
  for (const [path, result] of respelled) {
    it(`${path} is respelled to ${result}`, () => expect(tree.respell(path)).to.equal(result))
  }

  it('takes a slash away where several branches begin after it, but not after a parameter', () => {
    const other = treeOf(['/a', '/a/b', '/a/c', '/d/:x', '/d/:x/e', '/d/:x/f'])
    expect(other.find('/a/')).to.deep.equal({ value: null, slash: false })
    expect(other.respell('/a/')).to.equal('/a')
    expect(other.respell('/d/1/')).to.equal(null)
  })

  it('adds a slash where only the pattern with one exists', () => {
    const other = treeOf(['/a/', '/b/:x/'])
    expect(other.find('/a')).to.deep.equal({ value: null, slash: true })
    expect(other.respell('/A')).to.equal('/a/')
    expect(other.find('/b/1')).to.deep.equal({ value: null, slash: true })
    expect(other.respell('/B/1')).to.equal('/b/1/')
  })

  it('refuses two values for a pattern, and text where a parameter is', () => {
    expect(() => treeOf(['/a', '/a'])).to.throw(TypeError, 'two routes')
    expect(() => treeOf(['/a/:x', '/a/b'])).to.throw(TypeError, 'one place')
    expect(() => treeOf(['/a/b', '/a/:x'])).to.throw(TypeError, 'one place')
  })
})
