import { type Behaviour, fallBehind, fallSilent, follow, rest, rewind, standStill, takeTurns } from './behaviours.ts'

/** The demo's cast: two clusters, their topics and the groups that read them. */
export interface DemoCluster {
  readonly name: string
  readonly brokers: number
  readonly offsetsPartitions: number
  readonly topics: readonly DemoTopic[]
  readonly groups: readonly DemoGroup[]
}
export interface DemoTopic {
  readonly name: string
  readonly partitions: number
  /** Records a second into each partition, more or less. */
  readonly rate: number
}
export interface DemoGroup {
  readonly name: string
  /** Processes that share the partitions; 0: nobody is there any more. */
  readonly members: number
  readonly clientId: string
  readonly reads: readonly DemoRead[]
}
export interface DemoRead {
  readonly topic: string
  readonly behaviour: Behaviour
  /** Partitions that do something else. */
  readonly except?: Readonly<Record<number, Behaviour>>
}

const east: DemoCluster = {
  name: 'demo-east',
  brokers: 3,
  offsetsPartitions: 12,
  topics: [
    { name: 'payments', partitions: 6, rate: 40 },
    { name: 'orders', partitions: 8, rate: 90 },
    { name: 'clickstream', partitions: 12, rate: 700 },
    { name: 'search-index', partitions: 4, rate: 120 },
    { name: 'inventory', partitions: 3, rate: 0 }
  ],
  groups: [
    {
      name: 'payments-ledger',
      members: 3,
      clientId: 'ledger',
      reads: [{ topic: 'payments', behaviour: follow }]
    },
    {
      name: 'payments-fraud-check',
      members: 2,
      clientId: 'fraud-check',
      reads: [{ topic: 'payments', behaviour: fallBehind }]
    },
    {
      name: 'orders-fulfilment',
      members: 4,
      clientId: 'fulfilment',
      reads: [
        { topic: 'orders', behaviour: follow },
        { topic: 'inventory', behaviour: rest }
      ]
    },
    { name: 'orders-export', members: 0, clientId: 'export', reads: [{ topic: 'orders', behaviour: fallSilent }] },
    {
      name: 'clickstream-sessions',
      members: 6,
      clientId: 'sessions',
      reads: [{ topic: 'clickstream', behaviour: follow }]
    },
    {
      name: 'clickstream-archive',
      members: 4,
      clientId: 'archive',
      reads: [{ topic: 'clickstream', behaviour: follow, except: { 7: standStill } }]
    },
    {
      name: 'recommendations',
      members: 2,
      clientId: 'recommender',
      reads: [
        { topic: 'orders', behaviour: follow },
        { topic: 'clickstream', behaviour: follow, except: { 2: takeTurns, 3: takeTurns } }
      ]
    },
    {
      name: 'search-indexer',
      members: 2,
      clientId: 'indexer',
      reads: [{ topic: 'search-index', behaviour: standStill }]
    },
    {
      name: 'search-reindex',
      members: 1,
      clientId: 'reindex',
      reads: [{ topic: 'search-index', behaviour: rewind }]
    },
    { name: 'inventory-sync', members: 1, clientId: 'sync', reads: [{ topic: 'inventory', behaviour: rest }] }
  ]
}

const west: DemoCluster = {
  name: 'demo-west',
  brokers: 1,
  offsetsPartitions: 6,
  topics: [
    { name: 'email-events', partitions: 4, rate: 25 },
    { name: 'audit-log', partitions: 2, rate: 150 },
    { name: 'prices', partitions: 3, rate: 60 }
  ],
  groups: [
    { name: 'email-sender', members: 2, clientId: 'mailer', reads: [{ topic: 'email-events', behaviour: follow }] },
    {
      name: 'email-bounces',
      members: 2,
      clientId: 'bounces',
      reads: [{ topic: 'email-events', behaviour: follow, except: { 3: fallSilent } }]
    },
    { name: 'audit-archive', members: 1, clientId: 'archiver', reads: [{ topic: 'audit-log', behaviour: fallBehind }] },
    {
      name: 'price-cache',
      members: 3,
      clientId: 'price-cache',
      reads: [{ topic: 'prices', behaviour: follow, except: { 1: rewind } }]
    },
    { name: 'price-history', members: 1, clientId: 'history', reads: [{ topic: 'prices', behaviour: follow }] }
  ]
}

export const demoScene: readonly DemoCluster[] = [east, west]

export type PartitionStatus = 'OK' | 'WARN' | 'STOP' | 'STALL' | 'REWIND'
export interface ExpectedStatus {
  readonly cluster: string
  readonly group: string
  readonly status: 'OK' | 'WARN' | 'ERR'
  /** The partitions that are not OK, of 'topic/partition'. */
  readonly notOk: Readonly<Record<string, PartitionStatus>>
}

const statusByBehaviour = new Map<Behaviour, PartitionStatus>([
  [follow, 'OK'],
  [rest, 'OK'],
  [fallBehind, 'WARN'],
  [fallSilent, 'STOP'],
  [standStill, 'STALL'],
  [rewind, 'REWIND']
])

/**
 * What a monitor with ten intervals, no min-distance and an offset refresh of at most five seconds says of each group once it
 * has seen ten commits of its own, `demoSettledMs` after it began. Groups that take turns are left out.
 */
export function expectedStatuses(): ExpectedStatus[] {
  return demoScene.flatMap(({ name: cluster, topics, groups }) =>
    groups.flatMap(({ name: group, reads }) => {
      const notOk: Record<string, PartitionStatus> = {}
      for (const { topic, behaviour, except } of reads) {
        const count = topics.find(each => each.name === topic)?.partitions ?? 0
        for (let partition = 0; partition < count; partition++) {
          const status = statusByBehaviour.get(except?.[partition] ?? behaviour)
          if (status === undefined) return []
          if (status !== 'OK') notOk[`${topic}/${partition}`] = status
        }
      }
      const worst = new Set(Object.values(notOk))
      const status = worst.size === 0 ? 'OK' : worst.size === 1 && worst.has('WARN') ? 'WARN' : 'ERR'
      return [{ cluster, group, status, notOk }]
    })
  )
}

/** Most are right at once; those that fall behind need up to ten commits of seven seconds when the monitor came late. */
export const demoSettledMs = 90_000
