import { cpSync, mkdirSync, symlinkSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { projectRoot } from './paths.ts'
import { tempFolder } from './temp-folder.ts'

const compiled = fileURLToPath(new URL('../..', import.meta.url))

/** A folder with the example modules, in which `burrow-node` is installed: the package as it is, compiled with these tests. */
export function modulesFolder(): string {
  const folder = tempFolder('modules')
  cpSync(join(projectRoot, 'docs', 'examples', 'modules'), folder, { recursive: true })
  const installed = join(folder, 'node_modules', 'burrow-node')
  mkdirSync(installed, { recursive: true })
  cpSync(join(projectRoot, 'package.json'), join(installed, 'package.json'))
  symlinkSync(compiled, join(installed, 'dist'))
  writeFileSync(join(folder, 'package.json'), '{ "type": "module" }')
  return folder
}
