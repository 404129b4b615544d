import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect } from 'chai'
import { Child } from '../../support/child-process.ts'
import { cliFile } from '../../support/paths.ts'
import { tempFolder } from '../../support/temp-folder.ts'

const dated = '[A-Z][a-z]+ \\d{1,2}, \\d{4} at \\d{1,2}:\\d\\d[ap]m \\([^)]+\\)\n'

async function run(...args: readonly string[]): Promise<Child> {
  const child = new Child(process.execPath, [cliFile, ...args], { cwd: tempFolder('cli') })
  await child.exited
  return child
}

describe('cli', () => {
  it('teaches with --help', async () => {
    const { exitStatus, stdout, stderr } = await run('-help')
    expect(exitStatus?.code).to.equal(0)
    expect(stderr).to.equal('')
    for (const word of ['--config-dir', '--kafka-threads', '--storage-threads', '--evaluator-threads', '--port']) {
      expect(stdout).to.contain(word)
    }
    expect(stdout).to.contain('burrow demo --port 8000').and.to.contain('[cluster.local]').and.to.contain('Exit codes:')
  })

  it('refuses an unknown flag, says the near one and the usage', async () => {
    const { exitStatus, stdout, stderr } = await run('-confg-dir', '.')
    expect(exitStatus?.code).to.equal(2)
    expect(stdout).to.equal('')
    expect(stderr).to.match(/^error: unknown option '--confg-dir'\n\(Did you mean --config-dir\?\)\n\nUsage: burrow /)
  })

  it('refuses an unknown command and a bad number of threads', async () => {
    const [word, threads] = await Promise.all([run('dmo'), run('run', '--storage-threads=0')])
    expect(word.exitStatus?.code).to.equal(2)
    expect(word.stderr).to.match(/^error: unknown command 'dmo'; did you mean demo\?\n\nUsage: /)
    expect(threads.exitStatus?.code).to.equal(2)
    expect(threads.stderr).to.match(
      /^error: option '--storage-threads <n>' argument '0' is invalid\. It must be auto, or a whole number from 1 to 64\.\n/
    )
  })

  it('tells every mistake of a configuration on a line, without a stack, with exit code 1', async () => {
    const folder = tempFolder('cli')
    writeFileSync(join(folder, 'burrow.toml'), '[storage.a]\nclass-name = "x"\nintervals = 0\n')
    const { exitStatus, stderr } = await run(`-config-dir=${folder}`)
    expect(exitStatus?.code).to.equal(1)
    expect(stderr).to.match(
      new RegExp(
        `^Reading configuration from ${folder}\n` +
          `Invalid configuration, 2 mistakes in ${folder}/burrow.toml:\n` +
          'storage.a.class-name: Unknown storage className provided: x [^\n]+\n' +
          'storage.a.intervals: out of range [^\n]+\n' +
          `Burrow failed at ${dated}$`
      )
    )
  })

  it('looks in the current folder, and says when nothing is there', async () => {
    const { exitStatus, stderr } = await run()
    expect(exitStatus?.code).to.equal(1)
    expect(stderr).to.match(
      new RegExp(
        `^Reading configuration from \\.\nFailed reading configuration: Config File "burrow" Not Found in "[^\n]+\nBurrow failed at ${dated}$`
      )
    )
  })
})
