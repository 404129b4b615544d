// Builds the page: node main/httpserver/page/build.mjs [DIRECTORY of compiled output, default dist]
//
//   start.tsx ─ esbuild ─► page-HASH.js, page-HASH.css ─┬─► .br, .gz of each
//   index.html ─ their names put in ──► index.html ──────┘
//
// into DIRECTORY/main/httpserver/page/. Types are checked by tsc, with the tsconfig.json of this folder.
import { mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { basename, dirname, join, resolve } from 'node:path'
import { fileURLToPath } from 'node:url'
import { brotliCompressSync, constants, gzipSync } from 'node:zlib'
import { build } from 'esbuild'

const here = dirname(fileURLToPath(import.meta.url))
const root = resolve(here, '../../..')
const outDir = join(resolve(root, process.argv[2] ?? 'dist'), 'main', 'httpserver', 'page')

const { outputFiles } = await build({
  entryPoints: [join(here, 'start.tsx')],
  entryNames: 'page-[hash]',
  outdir: outDir,
  bundle: true,
  minify: true,
  format: 'esm',
  target: ['chrome116', 'firefox124', 'safari17.4'],
  jsx: 'automatic',
  jsxImportSource: 'preact',
  legalComments: 'none',
  write: false,
  logLevel: 'warning'
})

mkdirSync(outDir, { recursive: true })
for (const name of readdirSync(outDir)) {
  if (name.startsWith('page-')) rmSync(join(outDir, name)) // hashed names of earlier builds
}
const nameByEnding = new Map()
for (const { path, contents } of outputFiles) {
  const name = basename(path)
  nameByEnding.set(name.slice(name.lastIndexOf('.')), name)
  writeCompressed(name, contents)
}
const index = readFileSync(join(here, 'index.html'), 'utf8')
  .replace('@script@', `/page/${nameByEnding.get('.js')}`)
  .replace('@style@', `/page/${nameByEnding.get('.css')}`)
writeCompressed('index.html', Buffer.from(index))

function writeCompressed(name, contents) {
  const path = join(outDir, name)
  const params = { [constants.BROTLI_PARAM_QUALITY]: constants.BROTLI_MAX_QUALITY }
  writeFileSync(path, contents)
  writeFileSync(`${path}.br`, brotliCompressSync(contents, { params }))
  writeFileSync(`${path}.gz`, gzipSync(contents, { level: 9 }))
}
