import { type Envelope, envelopeHead } from './envelope.ts'
import { type PlainJson, plainJson } from './plain-json.ts'
import type { Route } from './routes.ts'

/**
 * The page of one configured module, `storage module detail returned`. Main thread; the bytes are made once.
 *
 * The name in the path is looked up as a whole, in any case. In Burrow a dot in it reaches into the configuration tree
 * (spec 09, A5).
 */
export function moduleDetail(
  envelope: Envelope,
  pattern: string,
  kind: string,
  modules: readonly (readonly [name: string, module: PlainJson])[]
): Route {
  const head = envelopeHead(`${kind} module detail returned`, 'module')
  const detailByName = new Map(modules.map(([name, module]) => [name.toLowerCase(), plainJson(module)]))
  return {
    method: 'GET',
    pattern,
    answer: ({ url, parameters }) => {
      const detail = detailByName.get((parameters[0] ?? '').toLowerCase())
      return detail ? envelope.value(200, head, detail, url) : envelope.error(404, `${kind} module not found`, url)
    }
  }
}
