import { get } from 'node:http'

export interface ScrapedPage {
  readonly seconds: number
  readonly bytes: number
  readonly linesByFamily: ReadonlyMap<string, number>
}

const newline = 10
const scrapeBoundMs = 60_000

/** One page of `/metrics`, uncompressed. The time is until its last byte; what is in it is looked at afterwards. */
export async function scrape(address: string): Promise<ScrapedPage> {
  const startMs = performance.now()
  const chunks = await fetchChunks(`http://${address}/metrics`)
  const seconds = (performance.now() - startMs) / 1000
  const bytes = chunks.reduce((sum, chunk) => sum + chunk.length, 0)
  return { seconds, bytes, linesByFamily: countLines(chunks) }
}

function fetchChunks(url: string): Promise<Buffer[]> {
  return new Promise((resolve, reject) => {
    const chunks: Buffer[] = []
    const request = get(url, { timeout: scrapeBoundMs, headers: { 'accept-encoding': 'identity' } }, response => {
      if (response.statusCode !== 200) reject(new Error(`/metrics answered ${response.statusCode}`))
      response.on('data', (chunk: Buffer) => chunks.push(chunk))
      response.once('end', () => (response.complete ? resolve(chunks) : reject(new Error('/metrics was cut off'))))
      response.once('error', reject)
    })
    request.once('error', reject)
    request.once('timeout', () => request.destroy(new Error(`/metrics took more than ${scrapeBoundMs} ms`)))
  })
}

/** Lines by what stands before `{` or a blank; comments are left out. */
function countLines(chunks: readonly Buffer[]): Map<string, number> {
  const counts = new Map<string, number>()
  let rest: Buffer = Buffer.alloc(0)
  for (const chunk of chunks) {
    const end = chunk.lastIndexOf(newline)
    if (end < 0) {
      rest = Buffer.concat([rest, chunk])
      continue
    }
    const whole = Buffer.concat([rest, chunk.subarray(0, end + 1)]).toString('latin1')
    rest = chunk.subarray(end + 1)
    for (const [, name] of whole.matchAll(/^([a-z_:][^{ ]*)/gim)) counts.set(name!, (counts.get(name!) ?? 0) + 1)
  }
  return counts
}
