/**
 * A name as it is shown. Names are whatever somebody committed with: control characters, those that turn the direction of writing and
 * those that cannot be seen become `\x1b`, `\u{202e}`, as in the terminal (docs/terminal.md); a name that begins or ends with a blank
 * gets quotes. Right-to-left letters stay, in an element of their own (<bdi>).
 */
export function visibleName(name: string, charactersMax = 200): string {
  // By characters of two halves each at most, so that none is cut in two.
  const start = [...name.slice(0, charactersMax * 2)].slice(0, charactersMax).join('')
  const cut = start.length < name.length ? `${start}…` : name
  const shown = cut.replace(unsafe, character => {
    const code = character.codePointAt(0)!
    return code < 0x100 ? `\\x${code.toString(16).padStart(2, '0')}` : `\\u{${code.toString(16)}}`
  })
  return shown === '' || shown !== shown.trim() ? `"${shown}"` : shown
}

const unsafe = /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Cs}\p{Co}]/gu
