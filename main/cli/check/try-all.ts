import { messageOf } from '../../../shared/errors.ts'
import type { AppConfig } from '../../config/app-config.ts'
import { askKafka, probeDeadlineMs } from './ask-kafka.ts'
import type { Finding } from './finding.ts'
import { kafkaFindings, mixedClusters } from './kafka-findings.ts'
import { kafkaProbes } from './kafka-probes.ts'
import { otherServers, type ServerToTry } from './other-servers.ts'

/** Sockets to ZooKeeper and mail servers that are open at a time. */
const atOnceMax = 32

/** Tries every broker, ZooKeeper and mail server. Each has `deadlineMs` for connecting and again for each question. */
export async function tryAll(
  config: AppConfig,
  deadlineMs = probeDeadlineMs
): Promise<{ findings: readonly Finding[]; leftOut: number }> {
  const { probes, serversLeftOut } = kafkaProbes(config)
  const { servers, leftOut } = otherServers(config)
  const [answerById, others] = await Promise.all([askKafka(probes, deadlineMs), tryOthers(servers, deadlineMs)])
  const pairs = probes.map(probe => [probe, answerById.get(probe.id)!] as const)
  const ofKafka = pairs.flatMap(([probe, answer]) => kafkaFindings(probe, answer, Date.now()))
  return { findings: [...ofKafka, ...mixedClusters(pairs), ...others], leftOut: serversLeftOut + leftOut }
}

/** Many at a time; in the order of the servers. */
async function tryOthers(servers: readonly ServerToTry[], deadlineMs: number): Promise<Finding[]> {
  const findings: Finding[][] = []
  let next = 0
  const lane = async () => {
    for (let index = next++; index < servers.length; index = next++) {
      findings[index] = await tryOne(servers[index]!, deadlineMs)
    }
  }
  await Promise.all(Array.from({ length: atOnceMax }, lane))
  return findings.flat()
}

async function tryOne({ address, users, attempt }: ServerToTry, deadlineMs: number): Promise<Finding[]> {
  const began = performance.now()
  const took = () => `, ${Math.round(performance.now() - began)} ms`
  try {
    const found = await attempt(deadlineMs)
    return found.map(({ kind, says }) => ({ kind, subject: address, says: `${says}${took()}`, users }))
  } catch (error) {
    return [{ kind: 'FAILED', subject: address, says: `${reasonOf(error)}${took()}`, users }]
  }
}

/** A name with several addresses fails with one error for each; the first one says enough. */
function reasonOf(error: unknown): string {
  return messageOf(error instanceof AggregateError ? error.errors[0] : error)
}
