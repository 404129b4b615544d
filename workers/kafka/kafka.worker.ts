import { parentPort, workerData } from 'node:worker_threads'
import { exposeControl } from '../../shared/actor/comlink-control.ts'
import type { FromMain, KafkaInit, ToMain } from '../../shared/actor/thread-messages.ts'
import { beLessUrgent } from '../../shared/actor/thread-priority.ts'
import { createLogger } from '../../shared/log.ts'
import { KafkaActor } from './kafka-actor.ts'

/** Entry of a kafka thread. What it is: kafka-actor.ts; the conversation: shared/actor/thread-messages.ts. */
const init = workerData as KafkaInit
const port = parentPort
if (!port) throw new Error('kafka.worker runs as a worker thread only')

beLessUrgent()
const post = (message: ToMain): void => port.postMessage(message)
const logger = createLogger(init.logLevel, record => post({ kind: 'log', record }), { thread: init.name })
const actor = new KafkaActor(init, logger, post, () => {
  // The answer to `stop` must get out first.
  setImmediate(() => {
    port.close()
    init.control.close()
  })
})
exposeControl(actor.control, init.control)
port.on('message', (message: FromMain) => actor.receive(message))
post({ kind: 'ready' })
actor.start()
