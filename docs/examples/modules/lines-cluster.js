// @ts-check
import { StorageRequestConstant } from 'burrow-node'
import { LinesFollower } from './lines-follower.js'

/** @import { ClusterModule, ModuleContext } from 'burrow-node' */

/**
 * End offsets from a file of lines such as {"topic":"orders","partition":0,"partitions":1,"end":120}:
 *
 *   [cluster.elsewhere]
 *   class-name = "./lines-cluster.js"
 *   path = "ends.jsonl"
 *
 * @implements {ClusterModule}
 */
export default class LinesCluster {
  #context
  #cluster = ''
  /** @type {LinesFollower | undefined} */
  #follower

  /** @param {ModuleContext} context */
  constructor(context) {
    this.#context = context
  }

  /** @param {string} name of the section, and so of the cluster */
  configure(name) {
    const { path } = this.#context.section
    if (typeof path !== 'string') throw new Error('path: no file is named')
    this.#cluster = name
    this.#follower = new LinesFollower(path, line => this.#tell(line))
  }

  async start() {
    this.#follower?.start()
  }

  async stop() {
    this.#follower?.stop()
  }

  /** @param {{ topic: string, partition: number, partitions: number, end: number }} line */
  #tell({ topic, partition, partitions, end }) {
    this.#context.storage.tell({
      type: StorageRequestConstant.SetBrokerOffset,
      cluster: this.#cluster,
      topic,
      partition,
      topicPartitionCount: partitions,
      offset: end,
      timestampMs: Date.now()
    })
  }
}
