// Installs packages and compiles when they are missing or stale, so that `npm start` and `npm test` work on a fresh clone. With
// `--compile` it compiles in any case and installs nothing (`npm run build`).
// Plain JavaScript and Node's own modules only: it runs before there is anything else.
import { spawnSync } from 'node:child_process'
import { existsSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'

const root = dirname(dirname(fileURLToPath(import.meta.url)))
const installStamp = join(root, 'node_modules', '.burrow-lock')
const buildStamp = join(root, 'dist', '.built')
const onlyCompile = process.argv.includes('--compile')
const lock = readFileSync(join(root, 'package-lock.json'), 'utf8')

if (!onlyCompile && (!existsSync(installStamp) || readFileSync(installStamp, 'utf8') !== lock)) {
  run('installing packages', 'npm', ['ci', '--no-fund', '--no-audit', '--loglevel=error'])
  writeFileSync(installStamp, lock)
}
if (onlyCompile || newestSource() > (existsSync(buildStamp) ? statSync(buildStamp).mtimeMs : 0)) {
  rmSync(join(root, 'dist'), { recursive: true, force: true }) // or tests of deleted sources would go on running
  const tsc = join(root, 'node_modules', 'typescript', 'bin', 'tsc')
  const page = join('main', 'httpserver', 'page')
  run('compiling', process.execPath, [tsc, '-p', 'tsconfig.json'])
  run('checking the page', process.execPath, [tsc, '-p', join(page, 'tsconfig.json')])
  run('building the page', process.execPath, [join(page, 'build.mjs')])
  writeFileSync(buildStamp, '')
}

function newestSource() {
  let newest = statSync(join(root, 'tsconfig.json')).mtimeMs
  for (const folder of ['shared', 'workers', 'main', 'test', 'bench']) {
    for (const entry of readdirSync(join(root, folder), { recursive: true })) {
      if (!/\.(ts|tsx|css|html|svg|mjs|json)$/.test(entry)) continue
      newest = Math.max(newest, statSync(join(root, folder, entry)).mtimeMs)
    }
  }
  return newest
}

function run(what, command, args) {
  console.error(`${what} ...`)
  const result = spawnSync(command, args, { cwd: root, stdio: ['ignore', 'inherit', 'inherit'] })
  if (result.status !== 0) {
    console.error(`${what} failed`)
    process.exit(result.status ?? 1)
  }
}
