import type { GroupDirectory, RunAddress } from '../../shared/actor/storage-messages.ts'
import { compareUtf8 } from '../../shared/json/utf8-order.ts'
import type { Run } from '../../shared/ring/run.ts'
import type { Group } from './directory.ts'

/** Where everything of a group is: it may be copied to another thread and holds while the version word has not moved. */
export function groupDirectory(group: Group): GroupDirectory {
  const topics = [...group.topicByName.values()].sort((a, b) => compareUtf8(a.topic.name, b.topic.name))
  return {
    words: { slab: group.words.slab.id, at: group.words.at },
    version: group.words.version,
    topics: topics.map(({ topic, run, owners, clientIds }) => ({
      topic: topic.name,
      windows: runAddress(run),
      endOffsets: runAddress(topic.run),
      owners: owners && [...owners],
      clientIds: clientIds && [...clientIds]
    }))
  }
}

function runAddress(run: Run): RunAddress {
  return { slab: run.slab.id, at: run.at, generation: run.generation, partitions: run.partitions }
}
