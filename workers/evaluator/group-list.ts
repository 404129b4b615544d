/** A list of groups as it goes through main, which does not look into it: JSON of the cluster and the groups. Evaluator thread. */
export function encodeGroupList(cluster: string, groups: readonly string[]): Uint8Array {
  return new TextEncoder().encode(JSON.stringify([cluster, ...groups]))
}

export function decodeGroupList(list: Uint8Array): { cluster: string; groups: string[] } {
  const [cluster, ...groups] = JSON.parse(new TextDecoder().decode(list)) as [string, ...string[]]
  return { cluster, groups }
}
