import { type MessagePort, parentPort, workerData } from 'node:worker_threads'
import { exposeControl } from '../../shared/actor/comlink-control.ts'
import type { FromMain, StorageInit, ToMain } from '../../shared/actor/thread-messages.ts'
import { beLessUrgent } from '../../shared/actor/thread-priority.ts'
import { clockFromWord } from '../../shared/clock.ts'
import { Counters } from '../../shared/counters.ts'
import { createLogger } from '../../shared/log.ts'
import { sweepTurnMs } from './expiry.ts'
import { StorageActor } from './storage-actor.ts'
import { StoragePorts } from './storage-ports.ts'

/**
 * Entry of a storage thread: puts the actor of one shard (storage-actor.ts) on ports. An error anywhere ends the thread;
 * the supervisor on main sees it.
 */
const init = workerData as StorageInit
const main = parentPort as MessagePort
beLessUrgent()
const post = (message: ToMain) => main.postMessage(message)
const logger = createLogger(init.logLevel, record => post({ kind: 'log', record }), { thread: init.name })

const actor = new StorageActor({
  shard: init.shard,
  clusters: init.clusters,
  settings: init.settings,
  allowedLag: init.allowedLag,
  clock: clockFromWord(init.clock),
  counters: new Counters(init.counters),
  positionTables: init.positionTables
})
const ports = new StoragePorts(actor)
const sweep = setInterval(() => actor.sweep(), sweepTurnMs)

main.on('message', (message: FromMain) => {
  if (message.kind !== 'connect' || message.shard !== init.shard) {
    throw new TypeError(`no message for storage shard ${init.shard}: ${message.kind}`)
  }
  ports.serve(message.port)
  logger.debug('serving a port', { shard: init.shard, epoch: message.epoch, ports: ports.count })
})

exposeControl(
  {
    stats: async () => actor.stats(),
    stop: async () => {
      clearInterval(sweep)
      ports.close()
      // After the answer to this very call is out: nothing is left to keep the thread alive then.
      setImmediate(() => {
        init.control.close()
        main.close()
      })
    }
  },
  init.control
)
post({ kind: 'ready' })
