import { createRequire } from 'node:module'
import type * as Yaml from 'yaml'
import { configError } from './mistakes.ts'

const require = createRequire(import.meta.url)

/** Names that stand for others (`*name`) may make a small text huge; past this many the file is refused. */
const aliasesMax = 100

/**
 * YAML 1.2 with merge keys (`<<`); one document. A number that begins with 0 is octal to the original and decimal to YAML 1.2:
 * it comes as the text that was written, so that whoever wants a number refuses it (spec 09, A4). The only file that knows yaml, which is
 * loaded here and not above: few configurations are YAML, and every start would pay for its eighty files.
 */
export function parseYaml(text: string, file: string): object {
  const { isMap, isScalar, parseAllDocuments, visit } = require('yaml') as typeof Yaml
  const fail = (place: string, reason: string, cause?: unknown) =>
    configError(`While parsing config: ${file}${place}: ${reason}`, file, [], cause)
  const documents = parseAllDocuments(text, { intAsBigInt: true, merge: true, prettyErrors: true })
  const document = documents[0]
  if (document === undefined) return {}
  if (documents.length > 1) throw fail('', `holds ${documents.length} documents; allowed: one`)
  const error = document.errors[0]
  if (error) {
    const { line, col } = error.linePos?.[0] ?? { line: 1, col: 1 }
    throw fail(`:${line}:${col}`, error.message.replace(/ at line \d+, column \d+:[\s\S]*$/, ''), error)
  }
  if (document.contents === null || (isScalar(document.contents) && document.contents.value === null)) return {}
  if (!isMap(document.contents)) throw fail('', 'not a table of sections')
  visit(document, {
    Scalar(_, node) {
      if (typeof node.value !== 'bigint') return
      if (/^[+-]?0\d+$/.test(node.source ?? '')) node.value = node.source!
      else if (Number.isSafeInteger(Number(node.value))) node.value = Number(node.value)
    }
  })
  try {
    return document.toJS({ maxAliasCount: aliasesMax }) as object
  } catch (cause) {
    throw fail('', (cause as Error).message, cause)
  }
}
