import { safeText } from '../terminal/safe-text.ts'

/** What trying showed. */
export interface Finding {
  /** FAILED: the program could not do its work. warning: it could, but perhaps not as was meant. */
  readonly kind: FindingKind
  /** An address or a cluster. */
  readonly subject: string
  /** One line. */
  readonly says: string
  /** Sections that need it. */
  readonly users: readonly string[]
}

export type FindingKind = 'FAILED' | 'warning' | 'ok'

const order: readonly FindingKind[] = ['FAILED', 'warning', 'ok']
const widest = Math.max(...order.map(kind => kind.length))

/** A line each, the bad ones first. Texts of servers are in it, so nothing goes to the terminal as it came. */
export function findingLines(findings: readonly Finding[]): string[] {
  const sorted = [...findings].sort((a, b) => order.indexOf(a.kind) - order.indexOf(b.kind))
  return sorted.map(({ kind, subject, says, users }) =>
    safeText(`${kind.padEnd(widest)}  ${subject}  ${says} (${users.join(', ')})`)
  )
}
