/**
 * Text from outside, fit for a terminal: names of groups are whatever somebody committed with, and a terminal obeys what it is shown.
 * Control characters, those that turn the direction of writing, those that cannot be seen, and lone surrogates become `\x1b`,
 * `\u{202e}`; a backslash becomes two, so that nobody can write such an escape himself.
 */
export function safeText(text: string): string {
  return text.replace(unsafe, character => {
    if (character === '\\') return '\\\\'
    const code = character.codePointAt(0)!
    return code < 0x100 ? `\\x${code.toString(16).padStart(2, '0')}` : `\\u{${code.toString(16)}}`
  })
}

/** Cc, Cf (joiners and marks of direction too), Zl, Zp, Cs, Co of Unicode, and the backslash. */
const unsafe = /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Cs}\p{Co}\\]/gu
