import { parentPort, workerData } from 'node:worker_threads'
import type { KafkaProbeInit } from '../../../shared/actor/kafka-probe.ts'
import { createLogger, createLogLevelWord } from '../../../shared/log.ts'
import { probeCluster } from './probe-cluster.ts'

/** Entry of the thread of `burrow check --connect`: answers each probe once, then ends by itself. */
const { probes, deadlineMs } = workerData as KafkaProbeInit
const port = parentPort
if (!port) throw new Error('probe.worker runs as a worker thread only')
/** What kafkajs has to say on the way is in the answers. */
const silent = createLogger(createLogLevelWord('fatal'), () => {})
/** Clusters at a time; each opens some sockets. */
const atOnceMax = 4

const waiting = [...probes]
async function work(): Promise<void> {
  for (let probe = waiting.shift(); probe; probe = waiting.shift()) {
    port?.postMessage(await probeCluster(probe, deadlineMs, silent))
  }
}
await Promise.all(Array.from({ length: atOnceMax }, work))
