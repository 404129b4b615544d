import { expect } from 'chai'
import { type Finding, findingLines } from '../../../../main/cli/check/finding.ts'
import { kafkaFindings, mixedClusters } from '../../../../main/cli/check/kafka-findings.ts'
import type { PlannedProbe } from '../../../../main/cli/check/kafka-probes.ts'
import { kafkaProbes } from '../../../../main/cli/check/kafka-probes.ts'
import { configFromToml } from '../../../../main/config/load-config.ts'
import type {
  ClusterAnswer,
  KafkaProbeAnswer,
  OffsetsTopicAnswer,
  ServerAnswer
} from '../../../../shared/actor/kafka-probe.ts'
import { describeOperation } from '../../../../shared/kafka-api/metadata.ts'

const nowMs = Date.parse('2026-01-01T00:00:00Z')
const dayMs = 86_400_000
const toml = `
[cluster.dc1]
class-name = "kafka"
servers = ["k1:9093", "k2:9093"]
client-profile = "p"
groups-reaper-refresh = 60
[consumer.dc1]
class-name = "kafka"
cluster = "dc1"
servers = ["k2:9093", "k1:9093"]
client-profile = "p"
[client-profile.p]
sasl = "s"
[sasl.s]
mechanism = "SCRAM-SHA-512"
username = "o'neil"
password = "geheim"`

const probe = kafkaProbes(configFromToml(toml)).probes[0]!
const server = (address: string, more = {}): ServerAnswer => ({
  address,
  tookMs: 3.4,
  ok: true,
  facts: { clusterId: 'A', brokers: 1, versionByApi: { Fetch: 11 }, certificate: null, ...more }
})
const readable: OffsetsTopicAnswer = {
  name: '__consumer_offsets',
  errorCode: 0,
  partitions: 50,
  leaderless: 0,
  fetches: [{ nodeId: 1, partition: 0, errorCode: 0, reason: '' }]
}
const cluster = (more: Partial<ClusterAnswer> = {}): ClusterAnswer => ({
  clusterId: 'A',
  brokers: [{ nodeId: 1, address: 'k1:9093', reason: null }],
  brokersLeftOut: 0,
  topics: 3,
  operations: describeOperation,
  offsetsTopics: [readable],
  ...more
})
const answer = (more: Partial<KafkaProbeAnswer> = {}): KafkaProbeAnswer => ({
  id: probe.id,
  servers: [server('k1:9093')],
  cluster: cluster(),
  ...more
})
const badOf = (findings: readonly Finding[]) =>
  findings.filter(({ kind }) => kind !== 'ok').map(({ kind, subject, says }) => [kind, subject, says])
const badWith = (more: Partial<KafkaProbeAnswer>, of: PlannedProbe = probe) =>
  badOf(kafkaFindings(of, answer(more), nowMs))
const badCluster = (more: Partial<ClusterAnswer>, of = probe) => badWith({ cluster: cluster(more) }, of)
const badOffsets = (more: Partial<OffsetsTopicAnswer>) => badCluster({ offsetsTopics: [{ ...readable, ...more }] })

const command = `kafka-acls.sh --bootstrap-server k1:9093 --add --allow-principal 'User:o'\\''neil'`
const noRead = [
  'FAILED',
  'cluster dc1',
  `no right to read __consumer_offsets: ${command} --operation Read --topic __consumer_offsets`
]

describe('cli: check: kafka-findings', () => {
  it('has one good line for a server and one for a cluster when all is well', () => {
    expect(findingLines(kafkaFindings(probe, answer(), nowMs))).to.deep.equal([
      `ok       k1:9093  a Kafka broker (Fetch 11), logged in with SCRAM-SHA-512 as o'neil, 3 ms (cluster.dc1, consumer.dc1)`,
      'ok       cluster dc1  is A, 1 broker, 3 topics, __consumer_offsets with 50 partitions can be read (cluster.dc1, consumer.dc1)'
    ])
  })

  it('names a missing right to read, by metadata or by Fetch, with the command that grants it', () => {
    expect(badOffsets({ errorCode: 29, partitions: 0, fetches: [] })).to.deep.equal([noRead])
    const refused = [1, 2].map(nodeId => ({ nodeId, partition: nodeId, errorCode: 29, reason: '' }))
    expect(badOffsets({ fetches: refused })).to.deep.equal([noRead])
  })

  it('names a missing right to describe the cluster, only for the reaper', () => {
    const says = `no right to describe it, which groups-reaper-refresh needs: ${command} --operation Describe --cluster`
    expect(badCluster({ operations: 0 })).to.deep.equal([['FAILED', 'cluster dc1', says]])
    expect(badCluster({ operations: 0 }, { ...probe, reaps: false })).to.deep.equal([])
    expect(badCluster({ operations: null })[0]![0]).to.equal('warning')
  })

  it('warns of a cluster that shows no topics, only to who sweeps', () => {
    const says = `shows no topic: it has none, or a right is missing: ${command} --operation Describe --topic '*'`
    expect(badCluster({ topics: 0 })).to.deep.equal([['warning', 'cluster dc1', says]])
    expect(badCluster({ topics: 0 }, { ...probe, sweeps: false })).to.deep.equal([])
  })

  it('names actions of a policy where AWS decides', () => {
    const profile = { ...probe.profile, sasl: null, iam: { name: 'r', region: 'eu-west-1', roleArn: '', profile: '' } }
    const [[, , says] = []] = badCluster({ offsetsTopics: [{ ...readable, errorCode: 29 }] }, { ...probe, profile })
    expect(says).to.contain('allow kafka-cluster:ReadData').and.not.to.contain('kafka-acls')
  })

  it('tells a topic that is not there, partitions without leaders, and reading that fails', () => {
    expect(badOffsets({ errorCode: 3, partitions: 0, fetches: [] })).to.deep.equal([
      ['warning', 'cluster dc1', 'has no topic __consumer_offsets: Kafka makes it with the first consumer group']
    ])
    const fetches = [
      { nodeId: 1, partition: 0, errorCode: 1, reason: '' },
      { nodeId: 2, partition: 1, errorCode: 56, reason: '' },
      { nodeId: 3, partition: 2, errorCode: null, reason: 'too late' }
    ]
    expect(badOffsets({ leaderless: 2, fetches }).map(([, , says]) => says)).to.deep.equal([
      '2 of 50 partitions of __consumer_offsets have no leader',
      '__consumer_offsets/1 cannot be read from broker 2: KAFKA_STORAGE_ERROR',
      '__consumer_offsets/2 cannot be read from broker 3: too late'
    ])
  })

  it('tells servers of another cluster, and modules that mix clusters', () => {
    const servers = [server('k1:9093'), server('k2:9093', { clusterId: 'B' })]
    expect(badWith({ servers })).to.deep.equal([['FAILED', 'k2:9093', 'is of the Kafka cluster B, but k1:9093 of A']])
    const other = { ...probe, id: 1, users: ['consumer.x'] }
    const elsewhere = answer({ id: 1, cluster: cluster({ clusterId: 'B' }) })
    expect(mixedClusters([[probe, answer()]])).to.deep.equal([])
    expect(
      badOf(
        mixedClusters([
          [probe, answer()],
          [other, elsewhere]
        ])
      )
    ).to.deep.equal([
      ['FAILED', 'cluster dc1', 'servers are of the Kafka cluster B, those of cluster.dc1, consumer.dc1 of A']
    ])
  })

  it('tells brokers that are advertised where nobody answers, once', () => {
    const servers: ServerAnswer[] = [
      server('k1:9093'),
      { address: 'k2:9093', tookMs: 1, ok: false, reason: 'broker k2:9093: connecting: refused' }
    ]
    const brokers = [
      { nodeId: 1, address: 'k1:9093', reason: null },
      { nodeId: 2, address: 'k2:9093', reason: 'broker k2:9093: connecting: refused' },
      { nodeId: 3, address: 'inside:9093', reason: 'broker inside:9093: connecting: no such name' }
    ]
    expect(badWith({ servers, cluster: cluster({ brokers }) })).to.deep.equal([
      ['FAILED', 'k2:9093', 'connecting: refused, 1 ms'],
      ['FAILED', 'cluster dc1', 'says that broker 3 is at inside:9093: connecting: no such name']
    ])
  })

  it('says that an answer is none of a broker', () => {
    const servers: ServerAnswer[] = [
      { address: '[::1]:25', tookMs: 1, ok: false, reason: 'broker ::1:25: connecting: answer of 842149920 bytes' }
    ]
    expect(badWith({ servers, cluster: null })).to.deep.equal([
      ['FAILED', '[::1]:25', 'connecting: answer of 842149920 bytes (this does not answer as a Kafka broker), 1 ms']
    ])
  })

  it('warns of certificates that end soon', () => {
    const until = (days: number) => ({
      certificate: { protocol: 'TLSv1.3', name: 'k1', validToMs: nowMs + days * dayMs }
    })
    const bad = (days: number) => badWith({ servers: [server('k1:9093', until(days))] })
    expect(bad(30)).to.deep.equal([])
    expect(bad(1)).to.deep.equal([['warning', 'k1:9093', 'the certificate of the broker ends in 1 day']])
    expect(bad(-1)).to.deep.equal([['warning', 'k1:9093', 'the certificate of the broker has ended']])
  })

  it('puts the bad first, and lets no text of a server steer the terminal', () => {
    const lines = findingLines([
      { kind: 'ok', subject: 'a', says: 'x', users: ['u'] },
      { kind: 'warning', subject: 'b', says: '\x1b[2J', users: ['u'] },
      { kind: 'FAILED', subject: 'c', says: 'x', users: ['u'] }
    ])
    expect(lines).to.deep.equal(['FAILED   c  x (u)', 'warning  b  \\x1b[2J (u)', 'ok       a  x (u)'])
  })
})
