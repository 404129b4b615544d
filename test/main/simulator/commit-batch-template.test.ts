import { expect } from 'chai'
import { CommitBatchTemplate } from '../../../main/simulator/commit-batch-template.ts'
import { commitRecord } from '../../../main/simulator/groups/group-store.ts'
import { encodeRecordBatch } from '../../../shared/codec/record-batch-writer.ts'

describe('simulator: commit batch template', () => {
  it('is byte for byte what the codec writes, however often it is changed', () => {
    const template = CommitBatchTemplate.of('group', 'topic', [3, 4, 5])
    expectWritten(template, 'group')
  })

  it('of another group is a batch of its own, if the names have as many bytes', () => {
    const template = CommitBatchTemplate.of('group', 'topic', [3, 4, 5])
    expect(template.ofGroup('groups')).to.equal(null)
    expect(template.ofGroup('gröup')).to.equal(null)
    expectWritten(template.ofGroup('crowd')!, 'crowd')
    expectWritten(template.ofGroup('grüp')!, 'grüp')
    expectWritten(template, 'group')
  })
})

function expectWritten(template: CommitBatchTemplate, group: string): void {
  for (const [offset, timestampMs] of [
    [1, 2],
    [7_000_000_000_000, 1_795_000_000_123],
    [0, 0]
  ] as const) {
    const records = [3, 4, 5].map(partition => commitRecord({ group, topic: 'topic', partition, offset, timestampMs }))
    const written = Buffer.from(encodeRecordBatch({ baseOffset: 0, records }))
    expect(template.with(offset, timestampMs).equals(written)).to.equal(true)
  }
}
