import { special } from './backlog-groups.ts'
import type { Allowance } from './compare-trees.ts'
import { type JsonTree, memberOf } from './json-tree.ts'

/** A difference to Burrow 1.9.5 that is meant, with the quirk of spec 09 it comes from, or what value of the moment it is. */
export interface AllowedDifference extends Allowance {
  readonly quirk: string
  readonly why: string
}

const isText = (tree: JsonTree | undefined): boolean => tree?.kind === 'scalar' && tree.raw.startsWith('"')
const startedMs = Date.now()
const clockSkewMs = 2000

/** Values of the moment, of a process or of its place: only their form can be compared. */
export const ofTheMoment: readonly AllowedDifference[] = [
  {
    quirk: 'clock',
    why: 'the second in which an answer was sent',
    request: /./,
    place: /^headers\/date$/,
    check: (burrow, ours) => [burrow, ours].every(date => isRecent(Date.parse(date?.raw ?? '')))
  },
  {
    quirk: 'B14',
    why: 'when a process read a commit, in whole seconds of its own clock',
    request: /\/consumer\//,
    place: /\/observedAt$/,
    check: (burrow, ours) =>
      [burrow, ours].every(time => /^\d{10}000$/.test(time?.raw ?? '') && isRecent(Number(time?.raw)))
  },
  {
    quirk: 'listener',
    why: 'each program listens on a port of its own',
    request: /^GET \/v3\/config$/,
    place: /^body\/httpserver\/default\/address$/,
    check: (burrow, ours) => [burrow, ours].every(address => /^"127\.0\.0\.1:\d+"$/.test(address?.raw ?? ''))
  },
  {
    quirk: 'own',
    why: 'families about the process: those of a Go process, and those of ours',
    request: /^GET \/metrics$/,
    place: /^own$/,
    check: (burrow, ours) => {
      const [theirs = [], mine = []] = [burrow, ours].map(tree => tree?.raw.split(' '))
      return theirs.every(name => /^(go|process|promhttp)_/.test(name)) && mine.every(name => /^[a-z_]+$/.test(name))
    }
  }
]

function isRecent(timeMs: number): boolean {
  return timeMs >= startedMs - clockSkewMs && timeMs <= Date.now() + clockSkewMs
}

const partitionName = (partition: JsonTree) =>
  `${memberOf(partition, 'topic')?.raw} ${memberOf(partition, 'partition')?.raw}`

export const quirksOfOrder: readonly AllowedDifference[] = [
  {
    quirk: 'C8',
    why: 'names come in the order of a Go map; ours are sorted',
    request: /^GET \/v3/,
    place: /^body\/(clusters|topics|consumers|modules)$/,
    asSet: item => item.raw
  },
  {
    quirk: 'C8',
    why: 'topics of a group come in the order of a Go map; ours are sorted, then by number',
    request: /\/(status|lag)$/,
    place: /^body\/status\/partitions$/,
    asSet: partitionName
  },
  {
    quirk: 'C8',
    why: 'which of several equal lags is the greatest depends on the order of a Go map; ours is the first',
    request: /\/(status|lag)$/,
    place: /^body\/status\/maxlag$/,
    check: (burrow, ours) =>
      isText(memberOf(burrow, 'topic')) &&
      isText(memberOf(ours, 'topic')) &&
      memberOf(burrow, 'topic')?.raw !== memberOf(ours, 'topic')?.raw &&
      memberOf(burrow, 'current_lag')?.raw === memberOf(ours, 'current_lag')?.raw
  }
]

/** A group that one of the two does not have at all: in lists, in answers about it and on the page of metrics. */
function onlyIn(side: 'burrow' | 'ours', quirk: string, group: string, why: string): AllowedDifference[] {
  const isAway = (burrow: JsonTree | undefined, ours: JsonTree | undefined) =>
    (side === 'burrow' ? ours : burrow) === undefined && (side === 'burrow' ? burrow : ours) !== undefined
  const codes = side === 'burrow' ? ['200', '404'] : ['404', '200']
  return [
    {
      quirk,
      why: `${why}: in lists`,
      request: /\/consumers?$/,
      place: new RegExp(`^body/consumers/"${group}"$`),
      check: isAway
    },
    {
      quirk,
      why: `${why}: asked for`,
      request: new RegExp(`/consumer/${group}(/status|/lag)?$`),
      place: /^$/,
      check: (...answers) =>
        answers.every((answer, index) => memberOf(answer, 'status')?.raw.startsWith(`HTTP/1.1 ${codes[index]} `))
    },
    { quirk, why: `${why}: series`, request: /^GET \/metrics$/, place: seriesOf(group), check: isAway }
  ]
}

function seriesOf(group: string): RegExp {
  return new RegExp(`^body/\\w+/\\{cluster="\\w+",consumer_group="${group}"[^/]*\\}$`)
}

const ofGroups: readonly AllowedDifference[] = [
  ...onlyIn('ours', 'E2', special.version2, 'commits of value version 2 are read'),
  ...onlyIn('burrow', 'E7', special.offsetTombstones, 'offsets that were deleted are forgotten'),
  ...onlyIn('ours', 'E8', special.alone, 'a backfill reads a partition of one record'),
  ...onlyIn('burrow', 'B11', special.onlyDoomed, 'a group whose last topic was deleted is gone'),
  {
    quirk: 'D7',
    why: 'the series of a deleted topic end with it, those of the status too',
    request: /^GET \/metrics$/,
    place: new RegExp(
      `^body/burrow_kafka_topic_partition_status/\\{cluster="\\w+",consumer_group="${special.alsoDoomed}",partition="0",topic="doomed"\\}$`
    ),
    check: (burrow, ours) => burrow?.raw === '1' && ours === undefined
  },
  {
    quirk: 'D8',
    why: 'series of an expired group end with it',
    request: /^GET \/metrics$/,
    place: seriesOf(special.expiring),
    check: (burrow, ours) => burrow !== undefined && ours === undefined
  },
  {
    quirk: 'B7',
    why: 'a look does not delete a group that has owners and no commits, so it stays listed; neither finds it',
    request: /\/consumers?$/,
    place: new RegExp(`^body/consumers/"(${special.onlyOwners}|${special.zookeeperUnknownTopic})"$`),
    check: (burrow, ours) => burrow === undefined && ours !== undefined
  },
  {
    quirk: 'D3',
    why: 'a slash in a name that is escaped is part of the name',
    request: /^GET \/v3\/kafka\/\w+\/consumer\/[^/]*%2F[^/]*(\/status|\/lag)?$/,
    place: /^$/,
    check: (burrow, ours) =>
      memberOf(burrow, 'body')?.raw === '{"error":true,"message":"invalid request type","result":{}}' &&
      memberOf(ours, 'headers', 'content-type')?.raw === 'application/json'
  }
]

const onPartition1 = (keys: string): RegExp =>
  new RegExp(`^body/(topics/orders/1|status/partitions/"orders" 1)/(${keys})$`)

const ofPartitions: readonly AllowedDifference[] = [
  {
    quirk: 'E6',
    why: 'owners are those of the newest assignment',
    request: new RegExp(`/consumer/${special.lessAssigned}(/lag)?$`),
    place: onPartition1('owner|client_id'),
    check: (burrow, ours) => isText(burrow) && burrow?.raw !== '""' && ours?.raw === '""'
  },
  {
    quirk: 'C6',
    why: 'a window without any commit is not complete by a part',
    request: /\/consumer\/[^/]+\/lag$/,
    place: /^body\/status\/partitions\/"[^"]+" \d+\/complete$/,
    check: (burrow, ours) => burrow?.raw === '0.16666667' && ours?.raw === '0'
  },
  {
    quirk: 'E7',
    why: 'offsets of one partition that were deleted: its window is gone',
    request: new RegExp(`/consumer/${special.onePartitionTombstone}$`),
    place: /^body\/topics\/orders\/1$/,
    check: (burrow, ours) =>
      ours?.raw === '{"offsets":[],"owner":"","client_id":"","current-lag":0}' &&
      /^\{"offsets":\[null,null,null,\{.*\}\],"owner":"","client_id":"","current-lag":997\}$/.test(burrow?.raw ?? '')
  },
  {
    quirk: 'E7',
    why: 'offsets of one partition that were deleted: it has no status',
    request: new RegExp(`/consumer/${special.onePartitionTombstone}/lag$`),
    place: /^body\/status\/partitions\/"orders" 1$/,
    check: (burrow, ours) =>
      memberOf(burrow, 'current_lag')?.raw === '997' &&
      memberOf(burrow, 'complete')?.raw === '0.5' &&
      memberOf(ours, 'start')?.raw === 'null' &&
      memberOf(ours, 'current_lag')?.raw === '0' &&
      memberOf(ours, 'complete')?.raw === '0'
  },
  {
    quirk: 'E7',
    why: 'offsets of one partition that were deleted: they are not in the sum',
    request: new RegExp(`/consumer/${special.onePartitionTombstone}/(status|lag)$`),
    place: /^body\/status\/totallag$/,
    check: (burrow, ours) => burrow?.raw === String(997 * 2) && ours?.raw === '997'
  },
  {
    quirk: 'E7',
    why: 'offsets of one partition that were deleted: series',
    request: /^GET \/metrics$/,
    place: new RegExp(
      `^body/burrow_kafka_consumer_(lag_total|partition_lag)/\\{cluster="\\w+",consumer_group="${special.onePartitionTombstone}"(,partition="1",topic="orders")?\\}$`
    ),
    check: (burrow, ours) =>
      (burrow?.raw === String(997 * 2) && ours?.raw === '997') || (burrow?.raw === '997' && ours?.raw === '0')
  },
  {
    quirk: 'E1',
    why: 'commits with long metadata in version 4 have their own time: the window',
    request: new RegExp(`/consumer/${special.longMetadata}$`),
    place: /^body\/topics\/orders\/0\/offsets$/,
    check: (burrow, ours) => hasGarbageTime(burrow) && !hasGarbageTime(ours)
  },
  {
    quirk: 'E1',
    why: 'commits with long metadata in version 4 have their own time: the status',
    request: new RegExp(`/consumer/${special.longMetadata}/(status|lag)$`),
    place: /^body\/status$/,
    check: (burrow, ours) =>
      hasGarbageTime(burrow) &&
      !hasGarbageTime(ours) &&
      ['cluster', 'group', 'partition_count', 'totallag'].every(
        key => memberOf(burrow, key)?.raw === memberOf(ours, key)?.raw
      )
  },
  {
    quirk: 'E1',
    why: 'commits with long metadata in version 4 have their own time: series',
    request: /^GET \/metrics$/,
    place: seriesOf(special.longMetadata),
    check: (burrow, ours) => burrow === undefined || (burrow.raw === '3' && ours?.raw === '1')
  }
]

/** A time of nineteen digits, hundreds of millions of years away. */
function hasGarbageTime(tree: JsonTree | undefined): boolean {
  return /"timestamp":-?\d{17,19},/.test(tree?.raw ?? '')
}

const notAsked: readonly AllowedDifference[] = [
  {
    quirk: 'D3',
    why: 'HEAD answers like GET, without the body',
    request: /^HEAD /,
    place: /^$/,
    check: (burrow, ours) =>
      memberOf(burrow, 'status')?.raw === 'HTTP/1.1 405 Method Not Allowed' &&
      memberOf(ours, 'status')?.raw === 'HTTP/1.1 200 OK'
  },
  {
    quirk: 'A5',
    why: 'a dot in a name does not reach into the configuration',
    request: /^GET \/v3\/config\/\w+\/\w+\.\w+$/,
    place: /^$/,
    check: (burrow, ours) =>
      memberOf(burrow, 'status')?.raw === 'HTTP/1.1 200 OK' &&
      memberOf(ours, 'status')?.raw === 'HTTP/1.1 404 Not Found'
  },
  {
    quirk: 'A8',
    why: 'the words of the file and those of HTTP are the same: panic',
    request: /^POST \/v3\/admin\/loglevel \{"level":"panic"\}$/,
    place: /^$/,
    check: (burrow, ours) =>
      memberOf(burrow, 'body', 'message')?.raw === '"unknown log level"' &&
      memberOf(ours, 'body', 'message')?.raw === '"set log level"'
  },
  {
    quirk: 'D1',
    why: 'what may hold a secret is not shown',
    request: /^GET \/v3\/config\/notifier\/\w+$/,
    place: /^body\/module\/(url-open|url-close|extra\/\w+)$/,
    check: (burrow, ours) => isText(burrow) && /^"(http:\/\/127\.0\.0\.1:9\/)?\*\*\*"$/.test(ours?.raw ?? '')
  }
]

/** Everything that may differ. Each entry has to be needed in a run of the tier. */
export const allowances: readonly AllowedDifference[] = [
  ...ofTheMoment,
  ...quirksOfOrder,
  ...ofGroups,
  ...ofPartitions,
  ...notAsked
]
