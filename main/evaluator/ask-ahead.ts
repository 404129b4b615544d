/**
 * Asks for one item after the other with up to `ahead` questions open, and gives the answers in the order of the items. The next
 * question is asked when an answer is taken, so whoever stops taking stops the asking. Main thread.
 */
export async function* askAhead<Item, Answer>(
  items: Iterable<Item>,
  ahead: number,
  ask: (item: Item) => Promise<Answer>
): AsyncGenerator<Answer, void, void> {
  const open: Promise<Answer>[] = []
  for (const item of items) {
    const asked = ask(item)
    asked.catch(() => undefined) // it is looked at in its turn, or never, when nobody takes answers any more
    open.push(asked)
    if (open.length >= ahead) yield await open.shift()!
  }
  while (open.length > 0) yield await open.shift()!
}
