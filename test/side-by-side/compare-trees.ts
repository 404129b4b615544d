import { type JsonTree, type Member, objectOf } from './json-tree.ts'

/** A place where two answers may differ, and how. */
export interface Allowance {
  /** Which requests, as `METHOD target`. */
  readonly request: RegExp
  /** Which places of the answer: keys joined with `/`. */
  readonly place: RegExp
  /**
   * Says whether this is the difference meant; undefined = not there. What it refuses is looked at part by part, and so in
   * the end reported. The default for a list, `asSet`, takes no part in this.
   */
  readonly check?: (burrow: JsonTree | undefined, ours: JsonTree | undefined) => boolean
  /** A list without order in the original: compared by these names of its items. */
  readonly asSet?: (item: JsonTree) => string
}

export interface Comparison<T extends Allowance> {
  /** What nothing allows, for people. */
  readonly differences: readonly string[]
  /** The allowances without which there would be more. */
  readonly used: ReadonlySet<T>
}

/** Compares two answers to one request. Equal bytes are equal; everything else wants an allowance. */
export function compareTrees<T extends Allowance>(
  request: string,
  burrow: JsonTree,
  ours: JsonTree,
  allowances: readonly T[]
): Comparison<T> {
  const mine = allowances.filter(allowance => allowance.request.test(request))
  const differences: string[] = []
  const used = new Set<T>()
  walk(burrow, ours, '')
  return { differences, used }

  function walk(left: JsonTree | undefined, right: JsonTree | undefined, place: string): void {
    if (left !== undefined && right !== undefined && left.raw === right.raw) return
    const here = mine.filter(allowance => allowance.place.test(place))
    const allowed = here.find(allowance => allowance.check?.(left, right))
    if (allowed) used.add(allowed)
    else if (left?.kind === 'object' && right?.kind === 'object') walkMembers(left.members, right.members, place)
    else if (left?.kind === 'array' && right?.kind === 'array') {
      const set = here.find(allowance => allowance.asSet)
      if (set?.asSet) walkSets(left.items, right.items, place, set, set.asSet)
      else walkMembers(byIndex(left.items), byIndex(right.items), place)
    } else differences.push(`${request} at ${place}: Burrow ${shown(left)}, ours ${shown(right)}`)
  }

  function walkMembers(left: readonly Member[], right: readonly Member[], place: string): void {
    const [leftByKey, rightByKey] = [left, right].map(members => new Map(members.map(each => [each.key, each.value])))
    const common = [left, right].map(members =>
      members.map(each => each.key).filter(key => leftByKey!.has(key) && rightByKey!.has(key))
    )
    if (common[0]!.join('\n') !== common[1]!.join('\n')) {
      differences.push(`${request} at ${place}: order of keys: Burrow ${common[0]}, ours ${common[1]}`.slice(0, 600))
    }
    if (leftByKey!.size < left.length || rightByKey!.size < right.length) {
      differences.push(`${request} at ${place}: a key twice`)
    }
    for (const key of new Set([...leftByKey!.keys(), ...rightByKey!.keys()])) {
      walk(leftByKey!.get(key), rightByKey!.get(key), place === '' ? key : `${place}/${key}`)
    }
  }

  function walkSets(
    left: readonly JsonTree[],
    right: readonly JsonTree[],
    place: string,
    allowance: T,
    nameOf: (item: JsonTree) => string
  ): void {
    const [byName, rightByName] = [left, right].map(items => items.map(value => ({ key: nameOf(value), value })))
    const names = [byName!, rightByName!].map(members => members.map(each => each.key).join('\n'))
    if (names[0] !== names[1]) used.add(allowance)
    walkMembers(byName!.toSorted(byKey), rightByName!.toSorted(byKey), place)
  }
}

function byIndex(items: readonly JsonTree[]): Member[] {
  return items.map((value, index) => ({ key: String(index), value }))
}

function byKey(left: Member, right: Member): number {
  return left.key < right.key ? -1 : left.key > right.key ? 1 : 0
}

function shown(tree: JsonTree | undefined): string {
  return tree === undefined ? 'nothing' : JSON.stringify(tree.raw.slice(0, 400))
}

/** The tree without some members, for checks that look at the rest. */
export function without(tree: JsonTree, keys: readonly string[]): JsonTree {
  return tree.kind === 'object' ? objectOf(tree.members.filter(({ key }) => !keys.includes(key))) : tree
}
