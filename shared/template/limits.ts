/**
 * What a template may cost. Templates are the operator's own, but a slip (a template that calls itself, a variable that doubles
 * in a loop) must end in an error of that message, not in a process that hangs.
 */

/** UTF-16 units of a template's source. */
export const sourceLengthMax = 262_144
/** Blocks and parentheses inside each other, in the source. */
export const nestingMax = 100
/** Blocks, parentheses and calls of templates inside each other, while running. Keeps recursion far from the end of the stack. */
export const depthMax = 300
/** UTF-16 units of the result, and of every text made on the way. */
export const outputLengthMax = 1_048_576
/** Steps of one rendering: a step is a node that was evaluated, a turn of a loop, or `unitsPerStep` units of text that were handled. */
export const stepsMax = 2_000_000
/** Text is handled about this many units in the time of one step. */
export const unitsPerStep = 64

/** Why a rendering was cut off; the evaluator adds the place. */
export class LimitReached extends Error {}

/** Steps of one rendering. */
export class StepBudget {
  #left = stepsMax

  /** Throws LimitReached when all steps are used. */
  spend(steps: number): void {
    this.#left -= steps
    if (this.#left < 0) throw new LimitReached(`gave up after ${stepsMax} steps`)
  }

  spendOnText(units: number): void {
    this.spend(Math.ceil(units / unitsPerStep))
  }
}

/** Collects text up to `outputLengthMax`. */
export class BoundedText {
  readonly #budget: StepBudget
  readonly #pieces: string[] = []
  #length = 0

  constructor(budget: StepBudget) {
    this.#budget = budget
  }

  get length(): number {
    return this.#length
  }

  /** Throws LimitReached when the text gets too long, or took too many steps. */
  write(piece: string): void {
    this.#length += piece.length
    if (this.#length > outputLengthMax) throw new LimitReached(`text is longer than ${outputLengthMax} characters`)
    this.#budget.spendOnText(piece.length + 1)
    this.#pieces.push(piece)
  }

  toString(): string {
    return this.#pieces.join('')
  }
}
