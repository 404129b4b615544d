import type { ChildOptions } from './child-process.ts'
import { Child } from './child-process.ts'
import { quickJvm } from './kafka-broker.ts'
import type { KafkaVersion } from './kafka-jars.ts'
import { kafkaJars } from './kafka-jars.ts'
import { waitFor } from './wait-for.ts'

const toolBoundMs = 60_000

/** The entry points of Kafka's own command line tools: clients that nobody here wrote. */
const toolClasses = {
  'console-consumer': 'org.apache.kafka.tools.consumer.ConsoleConsumer',
  'console-share-consumer': 'org.apache.kafka.tools.consumer.ConsoleShareConsumer',
  'console-producer': 'org.apache.kafka.tools.ConsoleProducer',
  'consumer-groups': 'org.apache.kafka.tools.consumer.group.ConsumerGroupCommand',
  topics: 'org.apache.kafka.tools.TopicCommand',
  'leader-election': 'org.apache.kafka.tools.LeaderElectionCommand'
} as const
export type ToolName = keyof typeof toolClasses

export interface ToolTarget {
  readonly version: KafkaVersion
  readonly servers: readonly string[]
}

/** Starts a tool that goes on until it is stopped (a consumer). A JVM takes two seconds to start: start several at once. */
export async function startTool(
  { version, servers }: ToolTarget,
  tool: ToolName,
  args: readonly string[],
  options: ChildOptions = {}
): Promise<Child> {
  // Kafka 4 moved it.
  const entry = version === '3.9.1' && tool === 'console-producer' ? 'kafka.tools.ConsoleProducer' : toolClasses[tool]
  const jvm = ['-Xmx96m', ...quickJvm, '-cp', `${await kafkaJars(version)}/*`]
  const where = ['--bootstrap-server', servers.join(',')]
  return new Child('java', [...jvm, entry, ...where, ...args], options)
}

/** Runs a tool to its end; rejects if it reports failure. Resolves to its standard output. */
export async function runTool(
  target: ToolTarget,
  tool: ToolName,
  args: readonly string[],
  options: ChildOptions = {}
): Promise<string> {
  const child = await startTool(target, tool, args, options)
  const late = setTimeout(() => child.kill('SIGKILL'), toolBoundMs)
  const { code } = await child.exited
  clearTimeout(late)
  // ConsumerGroupCommand reports some failures only in its text.
  if (code !== 0 || /^Error/m.test(child.stdout)) throw new Error(`${tool} failed (exit ${code})\n${child.said()}`)
  return child.stdout
}

/** One value a line, into any partition the producer likes. */
export function produceLines(target: ToolTarget, topic: string, lines: readonly string[]): Promise<string> {
  return runTool(target, 'console-producer', ['--topic', topic], { input: `${lines.join('\n')}\n` })
}

export interface ConsoleGroup {
  readonly topic: string
  readonly group: string
  readonly clientId: string
  readonly properties?: Readonly<Record<string, string>>
}

/** A console consumer that reads from the beginning and commits every half second until it is stopped. */
export function startConsoleConsumer(
  target: ToolTarget,
  { topic, group, clientId, properties = {} }: ConsoleGroup
): Promise<Child> {
  const all = { 'client.id': clientId, 'auto.commit.interval.ms': '500', ...properties }
  const given = Object.entries(all).flatMap(([key, value]) => ['--consumer-property', `${key}=${value}`])
  return startTool(target, 'console-consumer', ['--topic', topic, '--group', group, '--from-beginning', ...given])
}

/** Waits until a consumer has printed `count` lines. */
export async function linesRead(consumer: Child, count: number): Promise<void> {
  const read = () => consumer.exitStatus !== undefined || consumer.stdout.split('\n').length > count
  await waitFor(read, `${count} records at a console consumer`, toolBoundMs)
  if (consumer.exitStatus) throw new Error(`a console consumer ended by itself\n${consumer.said()}`)
}
