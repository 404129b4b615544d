import { BurrowError } from '../../shared/errors.ts'

/**
 * Names of lock nodes, as other lock recipes write them too (spec 08 section 4):
 *
 *   _c_<32 hex digits>-lock-<sequence that ZooKeeper appends>
 */
export function lockNodePrefix(guid: string): string {
  return `_c_${guid}-lock-`
}

/** Sequences pass 2^31 - 1 by becoming negative, so the number may have a sign. */
const sequencePattern = /^-?\d{1,10}$/

/** The integer after the last `lock-`, or else after the last `__`. Throws BurrowError PROTOCOL_DECODE if there is none. */
export function sequenceOf(name: string): number {
  const text = after(name, 'lock-') ?? after(name, '__')
  if (text === null || !sequencePattern.test(text)) {
    throw new BurrowError('PROTOCOL_DECODE', `a node among lock nodes is none: ${name}`, { name })
  }
  return Number(text)
}

/** The node that must go before `own` holds the lock: null = none, `own` is the first. Undefined if `own` is not there. */
export function predecessorOf(own: string, names: readonly string[]): string | null | undefined {
  if (!names.includes(own)) return undefined
  const ownSequence = sequenceOf(own)
  let best: string | null = null
  let bestSequence = Number.NEGATIVE_INFINITY
  for (const name of names) {
    const sequence = sequenceOf(name)
    if (name === own || sequence > ownSequence || sequence <= bestSequence) continue
    best = name
    bestSequence = sequence
  }
  return best
}

function after(name: string, mark: string): string | null {
  const at = name.lastIndexOf(mark)
  return at < 0 ? null : name.slice(at + mark.length)
}
