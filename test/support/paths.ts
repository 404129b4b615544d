import { existsSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'

/** The folder that holds package.json, from wherever this was compiled to. */
export const projectRoot = findRoot(dirname(fileURLToPath(import.meta.url)))
export const fixturesDir = join(projectRoot, 'test', 'fixtures')
/** The program, compiled together with this. */
export const cliFile = fileURLToPath(new URL('../../main/cli.js', import.meta.url))

function findRoot(from: string): string {
  if (existsSync(join(from, 'package.json'))) return from
  const up = dirname(from)
  if (up === from) throw new Error('no package.json above the tests')
  return findRoot(up)
}
