import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

const folders = new Set<string>()

process.on('exit', () => {
  for (const folder of folders) rmSync(folder, { recursive: true, force: true })
})

/** A new empty folder; what is left of it goes when the process ends. */
export function tempFolder(name: string): string {
  const folder = mkdtempSync(join(tmpdir(), `burrow-${name}-`))
  folders.add(folder)
  return folder
}

export function removeTempFolder(folder: string): void {
  rmSync(folder, { recursive: true, force: true, maxRetries: 3 })
  folders.delete(folder)
}
