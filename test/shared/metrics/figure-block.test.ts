import { expect } from 'chai'
import {
  blockLineBytesMax,
  entryF64,
  type FigureBlock,
  FigureBlockBuilder,
  labelHeadBytes,
  labelLength,
  labelPairs,
  pieceF64
} from '../../../shared/metrics/figure-block.ts'

const line = { totalLag: 7, maxLag: 5, status: 2, commitAgeSeconds: 1.5 }

describe('blocks of figures', () => {
  it('hold groups and partitions in the order given', () => {
    const builder = new FigureBlockBuilder()
    builder.group(labelPairs('c', 'a"b'), line)
    builder.entry('t', 0, 1, 2, 30)
    builder.entry('u', 0, 0, 5, 40)
    builder.group(labelPairs('c', 'empty'), line)
    const [block, ...others] = builder.finish()
    expect(others).to.deep.equal([])
    expect(rows(block!)).to.deep.equal([
      {
        labels: 'cluster="c",consumer_group="a\\"b"',
        isFirst: 1,
        entries: ['",topic="t"}  0 1 2 30', '",topic="u"}  0 0 5 40']
      },
      { labels: 'cluster="c",consumer_group="empty"', isFirst: 1, entries: [] }
    ])
    expect([...block!.pieces.slice(pieceF64.totalLag, pieceF64.isFirst)]).to.deep.equal([7, 5, 2, 1.5])
    expect(builder.finish()).to.deep.equal([])
  })

  it('go on in another block with a group that is too large for one, and lose nothing', () => {
    const builder = new FigureBlockBuilder()
    builder.group(labelPairs('c', 'g'), line)
    for (let partition = 0; partition < 10_000; partition++) builder.entry(`t${partition % 3}`, partition, 1, 0, 0)
    const found = builder.finish().map(rows)
    expect(found.length).to.be.greaterThan(1)
    expect(found.map(pieces => pieces.map(({ isFirst }) => isFirst))).to.deep.equal(
      found.map((_, index) => [index === 0 ? 1 : 0])
    )
    const entries = found.flat().flatMap(piece => piece.entries)
    expect(entries).to.deep.equal(
      Array.from({ length: 10_000 }, (_, partition) => `",topic="t${partition % 3}"}  ${partition} 1 0 0`)
    )
  })

  it('stay small when names are long', () => {
    const builder = new FigureBlockBuilder()
    builder.group(labelPairs('c', 'g'.repeat(30_000)), line)
    for (let partition = 0; partition < 100; partition++) builder.entry('t', partition, 1, 0, 0)
    for (const block of builder.finish()) {
      const lines = block.entries.length / entryF64.words
      expect(lines * 30_000).to.be.lessThan(blockLineBytesMax * 1.5)
    }
    for (let group = 0; group < 1000; group++) builder.group(labelPairs('c', 'é'.repeat(5000)), line)
    const blocks = builder.finish()
    expect(blocks.flatMap(rows)).to.have.length(1000)
    for (const { text } of blocks) expect(text.length).to.be.lessThan(blockLineBytesMax * 1.5)
  })
})

function rows({ text, pieces, entries }: FigureBlock) {
  const labelAt = (place: number) =>
    Buffer.from(text.subarray(place + labelHeadBytes, place + labelHeadBytes + labelLength(text, place))).toString()
  return Array.from({ length: pieces.length / pieceF64.words }, (_, index) => {
    const piece = pieces.subarray(index * pieceF64.words, (index + 1) * pieceF64.words)
    const shown: string[] = []
    for (let entry = piece[pieceF64.from]!; entry < piece[pieceF64.to]!; entry++) {
      const words = entries.subarray(entry * entryF64.words, (entry + 1) * entryF64.words)
      const packed = words[entryF64.partitionAndStatus]!
      const [lag, offset] = [words[entryF64.lag]!, words[entryF64.offset]!]
      shown.push(`${labelAt(words[entryF64.topic]!)} ${Math.floor(packed / 8)} ${packed % 8} ${lag} ${offset}`)
    }
    return { labels: labelAt(piece[pieceF64.labels]!), isFirst: piece[pieceF64.isFirst], entries: shown }
  })
}
