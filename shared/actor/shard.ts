/**
 * Which storage shard owns a group. Any thread; all must agree, so it depends on nothing but the UTF-8 bytes of the two
 * names: FNV-1a (32 bits) over cluster, a zero byte, group, then mixed once more because FNV's low bits are weak.
 * (The original routes by XXH64 of the names without a separator; nobody outside sees either.)
 */
export function shardOf(cluster: string, group: string, shards: number): number {
  return shards === 1 ? 0 : mixed(addText(clusterHashSeed(cluster), group), shards)
}

/** The state of the hash after the cluster's name: computed once per cluster. */
export function clusterHashSeed(cluster: string): number {
  return addBytes(addText(offsetBasis, cluster), zero, 0, 1)
}

/**
 * The same as `shardOf` for a group whose name is `length` bytes of `bytes` from `at`. The bytes must be valid UTF-8: a name
 * with other bytes has to be decoded first and goes through `shardOf`, or the two would differ.
 */
export function shardOfBytes(seed: number, bytes: Uint8Array, at: number, length: number, shards: number): number {
  return shards === 1 ? 0 : mixed(addBytes(seed, bytes, at, length), shards)
}

function mixed(state: number, shards: number): number {
  let hash = state
  hash = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b)
  hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35)
  return ((hash ^ (hash >>> 16)) >>> 0) % shards
}

const encoder = new TextEncoder()
const zero = new Uint8Array(1)
const offsetBasis = 0x811c9dc5 | 0
const prime = 0x01000193

function addBytes(seed: number, bytes: Uint8Array, at: number, length: number): number {
  let hash = seed
  for (let i = at; i < at + length; i++) hash = Math.imul(hash ^ bytes[i]!, prime)
  return hash
}

/** Names are ASCII nearly always; to encode one costs more than all the rest. */
function addText(seed: number, text: string): number {
  let hash = seed
  for (let i = 0; i < text.length; i++) {
    const unit = text.charCodeAt(i)
    if (unit >= 0x80) {
      const bytes = encoder.encode(text)
      return addBytes(seed, bytes, 0, bytes.length)
    }
    hash = Math.imul(hash ^ unit, prime)
  }
  return hash
}
