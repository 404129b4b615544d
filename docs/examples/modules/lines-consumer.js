// @ts-check
import { StorageRequestConstant } from 'burrow-node'
import { LinesFollower } from './lines-follower.js'

/** @import { ConsumerModule, ModuleContext } from 'burrow-node' */

/**
 * Commits from a file of lines such as {"group":"billing","topic":"orders","partition":0,"offset":100,"timeMs":1700000000000}:
 *
 *   [consumer.elsewhere]
 *   class-name = "./lines-consumer.js"
 *   cluster = "elsewhere"
 *   path = "commits.jsonl"
 *
 * @implements {ConsumerModule}
 */
export default class LinesConsumer {
  #context
  /** @type {LinesFollower | undefined} */
  #follower
  /** Commits are put in order by this, so it must rise with every commit of a partition. */
  #order = 0

  /** @param {ModuleContext} context */
  constructor(context) {
    this.#context = context
  }

  configure() {
    const { path } = this.#context.section
    if (typeof path !== 'string') throw new Error('path: no file is named')
    this.#follower = new LinesFollower(path, line => this.#tell(line))
  }

  async start() {
    this.#follower?.start()
  }

  async stop() {
    this.#follower?.stop()
  }

  /** @param {{ group: string, topic: string, partition: number, offset: number, timeMs: number }} line */
  #tell({ group, topic, partition, offset, timeMs }) {
    this.#context.storage.tell({
      type: StorageRequestConstant.SetConsumerOffset,
      cluster: String(this.#context.section.cluster).toLowerCase(),
      group,
      topic,
      partition,
      offset,
      order: this.#order++,
      timestampMs: timeMs
    })
  }
}
