import type { MetricsSettings } from '../../main/config/app-config.ts'
import { Scraper } from '../../main/metrics/scraper.ts'
import { createLogger, createLogLevelWord } from '../../shared/log.ts'
import type { EvaluatorFixture } from './evaluator-fixture.ts'
import { noOwnFigures } from './metrics-server.ts'

/** Lines of a page about what the fixture holds, without those about the program itself. */
export async function metricsLines(
  fixture: EvaluatorFixture,
  settings: Partial<MetricsSettings> = {}
): Promise<string[]> {
  const scraper = new Scraper({
    settings: { set: 'burrow', maxSeries: 1_000_000, ...settings },
    clusters: ['c'],
    threads: 1,
    logger: createLogger(createLogLevelWord('info'), () => undefined),
    page: step => fixture.renderer.render(step),
    own: () => noOwnFigures
  })
  const scrape = await scraper.begin({ gzip: false, isGone: () => false })
  const chunks: Uint8Array[] = []
  for await (const chunk of scrape!.chunks) chunks.push(Uint8Array.from(chunk)) // the pool uses its memory again
  scrape!.close(true)
  const lines = Buffer.concat(chunks).toString().split('\n')
  return lines.filter(line => /^(# \w+ )?burrow_(kafka_|group_(lag|last|partition|status))|over_budget \d/.test(line))
}

/** Only the series of one family, without its name and braces. */
export function seriesOf(lines: readonly string[], family: string): string[] {
  return lines.filter(line => line.startsWith(`${family}{`)).map(line => line.slice(family.length))
}
