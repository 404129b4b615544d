import { type ProbeAnswer, probe } from './probe.ts'
import type { ProbeTarget } from './probe-targets.ts'

/** Sockets open at a time. */
const atOnceMax = 32

/** Tries all, many at a time, and yields the answers in the order of the targets. */
export async function* probeAll(
  targets: readonly ProbeTarget[]
): AsyncGenerator<{ target: ProbeTarget; answer: ProbeAnswer }> {
  const running: Promise<ProbeAnswer>[] = []
  for (let index = 0; index < targets.length; index++) {
    while (running.length < Math.min(index + atOnceMax, targets.length)) running.push(probe(targets[running.length]!))
    yield { target: targets[index]!, answer: await running[index]! }
  }
}
