import { messageOf } from '../../shared/errors.ts'
import { AskFailed } from './ask/ask-failed.ts'
import { askGroup, askGroups, type StatusAnswer, type StatusQuestion } from './ask/ask-status.ts'
import { BurrowClient } from './ask/burrow-client.ts'
import { exitCodeOf } from './ask/exit-codes.ts'
import { findUrl, type WhereToAsk } from './ask/find-url.ts'
import { watchStopSignals } from './stop-signals.ts'
import { safeText } from './terminal/safe-text.ts'
import { clearScreen, type Screen, screenOf } from './terminal/screen.ts'
import { statusLines } from './terminal/status-lines.ts'

export interface StatusOptions extends StatusQuestion, WhereToAsk {
  readonly json: boolean
  /** Look again and again until a signal comes. */
  readonly watch: boolean
}

/** From the end of one look to the next. */
export const watchPeriodMs = 2000

/**
 * `burrow status`: asks a running instance how groups are doing and prints it, worst first. Resolves with the exit code: 0, 1, 2 for OK,
 * WARN, ERR, 3 if that could not be found out; of `--watch`, which only a signal ends, 0. Docs: docs/terminal.md.
 */
export async function statusCommand(options: StatusOptions): Promise<number> {
  let url: string
  try {
    url = findUrl(options, process.env)
  } catch (error) {
    return failed(error)
  }
  const client = new BurrowClient(url)
  return options.watch ? watch(client, options) : once(client, options)
}

async function once(client: BurrowClient, options: StatusOptions): Promise<number> {
  try {
    const answer = await ask(client, options)
    console.log(shown(answer, options, screenOf(process.stdout, process.env)))
    return answer.exitCode
  } catch (error) {
    return failed(error)
  }
}

async function watch(client: BurrowClient, options: StatusOptions): Promise<number> {
  const signals = watchStopSignals(() => process.exit(exitCodeOf.ok))
  let stopped = false
  const stop = signals.first.then(() => {
    stopped = true
  })
  while (!stopped) {
    const looked = look(client, options)
    const text = await Promise.race([looked, stop])
    if (text === undefined) break
    process.stdout.write(`${process.stdout.isTTY ? clearScreen : ''}${text}\n`)
    await Promise.race([pause(watchPeriodMs), stop])
  }
  signals.dispose()
  return exitCodeOf.ok
}

/** What cannot be asked now may be answered the next time. */
async function look(client: BurrowClient, options: StatusOptions): Promise<string> {
  try {
    return shown(await ask(client, options), options, screenOf(process.stdout, process.env))
  } catch (error) {
    if (!(error instanceof AskFailed)) throw error
    return `BURROW UNKNOWN - ${error.message}`
  }
}

function ask(client: BurrowClient, options: StatusOptions): Promise<StatusAnswer> {
  return options.group === undefined ? askGroups(client, options) : askGroup(client, options, options.group)
}

function shown(answer: StatusAnswer, { json }: StatusOptions, screen: Screen): string {
  return json ? JSON.stringify(answer.json, null, 2) : statusLines(answer, screen).join('\n')
}

/** One line on standard output, which is what Nagios shows. */
export function failed(error: unknown): number {
  if (!(error instanceof AskFailed)) {
    console.log(`BURROW UNKNOWN - ${safeText(messageOf(error))}`)
    return exitCodeOf.unknown
  }
  console.log(`BURROW UNKNOWN - ${error.message}`)
  return exitCodeOf.unknown
}

function pause(ms: number): Promise<void> {
  return new Promise(resolve => {
    setTimeout(resolve, ms)
  })
}
