import { hour, millisecond, minute, second } from '../time/duration.ts'
import { formatTime } from '../time/layout.ts'
import { durationType, monthType, textFormOf, weekdayType } from '../time/text-forms.ts'
import { utc } from '../time/time-zone.ts'
import { civilTime, fromUnixNanoseconds, isZeroTime, toUnixNanoseconds } from '../time/zoned-time.ts'
import {
  boolValue,
  float64Value,
  type IntegerValue,
  intValue,
  type StringValue,
  stringValue,
  type TimeValue,
  timeValue,
  type Value,
  type ZonedTime
} from '../values/value.ts'
import {
  type CallContext,
  CallFailed,
  duration,
  type Parameter,
  type TemplateFunction,
  text,
  time
} from './template-function.ts'

/** The method of a value, null if it has none of that name. Nothing but times, statuses and durations has methods. */
export function methodOf(value: Value, name: string): TemplateFunction | null {
  if (value.kind === 'time') return bound(timeMethods.get(name), value.time)
  if (value.kind !== 'int') return null
  const ofDuration = value.type === durationType ? durationMethods.get(name) : undefined
  if (ofDuration) return bound(ofDuration, value)
  const form = textFormOf(value)
  return name === 'String' && form !== null
    ? bound(
        method([], () => stringValue(form)),
        value
      )
    : null
}

interface Method<R> {
  readonly parameters: readonly Parameter[]
  call(receiver: R, values: readonly Value[], context: CallContext): Value
}

function method<R>(parameters: readonly Parameter[], call: Method<R>['call']): Method<R> {
  return { parameters, call }
}

function bound<R>(found: Method<R> | undefined, receiver: R): TemplateFunction | null {
  if (found === undefined) return null
  const { parameters } = found
  return { parameters, rest: null, call: (values, context) => found.call(receiver, values, context) }
}

const timeMethods: ReadonlyMap<string, Method<ZonedTime>> = byName({
  Format: method([text], (self, [layout]) => stringValue(formatTime(self, (layout as StringValue).value))),
  String: method([], self => stringValue(textFormOf(timeValue(self))!)),
  UTC: method([], self => timeValue({ ...self, zone: utc })),
  Local: method([], (self, _, { zone }) => timeValue({ ...self, zone })),
  Unix: method([], self => intValue(self.seconds, 'int64')),
  UnixMilli: method([], self => intValue(self.seconds * 1000 + Math.floor(self.nanoseconds / 1e6), 'int64')),
  UnixNano: method([], self => intValue(BigInt.asIntN(64, toUnixNanoseconds(self)), 'int64')),
  Year: method([], self => intValue(civilTime(self).year)),
  Month: method([], self => intValue(civilTime(self).month, monthType)),
  Day: method([], self => intValue(civilTime(self).day)),
  Hour: method([], self => intValue(civilTime(self).hour)),
  Minute: method([], self => intValue(civilTime(self).minute)),
  Second: method([], self => intValue(civilTime(self).second)),
  Nanosecond: method([], self => intValue(self.nanoseconds)),
  YearDay: method([], self => intValue(civilTime(self).yearDay)),
  Weekday: method([], self => intValue(civilTime(self).weekday, weekdayType)),
  IsZero: method([], self => boolValue(isZeroTime(self))),
  Before: method([time], (self, [other]) => boolValue(nanosecondsBetween(self, other!) < 0n)),
  After: method([time], (self, [other]) => boolValue(nanosecondsBetween(self, other!) > 0n)),
  Equal: method([time], (self, [other]) => boolValue(nanosecondsBetween(self, other!) === 0n)),
  Sub: method([time], (self, [other]) => intValue(saturated(nanosecondsBetween(self, other!)), durationType)),
  Add: method([duration], (self, [other]) => {
    const sum = fromUnixNanoseconds(toUnixNanoseconds(self) + (other as IntegerValue).value, self.zone)
    if (sum === null) throw new CallFailed('time out of range')
    return timeValue(sum)
  })
})

const durationMethods: ReadonlyMap<string, Method<IntegerValue>> = byName({
  Hours: method([], self => float64Value(Number(self.value) / Number(hour))),
  Minutes: method([], self => float64Value(Number(self.value) / Number(minute))),
  Seconds: method([], self => float64Value(Number(self.value) / Number(second))),
  Milliseconds: method([], self => intValue(self.value / millisecond, 'int64')),
  Nanoseconds: method([], self => intValue(self.value, 'int64'))
})

/** A map: an object would also have what all objects have. */
function byName<R>(methods: Readonly<Record<string, Method<R>>>): ReadonlyMap<string, Method<R>> {
  return new Map(Object.entries(methods))
}

/** Since `other`. */
function nanosecondsBetween(self: ZonedTime, other: Value): bigint {
  return toUnixNanoseconds(self) - toUnixNanoseconds((other as TimeValue).time)
}

/** A duration has 64 bits, and stops at its ends. */
function saturated(nanoseconds: bigint): bigint {
  const limit = 1n << 63n
  if (nanoseconds >= limit) return limit - 1n
  return nanoseconds < -limit ? -limit : nanoseconds
}
