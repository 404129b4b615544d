import { readlinkSync } from 'node:fs'
import { getPriority, setPriority } from 'node:os'

/**
 * How much more willingly (nice, Linux: 0 to 19) the threads that read and store commits leave the cores to main and the evaluators.
 * Somebody who asks waits for milliseconds of work; who reads a backlog has seconds of it, and takes every core there is.
 */
export const bulkNiceness = 10
const nicenessMax = 19

/**
 * Makes the calling thread less urgent than the threads of the process that were not told so. On Linux, where every thread has a niceness of its
 * own (sched(7)), without any right; elsewhere nothing. Returns whether it was done.
 */
export function beLessUrgent(): boolean {
  if (process.platform !== 'linux') return false
  try {
    const thread = Number(readlinkSync('/proc/thread-self').split('/').at(-1))
    setPriority(thread, Math.min(nicenessMax, getPriority(thread) + bulkNiceness))
    return true
  } catch {
    return false // a jail without /proc, or that forbids it: all threads are as urgent as each other
  }
}
