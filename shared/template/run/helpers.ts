import { StatusConstant, statusToText } from '../../protocol/status.ts'
import { formatTime } from '../time/layout.ts'
import { fromUnixNanoseconds } from '../time/zoned-time.ts'
import { partitionOf, partitionsOf, partitionsType } from '../values/notifier-data.ts'
import { valueToJson } from '../values/to-json.ts'
import {
  type IntegerValue,
  intValue,
  mapValue,
  type StringValue,
  sliceValue,
  stringValue,
  uintValue,
  type Value
} from '../values/value.ts'
import { arithmetic } from './arithmetic.ts'
import {
  anything,
  type CallContext,
  CallFailed,
  dataParameter,
  integer,
  number,
  type TemplateFunction,
  text
} from './template-function.ts'

/** Burrow's helper functions (spec 07 section 4.2). Arithmetic takes any number (spec 09, F14). */
export const helpers: ReadonlyMap<string, TemplateFunction> = new Map(
  Object.entries({
    jsonencoder: {
      parameters: [anything],
      rest: null,
      call: ([value], { budget }) => stringValue(valueToJson(value!, budget) ?? '')
    },
    topicsbystatus: ofPartitions(topicsByStatus),
    partitioncounts: ofPartitions(partitionCounts),
    maxlag: {
      parameters: [dataParameter('*protocol.PartitionStatus')],
      rest: null,
      call: ([partition]) => uintValue(partitionOf(partition!)?.currentLag ?? 0)
    },
    formattimestamp: {
      parameters: [integer, text],
      rest: null,
      call: ([timestamp, layout], context) =>
        stringValue(formattedTimestamp(timestamp as IntegerValue, (layout as StringValue).value, context))
    },
    add: ofNumbers('add'),
    minus: ofNumbers('minus'),
    multiply: ofNumbers('multiply'),
    divide: ofNumbers('divide')
  })
)

function ofNumbers(operation: 'add' | 'minus' | 'multiply' | 'divide'): TemplateFunction {
  return { parameters: [number, number], rest: null, call: ([a, b]) => arithmetic(operation, a!, b!) }
}

function ofPartitions(call: (value: Value, context: CallContext) => Value): TemplateFunction {
  return { parameters: [dataParameter(partitionsType)], rest: null, call: ([value], context) => call(value!, context) }
}

/** In the order in which the partitions stand, which is by topic; Go gives the lists in random order. */
function topicsByStatus(value: Value, { budget }: CallContext): Value {
  const topicsByText = new Map<string, Set<string>>()
  const partitions = partitionsOf(value) ?? []
  budget.spend(partitions.length)
  for (const { status, topic } of partitions) {
    const key = statusToText(status)
    topicsByText.set(key, (topicsByText.get(key) ?? new Set()).add(topic))
  }
  const lists = [...topicsByText].map(([key, topics]) => [key, topicList([...topics])] as const)
  return mapValue('map[string][]string', new Map(lists), topicList([]))
}

function topicList(topics: readonly string[]): Value {
  return sliceValue('[]string', topics, stringValue)
}

function partitionCounts(value: Value, { budget }: CallContext): Value {
  const countByName = new Map(['warn', 'stop', 'stall', 'rewind', 'unknown'].map(name => [name, 0]))
  const partitions = partitionsOf(value) ?? []
  budget.spend(partitions.length)
  for (const { status } of partitions) {
    if (status === StatusConstant.OK) continue
    const name = countedNameByStatus[status] ?? 'unknown'
    countByName.set(name, countByName.get(name)! + 1)
  }
  const counts = [...countByName].map(([name, count]) => [name, intValue(count)] as const)
  return mapValue('map[string]int', new Map(counts), intValue(0))
}

const countedNameByStatus: Readonly<Record<number, string>> = {
  [StatusConstant.Warning]: 'warn',
  [StatusConstant.Stop]: 'stop',
  [StatusConstant.Stall]: 'stall',
  [StatusConstant.Rewind]: 'rewind'
}

/** Milliseconds since the epoch, in the zone of the notifier. */
function formattedTimestamp(timestamp: IntegerValue, layout: string, { zone }: CallContext): string {
  const time = fromUnixNanoseconds(timestamp.value * 1_000_000n, zone)
  if (time === null) throw new CallFailed(`time out of range: ${timestamp.value}`)
  return formatTime(time, layout)
}
