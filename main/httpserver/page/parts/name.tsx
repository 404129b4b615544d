import { visibleName } from '../words/visible-name.ts'

/** A name that somebody else chose, as text, in its own direction. */
export function Name({ name, max }: { name: string; max?: number }) {
  return <bdi title={name.length > 30 ? visibleName(name, 1000) : undefined}>{visibleName(name, max)}</bdi>
}
