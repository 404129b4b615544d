// @ts-check
import { appendFile } from 'node:fs/promises'

/** @import { GroupNotification, ModuleContext, NotifierModule } from 'burrow-node' */

/**
 * Tells of groups in trouble by lines of JSON in a file:
 *
 *   [notifier.diary]
 *   class-name = "./file-notifier.js"
 *   path = "/var/log/burrow-groups.jsonl"
 *   send-close = true
 *
 * @implements {NotifierModule}
 */
export default class FileNotifier {
  #path

  /** @param {ModuleContext} context */
  constructor(context) {
    this.#path = String(context.section.path ?? '')
  }

  configure() {
    if (this.#path === '') throw new Error('path: no file is named')
  }

  async start() {}

  /** @param {GroupNotification} notification */
  async notify({ kind, id, cluster, group, timeMs, status }) {
    const { totalLag } = status
    await appendFile(this.#path, `${JSON.stringify({ kind, id, cluster, group, timeMs, totalLag })}\n`)
  }

  async stop() {}
}
