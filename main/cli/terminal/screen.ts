import { StatusConstant, statusToText } from '../../../shared/protocol/status.ts'

/** What is known of the place that output goes to. */
export interface Screen {
  readonly colours: boolean
  /** Columns; null = no limit, for what is piped. */
  readonly width: number | null
}

/** A terminal that says nothing of its width. */
const widthDefault = 80

/** https://no-color.org: any value but '' of NO_COLOR. */
export function screenOf(
  stdout: { readonly isTTY?: boolean; readonly columns?: number },
  environment: NodeJS.ProcessEnv
): Screen {
  if (!stdout.isTTY) return { colours: false, width: null }
  const colours = !environment.NO_COLOR && environment.TERM !== 'dumb'
  return { colours, width: Math.max(widthMin, stdout.columns || widthDefault) }
}

/** Narrower than this, a table says nothing. */
export const widthMin = 20

/** A text in the colour of a status: `OK`, `WARN`, `STOP` and so on. */
export function paint(text: string, status: string, { colours }: Screen): string {
  const colour = colours ? colourByStatus.get(status) : undefined
  return colour === undefined ? text : `\x1b[${colour}m${text}\x1b[0m`
}

export function bold(text: string, { colours }: Screen): string {
  return colours ? `\x1b[1m${text}\x1b[0m` : text
}

/** Cursor home, the rest of the screen empty. */
export const clearScreen = '\x1b[H\x1b[2J'

/** ECMA-48 SGR: green, yellow, bold red, magenta. */
const colourByStatus: ReadonlyMap<string, string> = new Map([
  [statusToText(StatusConstant.OK), '32'],
  [statusToText(StatusConstant.Warning), '33'],
  [statusToText(StatusConstant.NotFound), '35'],
  ...[StatusConstant.Error, StatusConstant.Stop, StatusConstant.Stall, StatusConstant.Rewind].map(
    status => [statusToText(status), '1;31'] as const
  )
])
