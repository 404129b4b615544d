/**
 * A value as Go sees it: text/template prints, compares and complains by type, so the type travels with the value.
 * Immutable. Parts of structs and slices are made when they are asked for.
 */
export type Value =
  | NoValue
  | BoolValue
  | IntegerValue
  | FloatValue
  | StringValue
  | SliceValue
  | MapValue
  | StructValue
  | PointerValue
  | TimeValue

/** Nothing at all: a map key that is not there, `nil`. Prints as `<no value>` or `<nil>`, depending on who prints. */
export interface NoValue {
  readonly kind: 'none'
}

export interface BoolValue {
  readonly kind: 'bool'
  readonly value: boolean
}

/** Signed and unsigned are kinds of their own to Go; `type` also names what has a text form (protocol.StatusConstant). */
export interface IntegerValue {
  readonly kind: 'int' | 'uint'
  readonly type: string
  readonly value: bigint
}

export interface FloatValue {
  readonly kind: 'float'
  readonly type: 'float32' | 'float64'
  readonly value: number
}

export interface StringValue {
  readonly kind: 'string'
  readonly value: string
}

export interface SliceValue {
  readonly kind: 'slice'
  readonly type: string
  readonly length: number
  readonly capacity: number
  /** 0 <= index < capacity. */
  at(index: number): Value
}

/** Keys are strings: there are no other maps in Burrow's data. */
export interface MapValue {
  readonly kind: 'map'
  readonly type: string
  readonly entries: ReadonlyMap<string, Value>
  /** What `index` gives for a key that is not there. */
  readonly zero: Value
}

export interface StructType {
  readonly name: string
  readonly fields: readonly StructField[]
  /** Other names under which a field is found; they do not print. */
  readonly aliases?: ReadonlyMap<string, string>
}

export interface StructField {
  readonly name: string
  /** Key in JSON, null = left out. */
  readonly json: string | null
}

export interface StructValue {
  readonly kind: 'struct'
  readonly type: StructType
  /** By position in `type.fields`. */
  field(index: number): Value
}

/** All pointers in the data are pointers to structs. */
export interface PointerValue {
  readonly kind: 'pointer'
  readonly to: StructType
  /** null = a nil pointer. */
  readonly target: StructValue | null
  /** The object pointed at: equal pointers have the same. */
  readonly source: object | null
}

/** time.Time, a struct to Go, but one with nothing to see inside. */
export interface TimeValue {
  readonly kind: 'time'
  readonly time: ZonedTime
}

/** A moment and the zone it is shown in. */
export interface ZonedTime {
  /** Since 1970, whole, within what Date can hold (`secondsMax`). */
  readonly seconds: number
  /** 0..999999999. */
  readonly nanoseconds: number
  readonly zone: TimeZone
}

export interface TimeZone {
  readonly isUtc: boolean
  /** `abbreviation` as in Go: CET, or +03 where the zone has no letters. */
  at(seconds: number): { readonly offsetSeconds: number; readonly abbreviation: string }
}

export const noValue: NoValue = { kind: 'none' }

export function boolValue(value: boolean): BoolValue {
  return { kind: 'bool', value }
}

export function isInteger(value: Value): value is IntegerValue {
  return value.kind === 'int' || value.kind === 'uint'
}

export function intValue(value: bigint | number, type = 'int'): IntegerValue {
  return { kind: 'int', type, value: BigInt(value) }
}

export function uintValue(value: bigint | number, type = 'uint64'): IntegerValue {
  return { kind: 'uint', type, value: BigInt(value) }
}

export function float64Value(value: number): FloatValue {
  return { kind: 'float', type: 'float64', value }
}

export function float32Value(value: number): FloatValue {
  return { kind: 'float', type: 'float32', value: Math.fround(value) }
}

export function stringValue(value: string): StringValue {
  return { kind: 'string', value }
}

export function sliceValue<T>(type: string, items: readonly T[], toValue: (item: T) => Value): SliceValue {
  const { length } = items
  return { kind: 'slice', type, length, capacity: length, at: index => toValue(items[index]!) }
}

export function mapValue(type: string, entries: ReadonlyMap<string, Value>, zero: Value): MapValue {
  return { kind: 'map', type, entries, zero }
}

export function timeValue(time: ZonedTime): TimeValue {
  return { kind: 'time', time }
}

/** Go's name of the type; only what has a value has one. */
export function typeName(value: Exclude<Value, NoValue>): string {
  switch (value.kind) {
    case 'bool':
    case 'string':
      return value.kind
    case 'struct':
      return value.type.name
    case 'pointer':
      return `*${value.to.name}`
    case 'time':
      return 'time.Time'
    default:
      return value.type
  }
}

/** What a pointer points at; a nil pointer is left as it is. */
export function dereferenced(value: Value): Value {
  return value.kind === 'pointer' && value.target ? value.target : value
}

export function isNilPointer(value: Value): boolean {
  return value.kind === 'pointer' && value.target === null
}

/** What `if` thinks of it: zero, empty and nil are false, structs are true. */
export function isTrue(value: Value): boolean {
  switch (value.kind) {
    case 'none':
      return false
    case 'bool':
      return value.value
    case 'int':
    case 'uint':
      return value.value !== 0n
    case 'float':
      return value.value !== 0
    case 'string':
      return value.value !== ''
    case 'slice':
      return value.length > 0
    case 'map':
      return value.entries.size > 0
    case 'pointer':
      return value.target !== null
    default:
      return true
  }
}
