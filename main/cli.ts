#!/usr/bin/env node
import { Command, CommanderError, InvalidArgumentError } from 'commander'
import { withTwoDashes } from './cli/go-flags.ts'
import { helpExamples } from './cli/help-text.ts'
import type { ThreadCount, ThreadSettings } from './config/app-config.ts'
import { didYouMean } from './config/near-spelling.ts'
import { threadCountForms, toThreadCount } from './config/threads.ts'
import { packageVersion } from './package-version.ts'

/**
 * The command line: `burrow [run]`, `burrow check`, `burrow demo`. Whatever runs is loaded when it runs, so that help and
 * mistakes in flags are answered at once. The only file that knows commander. Exit codes: spec 05 section 9.
 */
const usageExitCode = 2

const configDirOption = [
  '--config-dir <dir>',
  'directory that holds burrow.toml (or .json, .yaml, .env); may contain $NAME of the environment',
  '.'
] as const

interface ThreadFlags {
  readonly kafkaThreads?: ThreadCount
  readonly storageThreads?: ThreadCount
  readonly evaluatorThreads?: ThreadCount
}

const program = new Command('burrow')
  .description('Watches the consumer groups of Kafka clusters and says which of them fall behind.')
  .version(packageVersion(), '--version', 'print the version')
  .helpOption('-h, --help', 'print this')
  .usage(
    '[run] [--config-dir DIR] [--kafka-threads N] [--storage-threads N] [--evaluator-threads N]\n       burrow check [--config-dir DIR] [--connect]\n       burrow demo [--port N]'
  )
  .addHelpText('after', helpExamples)
  .exitOverride()
  .showSuggestionAfterError()

const runCommand = withThreadFlags(
  program
    .command('run', { isDefault: true })
    .description('run with burrow.toml (this is what burrow does without a command)')
    .option(...configDirOption)
)
runCommand.action(async (flags: ThreadFlags & { readonly configDir: string }) => {
  refuseWords(runCommand)
  const run = await import('./cli/run-command.ts')
  await end(run.runCommand(flags.configDir, threadsOf(flags)))
})

const checkCommand = program
  .command('check')
  .description('say what is in burrow.toml and what is wrong with it, and start nothing')
  .option(...configDirOption)
  .option('--connect', 'try every broker, ZooKeeper and mail server as well', false)
  .allowExcessArguments()
  .exitOverride()
checkCommand.action(async (flags: { readonly configDir: string; readonly connect: boolean }) => {
  refuseWords(checkCommand)
  const check = await import('./cli/check-command.ts')
  await end(check.checkCommand(flags.configDir, { connect: flags.connect }))
})

const demoCommand = withThreadFlags(
  program
    .command('demo')
    .description('run beside a simulated Kafka cluster with groups in every state')
    .option('--port <n>', 'HTTP port on 127.0.0.1, 0 = a free one', toPort, 8000)
)
demoCommand.action(async (flags: ThreadFlags & { readonly port: number }) => {
  refuseWords(demoCommand)
  const demo = await import('./cli/demo-command.ts')
  await end(demo.demoCommand({ port: flags.port, threads: threadsOf(flags) }))
})

try {
  await program.parseAsync(withTwoDashes(process.argv.slice(2)), { from: 'user' })
} catch (error) {
  if (!(error instanceof CommanderError)) throw error
  if (error.exitCode !== 0) {
    process.stderr.write(`\nUsage: burrow ${program.usage()}\nburrow --help says more.\n`)
    process.exitCode = usageExitCode
  }
}

function withThreadFlags(command: Command): Command {
  return command
    .option('--kafka-threads <n>', 'threads that read from Kafka, a number or auto', toThreads)
    .option('--storage-threads <n>', 'threads that keep the windows, a number or auto', toThreads)
    .option('--evaluator-threads <n>', 'threads that judge groups, a number or auto', toThreads)
    .allowExcessArguments() // refused by refuseWords, in better words
    .exitOverride()
}

/** The original ignores words that are no flags; a misspelt command would start the monitor instead. */
function refuseWords({ args }: Command): void {
  if (args.length === 0) return
  const near = didYouMean(args[0]!, ['run', 'check', 'demo', 'help'])
  program.error(`error: unknown command '${args[0]}'${near}`, { exitCode: usageExitCode })
}

function threadsOf({ kafkaThreads, storageThreads, evaluatorThreads }: ThreadFlags): Partial<ThreadSettings> {
  return {
    ...(kafkaThreads !== undefined && { kafka: kafkaThreads }),
    ...(storageThreads !== undefined && { storage: storageThreads }),
    ...(evaluatorThreads !== undefined && { evaluator: evaluatorThreads })
  }
}

function toThreads(text: string): ThreadCount {
  const count = toThreadCount(text)
  if (count === null) throw new InvalidArgumentError(`It must be ${threadCountForms}.`)
  return count
}

function toPort(text: string): number {
  const port = /^\d{1,5}$/.test(text) ? Number(text) : -1
  if (port < 0 || port > 65_535) throw new InvalidArgumentError('It must be a whole number from 0 to 65535.')
  return port
}

/** Ends the process even if something still holds it open: by now everything was stopped or given up. */
async function end(code: Promise<number>): Promise<void> {
  process.exit(await code)
}
