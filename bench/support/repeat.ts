/** Does it one after the other for so long; µs of each time. Rejects with the first failure. */
export async function repeated(durationMs: number, act: () => Promise<void>): Promise<number[]> {
  const latenciesUs: number[] = []
  const startMs = performance.now()
  let nowMs = startMs
  do {
    await act()
    const endMs = performance.now()
    latenciesUs.push((endMs - nowMs) * 1000)
    nowMs = endMs
  } while (nowMs - startMs < durationMs)
  return latenciesUs
}

/** Keeps `count` going for so long; how many were done a second. Rejects with the first failure. */
export async function inFlight(
  count: number,
  durationMs: number,
  act: (index: number) => Promise<void>
): Promise<number> {
  const startMs = performance.now()
  let next = 0
  const one = async () => {
    while (performance.now() - startMs < durationMs) await act(next++)
  }
  await Promise.all(Array.from({ length: count }, one))
  return (next / (performance.now() - startMs)) * 1000
}

/** Does it for every number below `total`, `count` at a time. */
export async function forEach(total: number, count: number, act: (index: number) => Promise<void>): Promise<void> {
  let next = 0
  const one = async () => {
    for (let index = next++; index < total; index = next++) await act(index)
  }
  await Promise.all(Array.from({ length: Math.min(count, total) }, one))
}
