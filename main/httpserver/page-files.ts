import { createHash } from 'node:crypto'
import { readdirSync, readFileSync } from 'node:fs'
import { extname, join } from 'node:path'

/** A file of the page in all its forms. */
export interface PageFile {
  readonly contentType: string
  /** With quotes. */
  readonly etag: string
  readonly plain: Uint8Array
  /** Compressed by the build; null = there is no such form. */
  readonly gzip: Uint8Array | null
  readonly br: Uint8Array | null
}

export const indexName = 'index.html'

/**
 * The page as it was built, by the names of its files, in memory: some hundred kilobytes. Read once, at start; null if it was not built. A
 * name with `.gz` or `.br` behind it is a form of the file without; what has no hash in its name is left out.
 */
export function readPageFiles(folder: string): ReadonlyMap<string, PageFile> | null {
  let names: readonly string[]
  try {
    names = readdirSync(folder)
  } catch {
    return null
  }
  if (!names.includes(indexName)) return null
  const read = (name: string) => (names.includes(name) ? readFileSync(join(folder, name)) : null)
  const files = new Map<string, PageFile>()
  for (const name of names) {
    const contentType = typeByExtension[extname(name)]
    if (contentType === undefined || !(name === indexName || hashedName.test(name))) continue
    const plain = readFileSync(join(folder, name))
    const etag = `"${createHash('sha256').update(plain).digest('base64url').slice(0, 22)}"`
    files.set(name, { contentType, etag, plain, gzip: read(`${name}.gz`), br: read(`${name}.br`) })
  }
  return files
}

/** Browsers keep these for ever, so a file without a hash in its name is none of the page. */
const hashedName = /^[\w.-]+-[A-Z0-9]{8}\.\w+$/

const typeByExtension: Readonly<Record<string, string>> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.svg': 'image/svg+xml',
  '.png': 'image/png',
  '.ico': 'image/x-icon',
  '.woff2': 'font/woff2',
  '.webmanifest': 'application/manifest+json'
}
