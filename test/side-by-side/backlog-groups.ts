import {
  commitOf,
  coordinatedName,
  type GroupRecord,
  generationOf,
  groupTombstone,
  type OldCommit,
  offsetTombstone
} from './backlog.ts'

const minuteMs = 60_000

/** End offsets by topic; what is committed in the backlog is committed against these. */
export const endsByTopic: Readonly<Record<string, readonly number[]>> = {
  orders: [1000, 1000, 1000],
  'audit.log': [500, 500],
  // A million and more is written with an exponent on the page of metrics.
  big: [1_250_000],
  silent: [0, 0],
  doomed: [100, 100],
  live: [100],
  growing: [20],
  shared: [10, 10],
  toString: [40],
  __proto__x: [40],
  ...Object.fromEntries(tieTopics().map(topic => [topic, [50]]))
}

function tieTopics(): string[] {
  return Array.from({ length: 12 }, (_, index) => `tie-${index}`)
}

/** Groups that the table of allowed differences names. */
export const special = {
  ties: ['ties-1', 'ties-2', 'ties-3', 'ties-4'],
  longMetadata: 'long-metadata',
  version2: 'value-version-2',
  offsetTombstones: 'offset-tombstones',
  onePartitionTombstone: 'one-partition-tombstone',
  onlyOwners: 'only-owners',
  lessAssigned: 'less-assigned',
  onlyDoomed: 'only-doomed',
  alsoDoomed: 'also-doomed',
  ownersOfNothing: 'owners-of-nothing',
  /** Its one commit is all there is in its partition of the offsets topic. */
  alone: 'alone',
  expiring: 'expiring',
  zookeeperUnknownTopic: 'zk-unknown-topic',
  simplyDeleted: coordinatedName('simply-deleted')
} as const

/** Names that are legal in Kafka and easy to get wrong on the way to JSON, URLs and labels. */
export const hostileNames = [
  'a/b/c',
  'q"uo\'te\\back',
  'tab\tnew\nline\rreturn\b\f',
  'nul\0 del\x7f esc\x1b',
  'lines \u2028 and \u2029',
  '<b>&amp;</b>',
  'gruppe-äöü-日本-🜁',
  '%41%2F?x=1#y',
  '.',
  '..',
  ' ',
  '__proto__',
  'constructor',
  'status',
  'cafe\u0301',
  'L'.repeat(3000)
]

/** Everything that was committed before the programs start, oldest first. */
export function backlog(nowMs: number): GroupRecord[] {
  const commits = (
    group: string,
    topic: string,
    partition: number,
    offsets: readonly number[],
    [spanMinutes, lastMinutesAgo]: readonly [number, number],
    more: Partial<OldCommit> = {}
  ): GroupRecord[] =>
    offsets.map((offset, index) => {
      const stepMs = offsets.length > 1 ? (spanMinutes * minuteMs) / (offsets.length - 1) : 0
      const timestampMs = Math.round(nowMs - lastMinutesAgo * minuteMs - (offsets.length - 1 - index) * stepMs)
      return commitOf({ group, topic, partition, offset, timestampMs, ...more })
    })
  const wide = [120, 1] as const
  const owner = (client: string, host: string, assigned: Readonly<Record<string, readonly number[]>>) => ({
    clientId: client,
    host,
    assigned
  })

  return [
    // What is at the front of a log may be dropped by Burrow, whose end offsets come at the same time (spec 09, B12).
    ...Array.from({ length: 200 }, (_, index) =>
      commitOf({ group: `denied-${index}`, topic: 'orders', offset: 1, timestampMs: nowMs - 1000 })
    ),
    ...commits('ok-at-the-end', 'orders', 0, [950, 960, 970, 980, 990, 1000], wide),
    ...commits('ok-behind', 'orders', 1, [100, 200, 300, 400, 500, 600], wide),
    ...commits('ok-ahead', 'orders', 1, [900, 1001, 1002, 1003, 1004, 2000], wide),
    ...[6, 4, 2].flatMap((count, partition) =>
      commits('stopped', 'orders', partition, [1, 2, 3, 4, 5, 6].slice(0, count), [5, 90])
    ),
    ...commits('stalled', 'orders', 2, [77, 77, 77, 77, 77, 77], wide),
    ...commits('rewound', 'orders', 0, [500, 600, 700, 650, 660, 670], wide),
    ...commits('rewound-at-last', 'audit.log', 1, [100, 200, 300, 400, 450, 10], wide),
    ...commits('rewind-recovered', 'orders', 0, [500, 600, 400, 600, 610, 620], wide),
    ...commits('second-rewind', 'orders', 0, [500, 400, 500, 600, 300, 310], wide),
    ...commits('more-than-a-window', 'orders', 0, [1, 2, 3, 4, 5, 6, 7, 8, 9, 10], wide),
    ...[1, 2, 3, 4, 5].flatMap(count =>
      commits(`window-of-${count}`, 'orders', 0, [1, 2, 3, 4, 5].slice(0, count), wide)
    ),
    ...commits('every-status', 'orders', 0, [500, 600, 700, 800, 900, 1000], wide),
    ...commits('every-status', 'orders', 1, [300, 310, 320, 200, 210, 220], wide),
    ...commits('every-status', 'orders', 2, [7, 7, 7, 7, 7, 7], wide),
    ...commits('every-status', 'audit.log', 0, [1, 2, 3], [5, 100]),
    ...commits('every-status', 'big', 0, [1_000_000, 1_100_000, 1_200_000, 1_210_000, 1_220_000, 1_230_007], wide),
    ...commits('second-partition-only', 'audit.log', 1, [10, 20, 30, 40, 50, 60], wide),
    ...commits('merged', 'orders', 0, [1, 2, 3, 4, 5, 6], [0.1, 30]),
    ...commits('merged-in-one', 'orders', 0, [1, 2, 3, 4, 5, 6], [0.005, 30]),
    ...commits('equal-times', 'orders', 0, [1, 2, 3], [0, 30]),
    ...commits('times-backwards', 'orders', 0, [1, 2, 3, 4, 5, 6], [-120, 130]),
    ...commits('in-the-future', 'orders', 0, [1, 2, 3, 4, 5, 6], [60, -60]),
    ...commits('nothing-to-read', 'silent', 1, [0, 0, 0, 0, 0, 0], wide),
    ...commits('ahead-of-nothing', 'silent', 0, [5], wide),
    ...commits('odd-topics', 'toString', 0, [1, 2, 3, 4, 5, 6], wide),
    ...commits('odd-topics', '__proto__x', 0, [1, 2, 3], wide),
    ...special.ties.flatMap(group => tieTopics().flatMap(topic => commits(group, topic, 0, [1, 2, 3, 4, 5, 20], wide))),
    // Too old, unknown or not wanted: these leave nothing.
    ...commits('too-old', 'orders', 0, [1, 2, 3], [5, 300]),
    ...commits('partly-too-old', 'orders', 0, [1, 2, 3, 4], [300, 60]),
    ...commits('unknown-topic', 'no-such-topic', 0, [1, 2, 3], wide),
    ...commits('unknown-partition', 'orders', 9, [1, 2, 3], wide),
    ...commits('denied', 'orders', 0, [1, 2, 3], wide),
    ...[0, 1, 2, 3, 4].flatMap(version =>
      commits(version === 2 ? special.version2 : `value-version-${version}`, 'orders', 0, [11, 12, 13], wide, {
        version: version as 0,
        metadata: 'ein wört'
      })
    ),
    ...commits('key-type-0', 'orders', 0, [11, 12, 13], wide, { keyType: 0 }),
    ...commits('metadata-126', 'orders', 0, [11, 12, 13], wide, { version: 4, metadata: 'm'.repeat(126) }),
    ...commits(special.longMetadata, 'orders', 0, [11, 12, 13, 14, 15, 16], wide, {
      version: 4,
      metadata: 'm'.repeat(300)
    }),
    ...hostileNames.flatMap(name => commits(name, 'orders', 0, [11, 12, 13], wide)),
    // Owners.
    ...commits('owned', 'orders', 0, [1, 2, 3], wide),
    ...commits('owned', 'orders', 2, [1, 2, 3], wide),
    generationOf('owned', 1, [
      owner('reader "a" <ü>', '/10.0.0.1', { orders: [0, 1] }),
      owner('', '', { orders: [2], 'audit.log': [0] })
    ]),
    ...commits('no-longer-owned', 'orders', 0, [1, 2, 3], wide),
    generationOf('no-longer-owned', 1, [owner('a', '/10.0.0.1', { orders: [0] })]),
    generationOf('no-longer-owned', 2, []),
    ...commits(special.lessAssigned, 'orders', 0, [1, 2, 3], wide),
    generationOf(special.lessAssigned, 1, [owner('a', '/10.0.0.1', { orders: [0, 1] })]),
    generationOf(special.lessAssigned, 2, [owner('a', '/10.0.0.1', { orders: [0] })]),
    generationOf(special.onlyOwners, 1, [owner('a', '/10.0.0.1', { orders: [0] })]),
    generationOf(special.ownersOfNothing, 1, [owner('a', '/10.0.0.1', { 'no-such-topic': [0] })]),
    // Ends of groups.
    ...commits('deleted', 'orders', 0, [1, 2, 3], wide),
    generationOf('deleted', 1, []),
    offsetTombstone('deleted', 'orders'),
    groupTombstone('deleted'),
    ...commits('deleted-and-back', 'orders', 0, [1, 2, 3], wide),
    generationOf('deleted-and-back', 1, []),
    offsetTombstone('deleted-and-back', 'orders'),
    groupTombstone('deleted-and-back'),
    ...commits('deleted-and-back', 'orders', 0, [4, 5], wide),
    ...commits(special.offsetTombstones, 'orders', 0, [1, 2, 3], wide),
    offsetTombstone(special.offsetTombstones, 'orders'),
    ...commits(special.onePartitionTombstone, 'orders', 0, [1, 2, 3], wide),
    ...commits(special.onePartitionTombstone, 'orders', 1, [1, 2, 3], wide),
    offsetTombstone(special.onePartitionTombstone, 'orders', 1),
    ...commits(special.onlyDoomed, 'doomed', 1, [1, 2, 3, 4, 5, 6], wide),
    ...commits(special.alsoDoomed, 'doomed', 0, [1, 2, 3, 4, 5, 6], wide),
    ...commits(special.alsoDoomed, 'orders', 0, [1, 2, 3, 4, 5, 6], wide),
    // Read last in each partition: who has these has all.
    ...lastGroups.flatMap(group => commits(group, 'orders', 0, [1, 2, 3, 4, 5, 6], wide))
  ]
}

/** One of them is in every partition that is written by hand. */
export const lastGroups = ['last-1', 'last-2', 'last-3', 'last-4']
