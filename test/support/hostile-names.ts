import { type Simulator, startSimulator } from '../../main/simulator/simulator.ts'
import { type AppUnderTest, startAppUnderTest } from './app-under-test.ts'
import { waitFor } from './wait-for.ts'

/** Names that mean something to a URL, a terminal, JSON, HTML or a metrics page. */
export const hostileGroups: readonly string[] = [
  'plain',
  'team/app',
  '/',
  '//',
  '/status',
  'plain/lag',
  'plain/topic/t',
  '%2F',
  '%',
  '.',
  '..',
  '../..',
  '?a=b#c',
  ' ',
  '+',
  '*',
  ':',
  'topic',
  'quote " and \\ back',
  '<script>alert(1)</script>&amp;',
  'new\nline\r\nX-Header: y',
  '\u0000\u001b[31m\u0007',
  'Füße 😀 \u2028\u202e',
  '{"error":true}',
  `${'😀/"'.repeat(5461)}x` // 32,767 bytes: the longest string in Kafka's protocol
]
export const hostileTopics: readonly string[] = ['t', 'slash/in/topic', '"ü 😀\\\n', '/consumers']
export const hostileCluster = 'dc/1 "ü" 😀'

/**
 * One Kafka cluster on which every such group has committed once to every such topic, known by that name and as `local`, and the
 * program that has read it all.
 */
export async function startHostileCluster(): Promise<{ simulator: Simulator; app: AppUnderTest }> {
  const simulator = await startSimulator({ brokers: 1, offsetsPartitions: 3 })
  for (const topic of hostileTopics) {
    simulator.cluster.createTopic(topic, 1)
    simulator.cluster.setEndOffset(topic, 0, 100)
  }
  for (const group of hostileGroups) {
    for (const topic of hostileTopics) simulator.cluster.commit(group, topic, 0, 90)
  }
  const evaluator = '[evaluator.default]\nclass-name = "caching"\nexpire-cache = 0\n'
  const clusters = [hostileCluster, 'local'].map((name, index) => {
    const servers = `servers = ${JSON.stringify(simulator.servers)}`
    const section = `[cluster.${JSON.stringify(name)}]\nclass-name = "kafka"\n${servers}\noffset-refresh = 1\n`
    const cluster = `cluster = ${JSON.stringify(name)}`
    return `${section}[consumer.c${index}]\nclass-name = "kafka"\n${cluster}\n${servers}\n`
  })
  const app = await startAppUnderTest(evaluator + clusters.join(''))
  await waitFor(() => app.isReady(), 'the program to be ready', 30_000)
  return { simulator, app }
}
