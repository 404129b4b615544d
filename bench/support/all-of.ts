/** Rejects as the first that did, but when all have ended: whoever closes then has them all. */
export async function allOf<T>(started: readonly Promise<T>[]): Promise<T[]> {
  await Promise.allSettled(started)
  return Promise.all(started)
}
