import type {
  ClusterAnswer,
  KafkaProbeAnswer,
  OffsetsTopicAnswer,
  PeerCertificate,
  ServerAnswer,
  ServerFacts
} from '../../../shared/actor/kafka-probe.ts'
import { errorName, KafkaErrorCode } from '../../../shared/kafka-api/error-codes.ts'
import { describeOperation } from '../../../shared/kafka-api/metadata.ts'
import type { ClientProfile } from '../../../shared/settings.ts'
import { counted, loginOf } from './describe-config.ts'
import type { Finding, FindingKind } from './finding.ts'
import type { PlannedProbe } from './kafka-probes.ts'
import { howToGrant, type Right } from './missing-right.ts'

const dayMs = 86_400_000
/** A certificate that ends sooner is a warning. */
const soonDays = 30

/** What the answer to a probe means for the modules that would do the same. */
export function kafkaFindings(probe: PlannedProbe, answer: KafkaProbeAnswer, nowMs: number): Finding[] {
  const { servers, cluster } = answer
  const findings = servers.flatMap(server => serverFindings(probe, server, nowMs))
  findings.push(...strangerFindings(probe, servers))
  if (cluster) return [...findings, ...clusterFindings(probe, servers, cluster)]
  const first = servers.find(({ ok }) => ok)
  if (first) findings.push(finding(probe, 'FAILED', first.address, 'does not tell its topics'))
  return findings
}

/** Modules that name one cluster must mean one Kafka cluster, though their servers differ. */
export function mixedClusters(pairs: readonly (readonly [PlannedProbe, KafkaProbeAnswer])[]): Finding[] {
  const firstByCluster = new Map<string, { readonly probe: PlannedProbe; readonly id: string }>()
  return pairs.flatMap(([probe, { cluster }]) => {
    const id = cluster?.clusterId
    if (!id) return []
    const first = firstByCluster.get(probe.cluster)
    if (!first) firstByCluster.set(probe.cluster, { probe, id })
    if (!first || first.id === id) return []
    const says = `servers are of the Kafka cluster ${id}, those of ${first.probe.users.join(', ')} of ${first.id}`
    return [finding(probe, 'FAILED', `cluster ${probe.cluster}`, says)]
  })
}

function serverFindings(probe: PlannedProbe, server: ServerAnswer, nowMs: number): Finding[] {
  const { address } = server
  const took = `${Math.round(server.tookMs)} ms`
  if (!server.ok) return [finding(probe, 'FAILED', address, `${withoutAddress(server.reason, address)}, ${took}`)]
  const { certificate } = server.facts
  const good = finding(probe, 'ok', address, `${describeServer(server.facts, probe.profile)}, ${took}`)
  const days = certificate ? Math.floor((certificate.validToMs - nowMs) / dayMs) : Number.POSITIVE_INFINITY
  if (!(days < soonDays)) return [good]
  const when = days < 0 ? 'has ended' : `ends in ${days} day${days === 1 ? '' : 's'}`
  return [good, finding(probe, 'warning', address, `the certificate of the broker ${when}`)]
}

/** Errors of links name the broker that they are about, as the line does already. */
function withoutAddress(reason: string, address: string): string {
  const short = reason.replace(`broker ${address.replace(/^\[|\](?=:\d+$)/g, '')}: `, '')
  return garbage.test(short) ? `${short} (this does not answer as a Kafka broker)` : short
}

/** The first bytes of another protocol, read as the length of an answer; TLS has a hint of its own. */
const garbage = /answer of -?\d+ bytes$/

function describeServer({ versionByApi, certificate }: ServerFacts, profile: ClientProfile): string {
  const versions = Object.entries(versionByApi).map(([name, version]) => `${name} ${version}`)
  const parts = [`a Kafka broker (${versions.join(', ')})`]
  if (certificate) parts.push(describeCertificate(certificate))
  if (profile.iam) parts.push(`logged in with AWS IAM in ${profile.iam.region}`)
  else if (profile.sasl) parts.push(`logged in with ${loginOf(profile.sasl)}`)
  return parts.join(', ')
}

function describeCertificate({ protocol, name, validToMs }: PeerCertificate): string {
  const until = Number.isNaN(validToMs) ? '' : ` until ${new Date(validToMs).toISOString().slice(0, 10)}`
  return `${protocol} with the certificate of ${name || 'nobody'}${until}`
}

function strangerFindings(probe: PlannedProbe, servers: readonly ServerAnswer[]): Finding[] {
  const told = servers.flatMap(({ address, ...rest }) =>
    rest.ok && rest.facts.clusterId !== null ? [{ address, id: rest.facts.clusterId }] : []
  )
  const first = told[0]
  if (!first) return []
  return told
    .filter(({ id }) => id !== first.id)
    .map(({ address, id }) =>
      finding(probe, 'FAILED', address, `is of the Kafka cluster ${id}, but ${first.address} of ${first.id}`)
    )
}

function clusterFindings(probe: PlannedProbe, servers: readonly ServerAnswer[], cluster: ClusterAnswer): Finding[] {
  const subject = `cluster ${probe.cluster}`
  const server = servers.find(({ ok }) => ok)?.address ?? ''
  const say = (kind: FindingKind, says: string) => finding(probe, kind, subject, says)
  const grant = (right: Right) => howToGrant(right, probe.profile, server)
  const findings: Finding[] = []
  const known = new Set(servers.map(({ address }) => address))
  for (const { nodeId, address, reason } of cluster.brokers) {
    if (reason === null || known.has(address)) continue
    const says = `says that broker ${nodeId} is at ${address}: ${withoutAddress(reason, address)}`
    findings.push(say('FAILED', says))
  }
  if (cluster.brokers.length === 0) findings.push(say('FAILED', 'names no brokers'))
  if (probe.sweeps && cluster.topics === 0) {
    const right = grant({ kind: 'describe-topics' })
    findings.push(say('warning', `shows no topic: it has none, or a right is missing: ${right}`))
  }
  if (probe.reaps && cluster.operations === null) {
    findings.push(say('warning', 'is too old to tell whether groups-reaper-refresh may describe it'))
  } else if (probe.reaps && (cluster.operations! & describeOperation) === 0) {
    const right = grant({ kind: 'describe-cluster' })
    findings.push(say('FAILED', `no right to describe it, which groups-reaper-refresh needs: ${right}`))
  }
  const readable: string[] = []
  for (const topic of cluster.offsetsTopics) {
    const bad = offsetsFindings(topic, grant).map(({ kind, says }) => say(kind, says))
    findings.push(...bad)
    if (bad.length === 0) readable.push(`, ${topic.name} with ${counted(topic.partitions, 'partition')} can be read`)
  }
  const brokers = counted(cluster.brokers.length + cluster.brokersLeftOut, 'broker')
  const leftOut = cluster.brokersLeftOut > 0 ? ` (${cluster.brokersLeftOut} were not tried)` : ''
  const topics = probe.sweeps ? `, ${counted(cluster.topics, 'topic')}` : ''
  const id = cluster.clusterId === null ? '' : `is ${cluster.clusterId}, `
  findings.push(say('ok', `${id}${brokers}${leftOut}${topics}${readable.join('')}`))
  return findings
}

function offsetsFindings(
  { name, errorCode, leaderless, partitions, fetches }: OffsetsTopicAnswer,
  grant: (right: Right) => string
): { readonly kind: FindingKind; readonly says: string }[] {
  const noRight = { kind: 'FAILED', says: `no right to read ${name}: ${grant({ kind: 'read', topic: name })}` } as const
  if (errorCode === KafkaErrorCode.topicAuthorizationFailed) return [noRight]
  if (errorCode === KafkaErrorCode.unknownTopicOrPartition) {
    return [{ kind: 'warning', says: `has no topic ${name}: Kafka makes it with the first consumer group` }]
  }
  if (errorCode !== KafkaErrorCode.none) return [{ kind: 'FAILED', says: `${name}: ${errorName(errorCode)}` }]
  const refused = fetches.some(fetch => fetch.errorCode === KafkaErrorCode.topicAuthorizationFailed)
  const broken = fetches.filter(fetch => !readingWorks.has(fetch.errorCode ?? -1))
  const lost = leaderless === 0 ? [] : [`${leaderless} of ${partitions} partitions of ${name} have no leader`]
  const others = broken
    .filter(fetch => fetch.errorCode !== KafkaErrorCode.topicAuthorizationFailed)
    .map(fetch => {
      const why = fetch.errorCode === null ? fetch.reason : errorName(fetch.errorCode)
      return `${name}/${fetch.partition} cannot be read from broker ${fetch.nodeId}: ${why}`
    })
  return [...(refused ? [noRight] : []), ...[...lost, ...others].map(says => ({ kind: 'FAILED', says }) as const)]
}

/** Records of offset 0 may be gone; who is told so may read. */
const readingWorks: ReadonlySet<number> = new Set([KafkaErrorCode.none, KafkaErrorCode.offsetOutOfRange])

function finding({ users }: PlannedProbe, kind: FindingKind, subject: string, says: string): Finding {
  return { kind, subject, says, users }
}
