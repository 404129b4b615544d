import type { ThreadCount } from '../../main/config/app-config.ts'
import { availableCores } from '../../main/config/auto-threads.ts'

/** More threads of one kind than this are tried only when somebody asks for them. */
const triedMax = 16

/** 1, 2, 4 ... as far as there are cores; with a flag, one thread and that many, so that the difference shows. */
export function threadCounts(flag: ThreadCount | undefined, cores = availableCores()): number[] {
  if (typeof flag === 'number') return flag === 1 ? [1] : [1, flag]
  const counts: number[] = []
  for (let count = 1; count <= Math.min(cores, triedMax); count *= 2) counts.push(count)
  return counts
}
