import { compareUtf8 } from '../../json/utf8-order.ts'
import type { MapValue } from './value.ts'

/** The order in which maps are printed and walked. */
export function sortedKeys(map: MapValue): readonly string[] {
  return [...map.entries.keys()].sort(compareUtf8)
}
