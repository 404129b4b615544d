import { readFileSync } from 'node:fs'

/** The version in package.json, which lies beside the folder that this was compiled to. */
export function packageVersion(): string {
  const url = new URL('../../package.json', import.meta.url)
  return (JSON.parse(readFileSync(url, 'utf8')) as { version: string }).version
}
