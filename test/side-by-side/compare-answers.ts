import { messageOf } from '../../shared/errors.ts'
import { rawRequest } from '../support/raw-http.ts'
import { waitFor } from '../support/wait-for.ts'
import { type AllowedDifference, allowances } from './allowed-differences.ts'
import { answerTree } from './answer-tree.ts'
import { compareTrees } from './compare-trees.ts'
import { type JsonTree, objectOf, scalar } from './json-tree.ts'
import type { Question } from './questions.ts'

const sameBoundMs = 30_000
const shownMax = 30
const batchSize = 20

/** What the table allowed in this run; an entry that nothing needs is a lie by now. */
export const used = new Set<AllowedDifference>()

/** Addresses of the two programs. */
export interface Pair {
  readonly burrow: string
  readonly ours: string
}

/**
 * Asks both everything, and again what differs until it is the same: the two poll and read at moments of their own. Rejects with
 * what then still differs. Resolves to Burrow's answers by `METHOD target`.
 */
export async function expectSame(
  pair: Pair,
  questions: readonly Question[],
  table: readonly AllowedDifference[] = allowances
): Promise<Map<string, JsonTree>> {
  const answers = new Map<string, JsonTree>()
  let open = questions
  let differences: string[] = []
  const same = async () => {
    const left: Question[] = []
    differences = []
    for (let at = 0; at < open.length; at += batchSize) {
      const some = open.slice(at, at + batchSize)
      const compared = await Promise.all(some.map(question => compare(pair, question, table)))
      for (const [index, { burrow, comparison }] of compared.entries()) {
        const question = some[index]!
        answers.set(question.request, burrow)
        if (comparison.differences.length === 0) for (const each of comparison.used) used.add(each)
        else {
          left.push(question)
          differences.push(...comparison.differences)
        }
      }
    }
    open = left
    return open.length === 0
  }
  await waitFor(same, 'equal answers', sameBoundMs).catch((error: Error) => {
    const more = differences.length - shownMax
    throw new Error(
      [error.message, ...differences.slice(0, shownMax), ...(more > 0 ? [`... and ${more} more`] : [])].join('\n')
    )
  })
  return answers
}

/** As `expectSame`, each question once and in order: for those that change something. */
export async function expectSameOnce(pair: Pair, questions: readonly Question[]): Promise<void> {
  const differences: string[] = []
  for (const question of questions) {
    const { comparison } = await compare(pair, question, allowances)
    differences.push(...comparison.differences)
    for (const each of comparison.used) used.add(each)
  }
  if (differences.length > 0) throw new Error(differences.slice(0, shownMax).join('\n'))
}

async function compare(pair: Pair, question: Question, table: readonly AllowedDifference[]) {
  const [burrow, ours] = await Promise.all([ask(pair.burrow, question), ask(pair.ours, question)])
  return {
    burrow,
    comparison: compareTrees([question.request, question.body].join(' ').trim(), burrow, ours, table)
  }
}

async function ask(address: string, { request, headers = [], body = '' }: Question): Promise<JsonTree> {
  const blank = request.indexOf(' ')
  try {
    return answerTree(await rawRequest(address, request.slice(0, blank), request.slice(blank + 1), headers, body))
  } catch (error) {
    return objectOf([{ key: 'failure', value: scalar(messageOf(error)) }])
  }
}
