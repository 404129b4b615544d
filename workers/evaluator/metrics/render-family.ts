import { type ExpositionWriter, valueBytesMax } from '../../../shared/metrics/exposition-writer.ts'
import type { Family } from '../../../shared/metrics/families.ts'
import {
  entryF64,
  type FigureBlock,
  labelHeadBytes,
  labelLength,
  pieceF64
} from '../../../shared/metrics/figure-block.ts'
import { StatusConstant } from '../../../shared/protocol/status.ts'

/** Appends the lines of one family. Evaluator thread. */
export function renderFamily(writer: ExpositionWriter, family: Family, block: FigureBlock): void {
  const name = encoder.encode(`${family.name}{`)
  for (let piece = 0; piece < block.pieces.length; piece += pieceF64.words) {
    switch (family.about) {
      case 'group':
        if (block.pieces[piece + pieceF64.isFirst]) groupLine(writer, family, name, block, piece)
        break
      case 'group-state':
        if (block.pieces[piece + pieceF64.isFirst]) stateLines(writer, name, block, piece)
        break
      default:
        partitionLines(writer, family, name, block, piece)
    }
  }
}

/** `name{cluster="c",consumer_group="g"} 7` */
function groupLine(
  writer: ExpositionWriter,
  family: Family,
  name: Uint8Array,
  block: FigureBlock,
  piece: number
): void {
  begin(writer, name, block, piece)
  writer.raw(endOfLabels)
  writer.value(block.pieces[piece + (pieceOf[family.value] ?? pieceF64.totalLag)]!)
  writer.raw(newline)
}

/** A line for each state, in the order of their texts. */
function stateLines(writer: ExpositionWriter, name: Uint8Array, block: FigureBlock, piece: number): void {
  const status = block.pieces[piece + pieceF64.status]!
  for (const [state, label] of states) {
    begin(writer, name, block, piece)
    writer.raw(label)
    writer.raw(status === state ? one : zero)
  }
}

/** `name{cluster="c",consumer_group="g",partition="0",topic="t"} 7` for each partition. */
function partitionLines(
  writer: ExpositionWriter,
  family: Family,
  name: Uint8Array,
  block: FigureBlock,
  piece: number
): void {
  const { entries, text, pieces } = block
  const onlyFull = family.about === 'full-partition'
  const from = pieces[piece + pieceF64.from]! * entryF64.words
  const to = pieces[piece + pieceF64.to]! * entryF64.words
  let prefixFrom = -1
  let prefixTo = -1
  for (let entry = from; entry < to; entry += entryF64.words) {
    const partitionAndStatus = entries[entry + entryF64.partitionAndStatus]!
    const status = partitionAndStatus & 7 // `%` of a double is a call
    if (onlyFull && status === 0) continue
    const place = entries[entry + entryF64.topic]!
    const suffix = labelLength(text, place)
    if (prefixFrom < 0) {
      begin(writer, name, block, piece)
      writer.raw(partitionLabel)
      prefixTo = writer.length
      prefixFrom = prefixTo - name.length - labelLength(text, pieces[piece]!) - partitionLabel.length
    } else {
      writer.reserve(prefixTo - prefixFrom + lineRest)
      writer.again(prefixFrom, prefixTo)
    }
    writer.digits((partitionAndStatus - status) / 8)
    writer.reserve(suffix + lineRest)
    writer.raw(text, place + labelHeadBytes, place + labelHeadBytes + suffix)
    if (family.value === 'partition-status') writer.digits(status)
    else writer.value(entries[entry + (family.value === 'lag' ? entryF64.lag : entryF64.offset)]!)
    writer.raw(newline)
  }
}

/** `name{` and the labels of the piece; leaves room for what is short. */
function begin(writer: ExpositionWriter, name: Uint8Array, { text, pieces }: FigureBlock, piece: number): void {
  const place = pieces[piece + pieceF64.labels]!
  const length = labelLength(text, place)
  writer.reserve(name.length + length + partitionLabel.length + lineRest)
  writer.raw(name)
  writer.raw(text, place + labelHeadBytes, place + labelHeadBytes + length)
}

const pieceOf: Partial<Record<Family['value'], number>> = {
  'total-lag': pieceF64.totalLag,
  'max-lag': pieceF64.maxLag,
  'group-status': pieceF64.status,
  'commit-age': pieceF64.commitAgeSeconds
}

const encoder = new TextEncoder()
const partitionLabel = encoder.encode(',partition="')
const endOfLabels = encoder.encode('} ')
const newline = encoder.encode('\n')
const one = encoder.encode('1\n')
const zero = encoder.encode('0\n')
const states = [
  [StatusConstant.Error, encoder.encode(',status="ERR"} ')],
  [StatusConstant.OK, encoder.encode(',status="OK"} ')],
  [StatusConstant.Warning, encoder.encode(',status="WARN"} ')]
] as const
/** A partition number, the value and all that is constant behind a label. */
const lineRest = valueBytesMax + 64
