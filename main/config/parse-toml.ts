import { parse, TomlError } from 'smol-toml'
import { configError } from './mistakes.ts'

/** TOML 1.0. Integers past 2^53 come as bigint, so that a check can refuse them and none is rounded. */
export function parseToml(text: string, file: string): object {
  try {
    return parse(text, { integersAsBigInt: 'asNeeded' })
  } catch (cause) {
    if (!(cause instanceof TomlError)) throw cause
    const reason = cause.message.split('\n')[0]!.replace(/^Invalid TOML document: /, '')
    const where = `${file}:${cause.line}:${cause.column}`
    throw configError(`While parsing config: ${where}: ${reason}\n${cause.codeblock.trimEnd()}`, file, [], cause)
  }
}
