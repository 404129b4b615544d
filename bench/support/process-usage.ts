import { readFileSync } from 'node:fs'

export interface ProcessUsage {
  /** User and system time of all its threads. */
  readonly cpuSeconds: number
  /** The most it ever had in memory, and what it has now. */
  readonly peakRssMb: number
  readonly rssMb: number
}

// The kernel counts CPU time in ticks of 10 ms on every Linux that Node runs on (USER_HZ).
const ticksPerSecond = 100

/** Linux only: from /proc, for a process that is still there. */
export function processUsage(pid: number): ProcessUsage {
  // The command may hold blanks and brackets: count from the last bracket. User and system time are fields 14 and 15.
  const stat = readFileSync(`/proc/${pid}/stat`, 'utf8')
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ')
  const status = readFileSync(`/proc/${pid}/status`, 'utf8')
  const megabytes = (name: string) => Number(new RegExp(`^${name}:\\s+(\\d+) kB`, 'm').exec(status)?.[1] ?? NaN) / 1024
  return {
    cpuSeconds: (Number(fields[11]) + Number(fields[12])) / ticksPerSecond,
    peakRssMb: megabytes('VmHWM'),
    rssMb: megabytes('VmRSS')
  }
}
