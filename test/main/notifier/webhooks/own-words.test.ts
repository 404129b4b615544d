import { expect } from 'chai'
import { ownWords, shortened } from '../../../../main/notifier/webhooks/own-words.ts'
import { StatusConstant } from '../../../../shared/protocol/status.ts'
import { unpackedPartitionsMax, worstPartitionsMax } from '../../../../shared/verdict.ts'
import { groupStatus, notificationOf, partitionStatus } from '../fake-parts.ts'

describe('main/notifier/webhooks/own-words', () => {
  it('says what, how bad, where and since when', () => {
    expect(ownWords(notificationOf('open', groupStatus(StatusConstant.Error)))).to.deep.equal({
      title: 'Kafka consumer group g1 in cluster local is ERR',
      facts: [
        ['Cluster', 'local'],
        ['Group', 'g1'],
        ['Status', 'ERR'],
        ['Total lag', '42'],
        ['Partitions', '1 of 3 behind'],
        ['Since', '2023-11-14T22:13:20.000Z']
      ],
      partitions: ['STOP orders:1 lag 42, owner host-1']
    })
  })

  it('says how it ended', () => {
    const titleOf = (status: StatusConstant) => ownWords(notificationOf('close', groupStatus(status))).title
    expect(titleOf(StatusConstant.OK)).to.match(/is OK again$/)
    expect(titleOf(StatusConstant.NotFound)).to.match(/is gone$/)
  })

  it('shows the partitions with most lag, and how many more there are', () => {
    for (const count of [25, unpackedPartitionsMax + 1]) {
      const partitions = Array.from({ length: count }, (_, partition) =>
        partitionStatus({ partition, currentLag: partition, owner: '' })
      )
      const words = ownWords(notificationOf('open', groupStatus(StatusConstant.Error, { partitions })))
      expect(words.facts).to.deep.include(['Partitions', `${count} of 3 behind`])
      expect(words.partitions.length).to.equal(worstPartitionsMax + 1)
      expect(words.partitions[0]).to.equal(`STOP orders:${count - 1} lag ${count - 1}`)
      expect(words.partitions.at(-1)).to.equal(`and ${count - 10} more`)
      expect(partitions[0]!.partition).to.equal(0) // others look at the same object
    }
  })

  it('shortens names between characters, and takes control characters out', () => {
    expect(shortened('a\r\nb')).to.equal('a\ufffd\ufffdb')
    expect(Array.from(shortened('😀'.repeat(1000))).length).to.equal(256)
    const cut = shortened(`x${'😀'.repeat(1000)}`)
    expect(Buffer.from(cut).toString()).to.equal(cut) // no half of a character
    expect(shortened('x'.repeat(256))).to.equal('x'.repeat(256))
    expect(shortened('x'.repeat(257))).to.equal(`${'x'.repeat(255)}…`)
  })
})
