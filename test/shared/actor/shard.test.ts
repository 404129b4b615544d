import { expect } from 'chai'
import fc from 'fast-check'
import { clusterHashSeed, shardOf, shardOfBytes } from '../../../shared/actor/shard.ts'

const text = fc.string({ unit: 'grapheme' })

describe('shard of a group', () => {
  it('is the same from the name and from its bytes, wherever they lie', () => {
    fc.assert(
      fc.property(text, text, fc.nat(20), fc.integer({ min: 1, max: 16 }), (cluster, group, at, shards) => {
        const bytes = new TextEncoder().encode(group)
        const padded = new Uint8Array(at + bytes.length + 3).fill(0x55)
        padded.set(bytes, at)
        const shard = shardOf(cluster, group, shards)
        expect(shardOfBytes(clusterHashSeed(cluster), padded, at, bytes.length, shards)).to.equal(shard)
        expect(shard).to.be.within(0, shards - 1)
      })
    )
  })

  it('depends on where the cluster ends', () => {
    const shards = 1 << 30
    expect(shardOf('ab', 'c', shards)).not.to.equal(shardOf('a', 'bc', shards))
  })

  it('has the values of a second implementation, in Python', () => {
    const groups = ['payments', 'console-consumer-1', 'grüße', '']
    expect(groups.map(group => shardOf('local', group, 1000))).to.deep.equal([505, 868, 514, 249])
  })

  it('shares out groups evenly', () => {
    const shards = 8
    const groupsByShard = new Array<number>(shards).fill(0)
    for (let i = 0; i < 8000; i++) groupsByShard[shardOf('local', `group-${i}`, shards)]!++
    for (const groups of groupsByShard) expect(groups).to.be.within(850, 1150)
  })
})
