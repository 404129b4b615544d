import { createRequire } from 'node:module'
import { dirname, join, resolve } from 'node:path'
import { pathToFileURL } from 'node:url'
import type { CustomModuleSettings } from '../../shared/settings.ts'
import type { AppConfig } from '../config/app-config.ts'
import { packagePrefix } from '../config/custom-class.ts'
import { type Mistake, Mistakes, showValue } from '../config/mistakes.ts'
import { withDeadline } from '../threads/deadline.ts'
import { CustomModule, textOf } from './custom-module.ts'
import { LateContext } from './late-context.ts'

/** For loading one module, and again for its `configure`. */
const loadDeadlineMs = 10_000

export interface Loading {
  readonly modules: readonly CustomModule[]
  readonly mistakes: readonly Mistake[]
}

/**
 * Loads, makes and configures the modules of the configuration that are not ours. Never rejects: what is wrong with one is a
 * mistake at its `class-name`, told with all others. Main thread, before the start.
 */
export async function loadModules(config: AppConfig): Promise<Loading> {
  const mistakes = new Mistakes()
  const clusters = [
    ...config.clusters.map(({ name }) => name),
    ...config.customModules.filter(({ kind }) => kind === 'cluster').map(({ name }) => name)
  ]
  const modules: CustomModule[] = []
  for (const settings of config.customModules) {
    const module = new CustomModule(settings, new LateContext(settings.section, clusters))
    try {
      const exported = await withDeadline(
        importClass(settings, dirname(resolve(config.file))),
        loadDeadlineMs,
        'loading it'
      )
      await module.create(exported, loadDeadlineMs)
      modules.push(module)
    } catch (error) {
      const path = `${module.path}.class-name`
      const allowed = 'a file or package whose default export is a class, see docs/custom-modules.md'
      mistakes.add(path, `cannot use the module: ${textOf(error)}`, showValue(settings.className), allowed)
    }
  }
  return { modules, mistakes: mistakes.list }
}

async function importClass({ className }: CustomModuleSettings, dir: string): Promise<unknown> {
  const url = className.startsWith(packagePrefix)
    ? packageUrl(className.slice(packagePrefix.length), dir)
    : pathToFileURL(resolve(dir, className)).href
  const exported: object = await import(url)
  const theDefault: unknown = Reflect.get(exported, 'default')
  if (theDefault === undefined) throw new TypeError('it has no default export')
  return theDefault
}

/** As installed beside the configuration file, else beside this program. */
function packageUrl(name: string, dir: string): string {
  try {
    return pathToFileURL(createRequire(join(dir, 'burrow.toml')).resolve(name)).href
  } catch {
    return name
  }
}
