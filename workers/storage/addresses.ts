import {
  type GroupDirectory,
  type RunAddress,
  runAddressF64,
  type TopicAddresses
} from '../../shared/actor/storage-messages.ts'
import { compareUtf8 } from '../../shared/json/utf8-order.ts'
import type { Run } from '../../shared/ring/run.ts'
import type { Cluster, Group } from './directory.ts'

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

/** Where the end offsets of all topics are; a run that is replaced later says so to whoever reads it. */
export function topicAddresses(cluster: Cluster): TopicAddresses {
  const runs = new Float64Array(cluster.topicByName.size * runAddressF64.words)
  let at = 0
  for (const { run } of cluster.topicByName.values()) {
    runs[at + runAddressF64.slab] = run.slab.id
    runs[at + runAddressF64.at] = run.at
    runs[at + runAddressF64.generation] = run.generation
    runs[at + runAddressF64.partitions] = run.partitions
    at += runAddressF64.words
  }
  return { topics: [...cluster.topicByName.keys()], runs }
}

function runAddress(run: Run): RunAddress {
  return { slab: run.slab.id, at: run.at, generation: run.generation, partitions: run.partitions }
}
