/** Pieces that a template is read as. `value` is the source as it stands, quotes included. */
export interface Token {
  readonly type: TokenType
  readonly value: string
  /** UTF-16 units from the start of the source. */
  readonly at: number
}

export type TokenType =
  | 'error' // value = what is wrong; the last but one token
  | 'eof'
  | 'text'
  | 'left-delimiter'
  | 'right-delimiter'
  | 'space'
  | 'keyword'
  | 'identifier'
  | 'field' // with its point
  | 'variable' // with its dollar sign
  | 'dot'
  | 'nil'
  | 'bool'
  | 'number'
  | 'character'
  | 'string'
  | 'raw-string'
  | 'assign'
  | 'declare'
  | 'pipe'
  | 'left-parenthesis'
  | 'right-parenthesis'
  | 'other' // one printable ASCII character that means nothing by itself, a comma for instance

export const leftDelimiter = '{{'
export const rightDelimiter = '}}'
/** What trim markers take away, and what separates words. */
export const spaceCharacters = ' \t\r\n'

export function isSpace(character: string | undefined): boolean {
  return character !== undefined && character !== '' && spaceCharacters.includes(character)
}
