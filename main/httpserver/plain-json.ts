import { ascii, ByteWriter } from '../../shared/json/byte-writer.ts'

export type PlainJson = string | number | boolean | null | readonly PlainJson[] | { readonly [key: string]: PlainJson }

/**
 * JSON with Go's escapes, keys in the order given; numbers are integers. For the small values that main itself knows; pages come from
 * the evaluator pool as bytes. Main thread.
 */
export function plainJson(value: PlainJson): Uint8Array {
  const writer = new ByteWriter(256)
  write(writer, value)
  return writer.take()
}

function write(writer: ByteWriter, value: PlainJson): void {
  if (typeof value === 'string') writer.string(value)
  else if (typeof value === 'number') writer.integer(value)
  else if (typeof value === 'boolean' || value === null) writer.raw(ascii(String(value)))
  else if (isList(value)) writeAll(writer, '[]', value, element => write(writer, element))
  else
    writeAll(writer, '{}', Object.entries(value), ([key, element]) => {
      writer.string(key)
      writer.raw(ascii(':'))
      write(writer, element)
    })
}

function writeAll<T>(
  writer: ByteWriter,
  brackets: '[]' | '{}',
  elements: readonly T[],
  one: (element: T) => void
): void {
  writer.raw(ascii(brackets[0]!))
  for (const [index, element] of elements.entries()) {
    if (index > 0) writer.raw(ascii(','))
    one(element)
  }
  writer.raw(ascii(brackets[1]!))
}

/** Array.isArray does not see readonly arrays. */
function isList(value: PlainJson): value is readonly PlainJson[] {
  return Array.isArray(value)
}
