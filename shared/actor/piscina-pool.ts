import { move, Piscina } from 'piscina'

/** The only file that knows Piscina: the pool for main, and how a task hands over memory for the threads of the pool. */
export { Piscina }

/**
 * Makes a task's result one whose `buffers` are moved to main and not copied. The object is what Piscina looks for in results; both
 * symbols are its public way to say so.
 */
export function moving<T>(value: T, buffers: readonly ArrayBufferLike[]): T {
  const transferable = { [Piscina.transferableSymbol]: buffers, [Piscina.valueSymbol]: value }
  // `move` is typed for buffers and ports; it takes any object with the two symbols and passes on the value.
  return move(transferable as unknown as ArrayBuffer) as unknown as T
}
