import { Worker } from 'node:worker_threads'
import type { KafkaProbe, KafkaProbeAnswer, KafkaProbeInit } from '../../../shared/actor/kafka-probe.ts'

/** For connecting with TLS and login, and again for each question. */
export const probeDeadlineMs = 5_000

/** A thread that says nothing for so long hangs: a probe of a thousand silent servers, 32 at a time, takes half of it. */
const quietMaxMs = 600_000

/**
 * Answers by the probes' ids, from a thread of their own, which has ended when this resolves. Rejects if that thread dies, which is a mistake
 * of ours: what servers do wrong is in the answers.
 */
export async function askKafka(
  probes: readonly KafkaProbe[],
  deadlineMs = probeDeadlineMs
): Promise<ReadonlyMap<number, KafkaProbeAnswer>> {
  const answerById = new Map<number, KafkaProbeAnswer>()
  if (probes.length === 0) return answerById
  const workerData: KafkaProbeInit = {
    probes: probes.map(({ id, servers, profile, offsetsTopics }) => ({ id, servers, profile, offsetsTopics })),
    deadlineMs
  }
  const worker = new Worker(new URL('../../../workers/kafka/probe/probe.worker.js', import.meta.url), {
    name: 'kafka-probe',
    workerData
  })
  let timer: NodeJS.Timeout | undefined
  try {
    await new Promise<void>((resolve, reject) => {
      const hang = () => reject(new Error(`the thread that tries Kafka has said nothing for ${quietMaxMs / 1000} s`))
      timer = setTimeout(hang, quietMaxMs)
      worker.on('message', (answer: KafkaProbeAnswer) => {
        timer?.refresh()
        answerById.set(answer.id, answer)
        if (answerById.size === probes.length) resolve()
      })
      worker.once('error', reject)
      worker.once('exit', code => reject(new Error(`the thread that tries Kafka has ended early, with ${code}`)))
    })
  } finally {
    clearTimeout(timer)
    await worker.terminate()
  }
  return answerById
}
