import { existsSync, readFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { parse, TomlError } from 'smol-toml'
import { configError } from './mistakes.ts'

/** What Burrow looks for, in its order (spec 05 section 2); this version reads `toml` alone. */
const extensions = [
  'json',
  'toml',
  'yaml',
  'yml',
  'properties',
  'props',
  'prop',
  'hcl',
  'tfvars',
  'dotenv',
  'env',
  'ini'
]

export interface TomlFile {
  readonly file: string
  readonly text: string
  readonly warnings: readonly string[]
}

/** Finds and reads burrow.toml in `dir`, which may hold `$NAME` of the environment. Throws CONFIG_INVALID. */
export function readTomlFile(dir: string, environment: Readonly<Record<string, string | undefined>>): TomlFile {
  const folder = resolve(expandVariables(dir, environment))
  const file = join(folder, 'burrow.toml')
  const others = extensions
    .filter(extension => extension !== 'toml' && existsSync(join(folder, `burrow.${extension}`)))
    .map(extension => `burrow.${extension}`)
  if (!existsSync(file)) {
    const hint =
      others.length > 0
        ? `found ${others.join(', ')}, but this version reads burrow.toml only`
        : 'give the directory that holds burrow.toml with --config-dir DIR, or try `burrow demo`, which needs none'
    throw configError(`Config File "burrow" Not Found in "[${folder}]": ${hint}`, file)
  }
  const warnings = others.includes('burrow.json')
    ? [`${join(folder, 'burrow.json')}: not read, burrow.toml is used; the original would take burrow.json`]
    : []
  try {
    return { file, text: readFileSync(file, 'utf8'), warnings }
  } catch (cause) {
    throw configError(`cannot read ${file}: ${(cause as Error).message}`, file, [], cause)
  }
}

/** Integers past 2^53 come as bigint, so that a check can refuse them and none is rounded. */
export function parseToml(text: string, file: string): object {
  try {
    // A byte order mark is what some editors leave; it says nothing.
    return parse(text.replace(/^\uFEFF/, ''), { integersAsBigInt: 'asNeeded' })
  } catch (cause) {
    if (!(cause instanceof TomlError)) throw cause
    const reason = cause.message.split('\n')[0]!.replace(/^Invalid TOML document: /, '')
    const where = `${file}:${cause.line}:${cause.column}`
    throw configError(`While parsing config: ${where}: ${reason}\n${cause.codeblock.trimEnd()}`, file, [], cause)
  }
}

/** As Go's os.ExpandEnv: `$NAME` and `${NAME}`; what is not set becomes nothing. */
function expandVariables(text: string, environment: Readonly<Record<string, string | undefined>>): string {
  return text.replace(
    /\$(?:\{(\w+)\}|(\w+))/g,
    (_, braced?: string, plain?: string) => environment[braced ?? plain ?? ''] ?? ''
  )
}
