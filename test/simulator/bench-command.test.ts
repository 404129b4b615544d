import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect } from 'chai'
import { type BenchDocument, readDocument } from '../../bench/runner/document.ts'
import { suites } from '../../bench/suites/index.ts'
import { Child } from '../support/child-process.ts'
import { cliFile } from '../support/paths.ts'
import { tempFolder } from '../support/temp-folder.ts'

const boundMs = 180_000

async function bench(...args: readonly string[]): Promise<Child> {
  const child = new Child(process.execPath, [cliFile, 'bench', ...args])
  await child.exited
  return child
}

describe('bench: the command', () => {
  it('prints a document, and says what changed since', async () => {
    const first = await bench('groups', '--tiny', '--json', '--evaluator-threads', '1')
    expect(first.exitStatus?.code, first.said()).to.equal(0)
    const document = JSON.parse(first.stdout) as BenchDocument
    expect(document.suites.map(({ suite }) => suite)).to.deep.equal(['groups'])
    expect(document.suites[0]!.threads).to.deep.equal({ evaluator: 1 })
    expect(first.stderr).to.contain('| 60 groups in lists, 1 thread ').and.not.to.contain('2 threads')

    const file = join(tempFolder('bench'), 'before.json')
    writeFileSync(file, first.stdout)
    expect(readDocument(file)).to.deep.equal(document)
    const second = await bench('groups', '--tiny', '--evaluator-threads', '1', '--compare', file)
    expect(second.exitStatus?.code, second.said()).to.equal(0)
    expect(second.stdout).to.contain(`compared with the run of ${document.date}:`)
    expect(second.stdout).to.match(/\| groups \| 60 groups in lists, 1 thread .*\| (tie|better|worse|unsure) +\|/)
  }).timeout(boundMs)

  it('names every suite in its help', async () => {
    const help = (await bench('--help')).stdout.replaceAll(/\s+/g, ' ')
    expect(help).to.contain(`suites ${suites.map(({ name }) => name).join(', ')} Options:`)
  }).timeout(boundMs)

  it('refuses what it does not know', async () => {
    const [suite, size, file] = await Promise.all([
      bench('speed'),
      bench('idle', '--size', 'partitions=5'),
      bench('idle', '--compare', cliFile)
    ])
    expect(suite.stderr).to.match(/^error: no suite speed: one of evaluate, ingest, /)
    expect(size.stderr).to.match(/^error: partitions is no size of idle: one of clusters, /)
    expect(file.stderr).to.match(/^error: cannot compare with .*: /)
    for (const child of [suite, size, file]) expect(child.exitStatus?.code).to.equal(2)
  }).timeout(boundMs)
})
