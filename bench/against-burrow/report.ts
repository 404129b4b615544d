import type { RunResult } from './measure-run.ts'

const columns: readonly (readonly [string, (run: RunResult) => number, number])[] = [
  ['wall s', run => run.wallSeconds, 2],
  ['of it until up', run => run.upSeconds, 2],
  ['commits/s', run => run.commitsPerSecond, 0],
  ['once up', run => run.commitsPerSecondUp, 0],
  ['CPU s', run => run.cpuSeconds, 2],
  ['commits/CPU s', run => run.commitsPerCpuSecond, 0],
  ['peak RSS MB', run => run.peakRssMb, 0],
  ['p99 ms ingesting', run => run.ingestingP99Ms, 1],
  ['p99 ms idle', run => run.idleP99Ms, 1],
  ['/status a s', run => run.statusesPerSecond, 0],
  ['/lag a s', run => run.lagsPerSecond, 0],
  ['wrong windows', run => run.windows.wrong, 0]
]

/** One row for each run, then the median of each program: Markdown, to be pasted as it is. */
export function reportTable(runs: readonly RunResult[]): string {
  const programs = [...new Set(runs.map(run => run.program))]
  const rows = runs.map((run, index) => row(`${index + 1} ${run.program}`, [run]))
  const medians = programs.map(program =>
    row(
      `median ${program}`,
      runs.filter(run => run.program === program)
    )
  )
  const head = `| run | ${columns.map(([title]) => title).join(' | ')} |`
  return [head, `| --- |${' ---: |'.repeat(columns.length)}`, ...rows, ...medians].join('\n')
}

/** How many times better the medians of the first program are: wall and CPU. Undefined with only one program. */
export function ratios(runs: readonly RunResult[], ours: string, reference: string): string | undefined {
  const [mine, theirs] = [ours, reference].map(name => runs.filter(run => run.program === name))
  if (!mine?.length || !theirs?.length) return undefined
  const ratio = (value: (run: RunResult) => number) => (median(theirs.map(value)) / median(mine.map(value))).toFixed(1)
  const less = `wall x${ratio(run => run.wallSeconds)}, CPU x${ratio(run => run.cpuSeconds)}, peak RSS x${ratio(run => run.peakRssMb)}`
  const more = (value: (run: RunResult) => number) => (median(mine.map(value)) / median(theirs.map(value))).toFixed(1)
  return `${ours} against ${reference}: ${less}, /status x${more(run => run.statusesPerSecond)}, /lag x${more(run => run.lagsPerSecond)}`
}

function row(title: string, runs: readonly RunResult[]): string {
  const cells = columns.map(([, value, digits]) => median(runs.map(value)).toFixed(digits))
  return `| ${title} | ${cells.join(' | ')} |`
}

function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b)
  const middle = sorted.length >> 1
  return sorted.length % 2 === 1 ? sorted[middle]! : (sorted[middle - 1]! + sorted[middle]!) / 2
}
