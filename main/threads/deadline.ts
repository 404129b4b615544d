import { BurrowError } from '../../shared/errors.ts'

/** `work`, or BurrowError DEADLINE_EXCEEDED after `deadlineMs`. What is late is left to itself; its rejection is not lost noise. */
export async function withDeadline<T>(work: Promise<T>, deadlineMs: number, what: string): Promise<T> {
  let timer: NodeJS.Timeout | undefined
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(
      () => reject(new BurrowError('DEADLINE_EXCEEDED', `${what} took longer than ${deadlineMs} ms`)),
      deadlineMs
    )
  })
  try {
    return await Promise.race([work, late])
  } finally {
    clearTimeout(timer)
  }
}
