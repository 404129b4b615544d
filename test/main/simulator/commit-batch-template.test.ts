import { expect } from 'chai'
import { CommitBatchTemplate } from '../../../main/simulator/commit-batch-template.ts'
import { commitRecord } from '../../../main/simulator/groups/group-store.ts'
import { encodeRecordBatch } from '../../../shared/codec/record-batch-writer.ts'

describe('simulator: commit batch template', () => {
  it('is byte for byte what the codec writes, however often it is changed', () => {
    const template = new CommitBatchTemplate('group', 'topic', [3, 4, 5])
    for (const [offset, timestampMs] of [
      [1, 2],
      [7_000_000_000_000, 1_795_000_000_123],
      [0, 0]
    ] as const) {
      const records = [3, 4, 5].map(partition =>
        commitRecord({ group: 'group', topic: 'topic', partition, offset, timestampMs })
      )
      const written = Buffer.from(encodeRecordBatch({ baseOffset: 0, records }))
      expect(template.with(offset, timestampMs).equals(written)).to.equal(true)
    }
  })
})
