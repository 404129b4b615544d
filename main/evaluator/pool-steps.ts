import type { PageResult } from '../../shared/actor/evaluator-tasks.ts'
import { BurrowError } from '../../shared/errors.ts'

type ResultKind = PageResult['kind']
type ResultOf<Kind extends ResultKind> = Extract<PageResult, { readonly kind: Kind }>

/** The answer, which must be of that kind. Throws BurrowError with the pool's code if it is an error. Main thread. */
export function mustBeOf<Kind extends ResultKind>(kind: Kind, result: PageResult): ResultOf<Kind> {
  if (isOf(kind, result)) return result
  if (result.kind === 'error') throw new BurrowError(result.code, result.message)
  throw new TypeError(`the pool was asked for '${kind}' and answered with '${result.kind}'`)
}

/**
 * All answers about a list of groups. It can be too much for one question; each ends after a group, so there are at most as many as
 * there are groups in it. Rejects as `ask` does.
 */
export async function askAll<Answer extends { readonly next: number | null }>(
  ask: (from: number) => Promise<Answer>
): Promise<Answer[]> {
  const answers: Answer[] = []
  for (let from: number | null = 0; from !== null; ) {
    const answer: Answer = await ask(from)
    answers.push(answer)
    from = answer.next
  }
  return answers
}

function isOf<Kind extends ResultKind>(kind: Kind, result: PageResult): result is ResultOf<Kind> {
  return result.kind === kind
}
