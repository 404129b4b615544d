import stringWidth from 'string-width'

/** Columns that a text takes in a terminal. The only file that knows string-width. For text that safeText has seen. */
export function textWidth(text: string): number {
  return /^[\x20-\x7e]*$/.test(text) ? text.length : stringWidth(text)
}

/** Cut to `width` columns, with an ellipsis where something is missing, and filled up with blanks. */
export function fitText(text: string, width: number, align: 'left' | 'right' = 'left'): string {
  const cut = textWidth(text) <= width ? text : cutText(text, width)
  const blanks = ' '.repeat(Math.max(0, width - textWidth(cut)))
  return align === 'left' ? cut + blanks : blanks + cut
}

/** Lines of at most `width` columns, broken at blanks where there are any. */
export function wrapText(text: string, width: number): string[] {
  const lines: string[] = []
  let line = ''
  for (const word of text.split(' ')) {
    const longer = line === '' ? word : `${line} ${word}`
    if (line === '' || textWidth(longer) <= width) line = longer
    else {
      lines.push(line)
      line = word
    }
  }
  return [...lines, line].flatMap(each => chop(each, width))
}

/** Whole graphemes only: half an emoji is two columns of rubbish. */
function cutText(text: string, width: number): string {
  let cut = ''
  let used = 0
  for (const { segment } of segmenter.segment(text.slice(0, charactersLookedAtMax))) {
    used += textWidth(segment)
    if (used > width - 1) break
    cut += segment
  }
  return width < 1 ? '' : `${cut}…`
}

function chop(line: string, width: number): string[] {
  if (textWidth(line) <= width || width < 2) return [line]
  const lines: string[] = []
  let piece = ''
  for (const { segment } of segmenter.segment(line)) {
    if (textWidth(piece + segment) > width) {
      lines.push(piece)
      piece = ''
    }
    piece += segment
  }
  return [...lines, piece]
}

const segmenter = new Intl.Segmenter('en', { granularity: 'grapheme' })
/** No terminal is wider; a name may have 32,767 characters. */
const charactersLookedAtMax = 4096
