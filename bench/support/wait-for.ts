const pauseMs = 20

/**
 * Looks again and again until `condition` gives something truthy, and returns that. Fails after `boundMs` with `what` and
 * with the last error the condition threw, if it threw. For tests and benches; never decides anything by how long it took.
 */
export async function waitFor<T>(
  condition: () => T | Promise<T>,
  what: string,
  boundMs = 20_000
): Promise<NonNullable<Exclude<T, false>>> {
  const endMs = Date.now() + boundMs
  let lastError: unknown
  for (;;) {
    try {
      const found = await condition()
      if (found) return found as NonNullable<Exclude<T, false>>
      lastError = undefined
    } catch (error) {
      lastError = error
    }
    if (Date.now() >= endMs) break
    await new Promise(resolve => setTimeout(resolve, pauseMs))
  }
  const detail = lastError instanceof Error ? `: ${lastError.message}` : ''
  throw new Error(`waited ${boundMs} ms in vain for ${what}${detail}`, { cause: lastError })
}
