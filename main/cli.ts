#!/usr/bin/env node
import { Command, CommanderError, InvalidArgumentError, Option } from 'commander'
import type { StatusConstant } from '../shared/protocol/status.ts'
import { withTwoDashes } from './cli/go-flags.ts'
import { helpExamples, notifyExamples } from './cli/help-text.ts'
import { statusFromText } from './cli/notify/status-from-json.ts'
import type { ThreadCount, ThreadSettings } from './config/app-config.ts'
import { didYouMean } from './config/near-spelling.ts'
import { threadCountForms, toThreadCount } from './config/threads.ts'
import { packageVersion } from './package-version.ts'

/**
 * The command line: `burrow [run]`, `burrow check`, `burrow status`, `burrow explain`, `burrow notify`, `burrow demo`, `burrow bench`.
 * Whatever runs is loaded when it runs, so that help and mistakes in flags are answered at once. The only file that knows commander. Exit codes: spec 05 section 9.
 */
const usageExitCode = 2
/** Of commands whose exit code is a status: 2 would be ERR. */
const unknownExitCode = 3

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
    '[run] [--config-dir DIR] [--kafka-threads N] [--storage-threads N] [--evaluator-threads N]\n       burrow check [--config-dir DIR] [--connect]\n       burrow status [--cluster C] [--group G] [--watch] [--json] [--url URL]\n       burrow explain CLUSTER GROUP [TOPIC PARTITION] [--json] [--url URL]\n       burrow notify --dry-run --cluster C --group G [--config-dir DIR]\n       burrow demo [--port N]\n       burrow bench [SUITE...] [--json] [--compare FILE]'
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

interface NotifyFlags {
  readonly configDir: string
  readonly dryRun: boolean
  readonly cluster: string
  readonly group: string
  readonly notifier?: string
  readonly status?: StatusConstant
  readonly url?: string
  readonly from?: string
  readonly showSecrets: boolean
  readonly json: boolean
}

const notifyCommand = program
  .command('notify')
  .description('show what the notifiers would say about a group; sends nothing')
  .option(...configDirOption)
  .option('--dry-run', 'needed: the command only shows, a running burrow sends by itself', false)
  .requiredOption('--cluster <name>', 'cluster of the group')
  .requiredOption('--group <name>', 'the group')
  .option('--notifier <name>', 'only this section [notifier.NAME]; default: all')
  .option(
    '--status <status>',
    'OK, WARN or ERR: a made-up example if the group is not like that, or not known',
    toStatus
  )
  .option('--url <url>', 'a running Burrow to ask; default: the first listener of the configuration')
  .addOption(new Option('--from <url>', 'the same as --url').hideHelp())
  .option('--show-secrets', 'show passwords, keys and whole URLs', false)
  .option('--json', 'print one JSON document', false)
  .addHelpText('after', notifyExamples)
  .allowExcessArguments()
  .exitOverride()
notifyCommand.action(async ({ dryRun, notifier, status, url, from, ...flags }: NotifyFlags) => {
  refuseWords(notifyCommand)
  if (!dryRun) {
    const sentence = 'error: burrow notify sends nothing, it shows what would be sent: say --dry-run'
    notifyCommand.error(sentence, { exitCode: usageExitCode })
  }
  const notify = await import('./cli/notify-command.ts')
  await end(
    notify.notifyCommand({ ...flags, notifier: notifier ?? null, status: status ?? null, url: url ?? from ?? null })
  )
})

interface AskFlags {
  readonly url?: string
  readonly configDir?: string
  readonly json: boolean
}

const statusCommand = withAskFlags(
  program.command('status').description('ask a running burrow how its groups are doing, worst first')
)
  .option('--cluster <name>', 'only this cluster; default: all')
  .option('--group <name>', 'only this group, with its partitions')
  .option('--limit <n>', 'groups that are shown, the worst of them', toRows, 100)
  .option('--watch', 'look again every 2 seconds until Ctrl-C', false)
statusCommand.action(
  async (
    flags: AskFlags & {
      readonly cluster?: string
      readonly group?: string
      readonly limit: number
      readonly watch: boolean
    }
  ) => {
    refuseWords(statusCommand)
    const status = await import('./cli/status-command.ts')
    await end(status.statusCommand(flags))
  }
)

const explainCommand = withAskFlags(
  program
    .command('explain')
    .description('ask a running burrow why a group, or a partition of it, has the status that it has')
    .argument('<cluster>')
    .argument('<group>')
    .argument('[topic]')
    .argument('[partition]', 'a number', toPartition)
)
explainCommand.action(
  async (cluster: string, group: string, topic: string | undefined, partition: number | undefined, flags: AskFlags) => {
    if (topic !== undefined && partition === undefined) {
      explainCommand.error('error: a topic without a partition: say which', { exitCode: unknownExitCode })
    }
    const explain = await import('./cli/explain-command.ts')
    const only = topic !== undefined && partition !== undefined ? { topic, partition } : {}
    await end(explain.explainCommand({ cluster, group, ...only, ...flags }))
  }
)

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

interface BenchOptions extends ThreadFlags {
  readonly tiny: boolean
  readonly json: boolean
  readonly compare?: string
  readonly rounds?: number
  readonly size: Readonly<Record<string, number>>
}

const benchCommand = withThreadFlags(
  program
    .command('bench')
    .description('measure this machine: the canonical load, or some suites of it')
    .argument('[suites...]', 'evaluate, ingest, http, events, sweep, memory, groups, idle, tune')
    .option('--size <name=n>', 'change a size of the suites, for example partitions=1000; may be repeated', addSize, {})
    .option('--rounds <n>', 'how often each case is measured', toCount)
    .option('--tiny', 'as small as possible: shows that results are right, not how fast', false)
    .option('--json', 'a document to standard output, tables to standard error', false)
    .option('--compare <file>', 'say what changed since the run that made this document')
)
benchCommand.action(async (suites: readonly string[], options: BenchOptions) => {
  const bench = await import('./cli/bench-command.ts')
  const { tiny, json, compare = null, rounds = null, size: sizes } = options
  await end(bench.benchCommand({ suites, tiny, json, compare, rounds, sizes, threads: threadsOf(options) }))
})

try {
  await program.parseAsync(withTwoDashes(process.argv.slice(2)), { from: 'user' })
} catch (error) {
  if (!(error instanceof CommanderError)) throw error
  if (error.exitCode !== 0) {
    process.stderr.write(`\nUsage: burrow ${program.usage()}\nburrow --help says more.\n`)
    const asks = [statusCommand, explainCommand].some(command => command.name() === process.argv[2])
    process.exitCode = asks ? unknownExitCode : usageExitCode
  }
}

function withAskFlags(command: Command): Command {
  return command
    .option('--url <url>', 'where it listens (default: BURROW_URL, else http://127.0.0.1:8000)')
    .option('--config-dir <dir>', 'ask the first listener of the configuration in this directory')
    .option('--json', 'print one JSON document', false)
    .allowExcessArguments(command.name() === 'status') // refused by refuseWords, in better words
    .exitOverride()
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
  const near = didYouMean(args[0]!, ['run', 'check', 'status', 'explain', 'notify', 'demo', 'bench', 'help'])
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

function toStatus(text: string): StatusConstant {
  const status = ['OK', 'WARN', 'ERR'].includes(text.toUpperCase()) ? statusFromText(text) : null
  if (status === null) throw new InvalidArgumentError('It must be OK, WARN or ERR.')
  return status
}

function toRows(text: string): number {
  const rows = /^\d{1,5}$/.test(text) ? Number(text) : 0
  if (rows < 1 || rows > 10_000) throw new InvalidArgumentError('It must be a whole number from 1 to 10000.')
  return rows
}

function toPartition(text: string): number {
  if (!/^\d{1,9}$/.test(text)) throw new InvalidArgumentError('It must be the number of a partition.')
  return Number(text)
}

function toPort(text: string): number {
  const port = /^\d{1,5}$/.test(text) ? Number(text) : -1
  if (port < 0 || port > 65_535) throw new InvalidArgumentError('It must be a whole number from 0 to 65535.')
  return port
}

function toCount(text: string): number {
  if (!/^[1-9]\d{0,8}$/.test(text)) throw new InvalidArgumentError('It must be a whole number from 1 to 999999999.')
  return Number(text)
}

function addSize(text: string, sizes: Readonly<Record<string, number>>): Record<string, number> {
  const at = text.indexOf('=')
  if (at < 1) throw new InvalidArgumentError('It must be a name, =, and a number.')
  return { ...sizes, [text.slice(0, at)]: toCount(text.slice(at + 1)) }
}

/** Ends the process even if something still holds it open: by now everything was stopped or given up. */
async function end(code: Promise<number>): Promise<void> {
  process.exit(await code)
}
