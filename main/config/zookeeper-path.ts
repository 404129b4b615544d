/** `/`, or segments of letters, digits, dash, underscore and (not first) dot; no slash at the end (spec 05 section 7). */
export function isZookeeperPath(text: string): boolean {
  return /^(?:\/|(?:\/[A-Za-z0-9_-][A-Za-z0-9_.-]*)+)$/.test(text)
}

export const zookeeperPathForm =
  'a path such as /burrow/dc1: letters, digits, dashes, underscores and dots, no slash at its end'
