import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { caPem, serverKey, serverPem } from '../main/config/pem-samples.ts'
import { projectRoot } from './paths.ts'
import { tempFolder } from './temp-folder.ts'

/** Files that the examples name, in a folder that stands for /etc/burrow. */
const files = {
  'ca.pem': caPem,
  'cert.pem': `${serverPem}${caPem}`,
  'key.pem': serverKey,
  'open.tmpl': 'x',
  'close.tmpl': 'x',
  token: 'x'
}

/** What examples may leave out: each is a part of a file. */
export const partsOfFiles =
  /nothing uses it|used by no cluster|nothing is watched|there is no section|every process with this file|no section \[consumer/

/** The TOML blocks of a page of the project, with their files in place. */
export function tomlExamples(page: string): readonly string[] {
  const folder = tempFolder('examples')
  for (const [name, text] of Object.entries(files)) writeFileSync(join(folder, name), text)
  const text = readFileSync(join(projectRoot, page), 'utf8')
  return [...text.matchAll(/```toml\n([\s\S]*?)```/g)].map(([, toml]) => toml!.replaceAll('/etc/burrow/', `${folder}/`))
}
