import type { FigureRow, SuiteResult } from './document.ts'
import type { PreparedSuite, Suite, SuiteContext, ThreadFlags } from './suite.ts'

export interface SuiteOrder {
  readonly suite: string
  readonly sizes: Readonly<Record<string, number>>
  readonly threads: ThreadFlags
  readonly rounds: number
}

export type OnStep = (done: number, total: number, what: string) => void

/**
 * Prepares a suite and measures its cases, interleaved: in one round first to last, in the next last to first, so that none is always
 * the one that finds the machine warm or disturbed. Rejects with what went wrong, after closing the suite.
 */
export async function measureSuite(suite: Suite, order: SuiteOrder, onStep: OnStep): Promise<SuiteResult> {
  const startMs = performance.now()
  const notes: string[] = []
  let checked = 0
  const context: SuiteContext = {
    sizes: order.sizes,
    threads: order.threads,
    checked: count => {
      checked += count
    },
    note: text => {
      if (!notes.includes(text)) notes.push(text)
    }
  }
  onStep(0, 1, 'preparing')
  const prepared = await suite.prepare(context)
  try {
    const rows = await measureCases(suite, prepared, order.rounds, onStep)
    await prepared.check?.()
    if (checked === 0) throw new Error(`suite ${suite.name} has checked nothing`)
    const seconds = (performance.now() - startMs) / 1000
    return { ...order, seconds, checked, notes, rows }
  } finally {
    await prepared.close()
  }
}

async function measureCases(
  suite: Suite,
  { cases }: PreparedSuite,
  rounds: number,
  onStep: OnStep
): Promise<FigureRow[]> {
  const rowsByCase = new Map(cases.map(({ name }) => [name, new Map<string, number[]>()]))
  const { warmRounds = 0 } = suite
  const total = cases.length * (warmRounds + rounds) + 1
  let done = 0
  for (let round = 0; round < warmRounds + rounds; round++) {
    for (const each of round % 2 === 0 ? cases : cases.toReversed()) {
      onStep(++done, total, each.name)
      const valuesByFigure = rowsByCase.get(each.name)!
      for (const [figure, value] of Object.entries(await each.measure())) {
        if (round < warmRounds) continue
        const values = valuesByFigure.get(figure) ?? []
        valuesByFigure.set(figure, values)
        // What this machine cannot tell is left out, not shown as a number.
        if (Number.isFinite(value)) values.push(value)
      }
    }
  }
  onStep(total, total, 'checking')
  return [...rowsByCase].flatMap(([name, valuesByFigure]) =>
    [...valuesByFigure]
      .filter(([, values]) => values.length > 0)
      .map(([figure, values]) => {
        const kind = suite.figures[figure]
        if (!kind) throw new RangeError(`suite ${suite.name} declares no figure ${figure}`)
        return { case: name, figure, ...kind, values }
      })
  )
}
