import { constants, crc32, deflateRawSync, gunzipSync, inflateRawSync } from 'node:zlib'
import { expect } from 'chai'
import { gzipFrame } from '../../../main/metrics/gzip-frame.ts'
import type { MetricsPartResult } from '../../../shared/actor/evaluator-tasks.ts'

describe('gzip stream out of parts', () => {
  for (const texts of [[], [''], ['a'], ['one\n', '', 'two\n'.repeat(50_000), 'three']]) {
    it(`of ${texts.length} parts is one member with their text`, async () => {
      const chunks: Uint8Array[] = []
      for await (const chunk of gzipFrame(parts(texts))) chunks.push(chunk)
      const whole = Buffer.concat(chunks)
      expect(gunzipSync(whole).toString()).to.equal(texts.join(''))
      // Readers that stop after the first member must have seen all.
      expect(inflateRawSync(whole.subarray(10)).toString()).to.equal(texts.join(''))
    })
  }
})

async function* parts(texts: readonly string[]): AsyncGenerator<MetricsPartResult> {
  for (const text of texts) {
    const bytes = Buffer.from(text)
    const body = deflateRawSync(bytes, { level: 1, finishFlush: constants.Z_SYNC_FLUSH })
    yield { kind: 'part', body, textBytes: bytes.length, crc: crc32(bytes) }
  }
}
