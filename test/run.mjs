// Runs tiers of tests: node test/run.mjs unit|threads|simulator|browser|zookeeper|kafka|side-by-side|all [mocha options]
// One mocha process for all of them, so that the last line counts everything.
import { spawnSync } from 'node:child_process'
import { availableParallelism } from 'node:os'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'

const root = dirname(dirname(fileURLToPath(import.meta.url)))
const tiers = {
  unit: ['dist/test/shared', 'dist/test/workers', 'dist/test/main', 'dist/test/project'],
  threads: ['dist/test/threads'],
  simulator: ['dist/test/simulator'],
  browser: ['dist/test/browser'],
  zookeeper: ['dist/test/zookeeper'],
  kafka: ['dist/test/kafka'],
  'side-by-side': ['dist/test/side-by-side']
}
const [tier = 'all', ...options] = process.argv.slice(2)
const folders = tier === 'all' ? Object.values(tiers).flat() : tiers[tier]
if (!folders) {
  console.error(`unknown tier ${tier}: one of ${Object.keys(tiers).join(', ')}, all`)
  process.exit(2)
}
const result = spawnSync(
  process.execPath,
  [
    join(root, 'node_modules', 'mocha', 'bin', 'mocha.js'),
    '--exit', // a leaked thread must not hang the run
    '--timeout',
    '60000', // a bound for what hangs; on a host that others load too, a test of a second has taken twenty
    '--reporter',
    join(root, 'test', 'reporter.cjs'),
    // The inner loop is to be quick: 17 s instead of 26 on two cores. Unit tests share nothing beyond their file.
    ...(tier === 'unit' ? ['--parallel', '--jobs', String(availableParallelism())] : []),
    ...options,
    ...folders.map(folder => `${folder}/**/*.test.js`)
  ],
  { cwd: root, stdio: 'inherit' }
)
process.exit(result.status ?? 1)
