import { MessageChannel, type MessagePort, Worker } from 'node:worker_threads'
import { wrapControl } from '../../shared/actor/comlink-control.ts'
import type { FromMain, StorageInit, ThreadControl, ToMain } from '../../shared/actor/thread-messages.ts'
import { createClockWord } from '../../shared/clock.ts'
import { type CounterName, createCounterBlock, sumCounters } from '../../shared/counters.ts'
import { createLogLevelWord } from '../../shared/log.ts'
import { baseMs, type StorageFixtureOptions, storageSettings } from './storage-fixture.ts'
import { StoragePeer } from './storage-peer.ts'
import { waitFor } from './wait-for.ts'

/** A real storage thread with cluster `c` and the clock word at `baseMs`. */
export class StorageThread {
  readonly worker: Worker
  readonly control: ThreadControl
  readonly messages: ToMain[] = []
  readonly errors: Error[] = []
  readonly exited: Promise<number>
  readonly #control: MessagePort
  readonly #counters = createCounterBlock()

  static async start(options: StorageFixtureOptions = {}): Promise<StorageThread> {
    const thread = new StorageThread(options)
    await waitFor(() => thread.messages.some(({ kind }) => kind === 'ready'), 'the storage thread')
    return thread
  }

  private constructor(options: StorageFixtureOptions) {
    const { port1, port2 } = new MessageChannel()
    const init: StorageInit = {
      name: 'storage-0',
      logLevel: createLogLevelWord('debug'),
      counters: this.#counters,
      clock: createClockWord(baseMs),
      control: port2,
      shard: options.shard ?? 0,
      shards: 1,
      clusters: options.clusters ?? ['c'],
      settings: storageSettings(options),
      allowedLag: options.allowedLag ?? 0,
      positionTables: options.positionTables ?? []
    }
    const url = new URL('../../workers/storage/storage.worker.js', import.meta.url)
    this.worker = new Worker(url, { workerData: init, transferList: [port2] })
    this.worker.on('message', (message: ToMain) => this.messages.push(message))
    this.worker.on('error', error => this.errors.push(error as Error))
    this.exited = new Promise(resolve => this.worker.once('exit', resolve))
    this.#control = port1
    this.control = wrapControl(port1)
  }

  /** Our end of a new port that the thread serves. */
  dial(shard = 0): MessagePort {
    const { port1, port2 } = new MessageChannel()
    const message: FromMain = { kind: 'connect', shard, epoch: 1, port: port2 }
    this.worker.postMessage(message, [port2])
    return port1
  }

  peer(): StoragePeer {
    return StoragePeer.overPort(this.dial())
  }

  count(name: CounterName): number {
    return sumCounters([this.#counters])[name]
  }

  async end(): Promise<void> {
    await this.worker.terminate()
    this.#control.close()
  }
}
