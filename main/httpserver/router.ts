import { cleanLocationPath, cleanLookupPath } from './clean-path.ts'
import { bytesToText, encodeHighBytes, encodePath, type RequestTarget } from './request-target.ts'
import { RouteTree } from './route-tree.ts'
import { type Route, type RouteMethod, routeMethods } from './routes.ts'

/**
 * Decides what a request gets, in Burrow's order (spec 04 section 2): route, trailing slash, cleaned and respelled path, the
 * methods that there are, nothing. Main thread; pure.
 *
 * Why not fastify's own router: it knows no redirects by spelling, decodes before it matches and refuses what is not UTF-8, has no `*`
 * target, and takes an empty segment for another path.
 */
export class Router {
  readonly #treeByMethod = new Map<string, RouteTree<Route>>()
  readonly #additions: RouteTree<Route>
  readonly #allMethods: string

  /**
   * `additions` are GET routes that Burrow does not have. They are kept in a tree of their own and match exactly or not at all: a
   * branch more would change the redirects of their neighbours.
   */
  constructor(routes: readonly Route[], additions: readonly Route[]) {
    for (const method of routeMethods) {
      const mine = routes.filter(route => route.method === method)
      if (mine.length > 0) {
        this.#treeByMethod.set(method, new RouteTree(mine.map(route => [route.pattern, route] as const)))
      }
    }
    this.#additions = new RouteTree(additions.map(route => [route.pattern, route] as const))
    this.#allMethods = allowText([...this.#treeByMethod.keys()])
  }

  resolve(requestMethod: string, target: RequestTarget): Decision {
    const method = requestMethod === 'HEAD' ? 'GET' : requestMethod // spec 09, D3
    const { path } = target
    const tree = this.#treeByMethod.get(method)
    if (tree) {
      const match = tree.find(path)
      if (match.value) return { kind: 'route', route: match.value, parameters: match.parameters.map(bytesToText) }
      const addition = method === 'GET' ? this.#additions.find(path) : null
      if (addition?.value) {
        return { kind: 'route', route: addition.value, parameters: addition.parameters.map(bytesToText) }
      }
      if (path !== '/') {
        const better = match.slash ? otherSlash(path) : tree.respell(cleanLookupPath(path))
        if (better !== null) return { kind: 'redirect', location: locationOf(target, better) }
      }
    }
    const allow = this.#allowed(method, path)
    if (allow === '') return { kind: 'none' }
    return method === 'OPTIONS' ? { kind: 'options', allow } : { kind: 'wrong-method', allow }
  }

  #allowed(method: string, path: string): string {
    if (path === '*') return this.#allMethods
    const methods = [...this.#treeByMethod].filter(([other, tree]) => other !== method && tree.find(path).value)
    const names = methods.map(([name]) => name)
    if (method !== 'GET' && this.#additions.find(path).value) names.push('GET' satisfies RouteMethod)
    return allowText(names)
  }
}

export type Decision =
  | { readonly kind: 'route'; readonly route: Route; readonly parameters: readonly string[] }
  /** Location, ASCII. */
  | { readonly kind: 'redirect'; readonly location: string }
  | { readonly kind: 'options'; readonly allow: string }
  | { readonly kind: 'wrong-method'; readonly allow: string }
  | { readonly kind: 'none' }

/** HEAD goes without saying wherever GET is allowed, as in Burrow's answers. */
function allowText(methods: readonly string[]): string {
  return methods.length === 0 ? '' : [...methods, 'OPTIONS'].sort().join(', ')
}

function otherSlash(path: string): string {
  return path.length > 1 && path.endsWith('/') ? path.slice(0, -1) : `${path}/`
}

function locationOf(target: RequestTarget, path: string): string {
  const encoded = encodePath(path)
  // Go cleans a Location without a host once more, so that an encoded `..` is taken for a step up in the end.
  const shown = target.origin === '' ? cleanLocationPath(encoded) : encoded
  return encodeHighBytes(target.origin + shown + target.query)
}
