import { configError } from './mistakes.ts'

/**
 * `key.with.dots=value`, as the original's library gotenv reads it strictly: letters, digits, underscores and dots in keys and
 * so no key with a dash; `=` or `: `; an `export` before it; values plain, 'literal' or "with \n and $NAME", also over several
 * lines; comments after `#`. Keys stay flat, so such a file overrides single settings and defines no module.
 */
export function parseDotenv(
  text: string,
  file: string,
  environment: Readonly<Record<string, string | undefined>>
): object {
  const values = new Map<string, string>()
  const lines = text.split(/\r\n|\n|\r/)
  for (let index = 0; index < lines.length; index++) {
    const first = index
    const fail = (reason: string) => configError(`While parsing config: ${file}:${first + 1}: ${reason}`, file)
    let line = lines[index]!.trim()
    if (line === '' || line.startsWith('#')) continue
    for (const quote = openQuote(line); quote !== null && !closes(lines[index]!, quote, index === first); ) {
      if (++index === lines.length) throw fail('missing quotes')
      line += `\n${lines[index]}`
    }
    const [, key, written] = linePattern.exec(line) ?? []
    // The line itself may hold a password.
    if (key === undefined) throw fail(`line ${keyOf(line)} doesn't match format`)
    values.set(
      key,
      readValue((written ?? '').trim(), name => environment[name] ?? values.get(name) ?? '')
    )
  }
  return Object.fromEntries(values)
}

const linePattern =
  /^\s*(?:export\s+)?([\w.]+)(?:\s*=\s*|:\s+?)('(?:\\'|[^'])*'|"(?:\\"|[^"])*"|[^#\n]+)?\s*(?:\s*#.*)?$/

function openQuote(line: string): string | null {
  const value = line.slice((line.includes('=') ? line.indexOf('=') : line.indexOf(':')) + 1).trim()
  const quote = value[0]
  return quote === '"' || quote === "'" ? quote : null
}

/** Whether the quote that was opened ends in this line. */
function closes(line: string, quote: string, isFirst: boolean): boolean {
  const from = isFirst ? line.indexOf(quote) + 1 : 0
  const at = line.lastIndexOf(quote)
  return at >= from && line[at - 1] !== '\\'
}

function readValue(written: string, variable: (name: string) => string): string {
  const [, quote, inside] = /^(['"])([\s\S]*)\1$/.exec(written) ?? []
  if (quote === "'") return inside!
  const text =
    quote === '"'
      ? inside!
          .replaceAll('\\n', '\n')
          .replaceAll('\\r', '\r')
          .replace(/\\([^$])/g, '$1')
      : written
  return text.replace(/(\\)?\$(?:\{([A-Z0-9_]+)\}|([A-Z0-9_]+))/g, (all, escaped, braced, plain) =>
    escaped === undefined ? variable(braced ?? plain) : all.slice(1)
  )
}

function keyOf(line: string): string {
  const key = line.split(/[=:\s]/)[0]!
  return `\`${key.slice(0, 40)}...\``
}
