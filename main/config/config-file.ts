import { readFileSync, statSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { configError } from './mistakes.ts'
import { parseDotenv } from './parse-dotenv.ts'
import { parseJson } from './parse-json.ts'
import { parseToml } from './parse-toml.ts'
import { parseYaml } from './parse-yaml.ts'

export type Variables = Readonly<Record<string, string | undefined>>

/** From text to nested plain objects; throws CONFIG_INVALID with place and reason. `file` is for the message. */
export type Parse = (text: string, file: string, environment: Variables) => object

/** What is looked for, in this order (spec 05 section 2); null = the original knows the ending and cannot decode it. */
const parserByExtension: ReadonlyMap<string, Parse | null> = new Map([
  ['json', parseJson],
  ['toml', parseToml],
  ['yaml', parseYaml],
  ['yml', parseYaml],
  ['properties', null],
  ['props', null],
  ['prop', null],
  ['hcl', null],
  ['tfvars', null],
  ['dotenv', parseDotenv],
  ['env', parseDotenv],
  ['ini', null]
])

/** A configuration is some kilobytes; more is another file of that name. */
const fileBytesMax = 16 * 1024 * 1024

export interface ConfigFile {
  readonly file: string
  readonly text: string
  readonly parse: Parse
  readonly warnings: readonly string[]
}

/**
 * Finds and reads the first `burrow.EXTENSION` in `dir`, which may hold `$NAME` of the environment. Throws CONFIG_INVALID
 * with the sentence of the original.
 */
export function readConfigFile(dir: string, environment: Variables): ConfigFile {
  const folder = resolve(expandVariables(dir, environment))
  const [found, ...others] = [...parserByExtension.keys()].filter(extension => isFile(pathOf(folder, extension)))
  if (found === undefined) {
    const hint =
      'give the directory that holds burrow.toml with --config-dir DIR, or try `burrow demo`, which needs none'
    throw configError(`Config File "burrow" Not Found in "[${folder}]": ${hint}`, pathOf(folder, 'toml'))
  }
  const file = pathOf(folder, found)
  const parse = parserByExtension.get(found)
  if (!parse) {
    const known = [...parserByExtension].filter(([, parser]) => parser !== null).map(([extension]) => extension)
    const sentence = `decoder not found for this format: ${file} (allowed: burrow.${known.join(', burrow.')})`
    throw configError(`While parsing config: ${sentence}`, file)
  }
  const warnings = others.map(other => `${pathOf(folder, other)}: not read, burrow.${found} comes first`)
  return { file, text: readText(file), parse, warnings }
}

function readText(file: string): string {
  try {
    const { size } = statSync(file)
    if (size > fileBytesMax) throw new Error(`it has ${size} bytes, at most ${fileBytesMax} are read`)
    return readFileSync(file, 'utf8').replace(/^\uFEFF/, '') // a byte order mark is what some editors leave
  } catch (cause) {
    throw configError(`cannot read ${file}: ${(cause as Error).message}`, file, [], cause)
  }
}

function pathOf(folder: string, extension: string): string {
  return join(folder, `burrow.${extension}`)
}

/** Folders of that name do not count, as with the original. */
function isFile(path: string): boolean {
  return statSync(path, { throwIfNoEntry: false })?.isFile() ?? false
}

/** As Go's os.ExpandEnv: `$NAME` and `${NAME}`; what is not set becomes nothing. */
function expandVariables(text: string, environment: Variables): string {
  return text.replace(
    /\$(?:\{(\w+)\}|(\w+))/g,
    (_, braced?: string, plain?: string) => environment[braced ?? plain ?? ''] ?? ''
  )
}
