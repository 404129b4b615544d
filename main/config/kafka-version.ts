/** `kafka-version` as the original takes it (spec 05 section 6): versions by their short names, from before 1.0. */
const shortForms: ReadonlyMap<string, string> = new Map([
  ['', '0.10.2.0'],
  ['0.8', '0.8.2.0'],
  ['0.8.0', '0.8.2.0'],
  ['0.8.1', '0.8.2.1'],
  ['0.8.2', '0.8.2.2'],
  ['0.9', '0.9.0.0'],
  ['0.9.0', '0.9.0.0'],
  ['0.10', '0.10.0.0'],
  ['0.10.0', '0.10.0.0'],
  ['0.10.1', '0.10.1.0'],
  ['0.10.2', '0.10.2.0'],
  ['0.11', '0.11.0.0'],
  ['0.11.0', '0.11.0.0']
])

export const kafkaVersionForms = 'three numbers from 1.0.0 on (2.8.0, 4.1.0), four before (0.11.0.1)'

/** The full version, `0.10.2.0` for `0.10.2`, or null: from 1.0 on three numbers, before it four. */
export function fullKafkaVersion(text: string): string | null {
  const full = shortForms.get(text)
  if (full !== undefined) return full
  return /^(?:0\.\d+\.\d+\.\d+|[1-9]\d*\.\d+\.\d+)$/.test(text) ? text : null
}
