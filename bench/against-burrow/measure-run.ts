import { messageOf } from '../../shared/errors.ts'
import type { CommitAnswer } from '../../test/support/burrow-api.ts'
import { groupDetail } from '../../test/support/burrow-api.ts'
import type { ProgramKind } from '../../test/support/program.ts'
import { Program } from '../../test/support/program.ts'
import { HttpLoad } from '../support/http-load.ts'
import type { ProcessUsage } from '../support/process-usage.ts'
import { processUsage } from '../support/process-usage.ts'
import type { BacklogShape } from './backlog-shape.ts'
import { endOffsetOf, groupName, offsetAt, timeAt, topicOfGroup, totalCommits } from './backlog-shape.ts'
import { SteadyQuestions } from './steady-questions.ts'

const cluster = 'local'
/** As many as an impatient page or a few dashboards make. */
const steadyPerSecond = 100
const steadyIdleMs = 3000
const rateMs = 2000
const rateConnections = 16
const groupsAskedFor = 100
const pollPauseMs = 50
const visibleBoundMs = 600_000
const checksAtOnce = 4

export interface BenchTarget {
  readonly servers: readonly string[]
  readonly shape: BacklogShape
  /** host:port; all programs get it, since one of them does not start without. */
  readonly zookeeper?: string
  /** Groups whose newest commits are the last of their partition of the offsets topic. */
  readonly lastGroups: readonly number[]
  /** Rounds from this one on carry the broker's time, not ours. */
  readonly brokerTimeFromRound: number
}

export interface RunResult extends ProcessUsage {
  readonly program: string
  readonly wallSeconds: number
  /** Until the process listens for HTTP; `commitsPerSecondUp` is of the time after it. */
  readonly upSeconds: number
  readonly commitsPerSecond: number
  readonly commitsPerSecondUp: number
  readonly commitsPerCpuSecond: number
  /** Of statuses at 100 a second, from the first answer of the process until the backlog was in, and afterwards. */
  readonly ingestingP99Ms: number
  readonly idleP99Ms: number
  /** As fast as answers come, on 16 connections, verdicts kept for 10 s. */
  readonly statusesPerSecond: number
  readonly lagsPerSecond: number
  readonly windows: WindowCheck
}

/** Of every window of every group: how many are not exactly what was written, and what is wrong with the first such. */
export interface WindowCheck {
  readonly checked: number
  readonly wrong: number
  readonly firstWrong: string | null
}

/**
 * One run: from the start of the process until the last commits are in answers over HTTP. Time, CPU and memory are taken at
 * that moment; every window of every group is checked afterwards, outside of what is measured.
 */
export async function measureRun(
  kind: ProgramKind,
  target: BenchTarget,
  nodeOptions: readonly string[]
): Promise<RunResult> {
  const { shape, zookeeper } = target
  const startMs = performance.now()
  const config = {
    clusters: [{ name: cluster, servers: target.servers }],
    intervals: shape.rounds,
    offsetRefreshSeconds: 10,
    topicRefreshSeconds: 60,
    expireCacheSeconds: 10,
    logLevel: 'warn'
  } as const
  const program = await Program.launch(kind, zookeeper === undefined ? config : { ...config, zookeeper }, nodeOptions)
  try {
    await program.listening()
    const upSeconds = (performance.now() - startMs) / 1000
    const ingesting = new SteadyQuestions(program.address, statusPaths(shape, groupsAskedFor), steadyPerSecond)
    await lastCommitsVisible(program, target)
    const wallSeconds = (performance.now() - startMs) / 1000
    const usage = processUsage(program.child.pid)
    const ingestingP99Ms = await ingesting.stop()
    const rates = await measureRates(program, shape)
    const windows = await checkAllWindows(program, target)
    const commits = totalCommits(shape)
    return {
      program: kind.name,
      wallSeconds,
      upSeconds,
      commitsPerSecond: commits / wallSeconds,
      commitsPerSecondUp: commits / (wallSeconds - upSeconds),
      commitsPerCpuSecond: commits / usage.cpuSeconds,
      ingestingP99Ms,
      ...rates,
      windows,
      ...usage
    }
  } catch (error) {
    throw new Error(`${kind.name}: ${messageOf(error)}\n${program.child.said()}`)
  } finally {
    await program.stop()
  }
}

/**
 * Of 100 groups. Other ones while the backlog is read than afterwards: of a group that is not there yet, both programs keep
 * saying so for as long as verdicts are kept.
 */
function statusPaths(shape: BacklogShape, fromGroup = 0): string[] {
  return Array.from({ length: groupsAskedFor }, (_, index) => {
    const group = (fromGroup + index) % shape.groups
    return `/v3/kafka/${cluster}/consumer/${groupName(group)}/status`
  })
}

async function measureRates({ address }: Program, shape: BacklogShape) {
  const paths = statusPaths(shape)
  const steady = new SteadyQuestions(address, paths, steadyPerSecond)
  await new Promise(resolve => setTimeout(resolve, steadyIdleMs))
  const idleP99Ms = await steady.stop()
  const load = new HttpLoad()
  try {
    const flatOut = {
      address,
      connections: rateConnections,
      pipelining: 1,
      requestsPerSecond: null,
      durationMs: rateMs
    }
    const { perSecond: statusesPerSecond } = await load.run({ ...flatOut, paths })
    const lagPaths = paths.map(path => path.replace(/status$/, 'lag'))
    const { perSecond: lagsPerSecond } = await load.run({ ...flatOut, paths: lagPaths })
    return { idleP99Ms, statusesPerSecond, lagsPerSecond }
  } finally {
    await load.close()
  }
}

async function lastCommitsVisible(program: Program, { shape, lastGroups }: BenchTarget): Promise<void> {
  const endMs = performance.now() + visibleBoundMs
  const lastPartition = shape.partitions - 1
  for (const group of lastGroups) {
    const newest = offsetAt(group, lastPartition, shape.rounds - 1)
    for (;;) {
      const topics = await groupDetail(program, cluster, groupName(group))
      if (topics?.[topicOfGroup(shape, group)]?.[lastPartition]?.offsets.at(-1)?.offset === newest) break
      if (performance.now() > endMs) throw new Error(`the last commits of ${groupName(group)} never came`)
      await new Promise(resolve => setTimeout(resolve, pollPauseMs))
    }
  }
}

/** Every offset, time and lag of every window, against what was written. */
async function checkAllWindows(program: Program, target: BenchTarget): Promise<WindowCheck> {
  const { shape } = target
  const wrongs: string[] = []
  let next = 0
  const checkSome = async () => {
    for (let group = next++; group < shape.groups; group = next++) {
      const windows = (await groupDetail(program, cluster, groupName(group)))?.[topicOfGroup(shape, group)] ?? []
      for (let partition = 0; partition < shape.partitions; partition++) {
        const wrong = wrongInWindow(windows[partition]?.offsets ?? [], target, group, partition)
        if (wrong) wrongs.push(`${groupName(group)}/${partition}: ${wrong}`)
      }
    }
  }
  await Promise.all(Array.from({ length: checksAtOnce }, checkSome))
  return { checked: shape.groups * shape.partitions, wrong: wrongs.length, firstWrong: wrongs[0] ?? null }
}

function wrongInWindow(
  offsets: readonly (CommitAnswer | null)[],
  { shape, brokerTimeFromRound }: BenchTarget,
  group: number,
  partition: number
): string | undefined {
  if (offsets.length !== shape.rounds) return `${offsets.length} places`
  for (const [round, commit] of offsets.entries()) {
    const offset = offsetAt(group, partition, round)
    if (commit?.offset !== offset) return `place ${round} has ${commit?.offset ?? 'nothing'} instead of ${offset}`
    const lag = endOffsetOf(shape) - offset
    if (commit.lag !== lag) return `place ${round} has lag ${commit.lag} instead of ${lag}`
    const timeMs = timeAt(shape, group, partition, round)
    const timeRight = round < brokerTimeFromRound ? commit.timestamp === timeMs : commit.timestamp > timeMs
    if (!timeRight) return `place ${round} has time ${commit.timestamp} instead of ${timeMs}`
  }
  return undefined
}
