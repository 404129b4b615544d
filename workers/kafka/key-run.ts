const noView: DataView = new DataView(new ArrayBuffer(0))

/**
 * Whether the key of a commit is that of the commit before it but for the partition: a request of a consumer commits many partitions
 * of a topic, so mostly it is, and then neither its names need be read nor their entry looked up. Kafka threads; one per reader.
 *
 *   +------+-------+--------------+-------+--------------+-----------+- - -
 *   | type | len   | group        | len   | topic        | partition |
 *   +------+-------+--------------+-------+--------------+-----------+- - -
 *   '------------- the same bytes in both --------------'
 *
 * Keys of the same length, and the same up to there, are read alike. The key before is looked at where it lies, in the bytes of the walk:
 * nothing is copied.
 */
export class KeyRun {
  /** Entry of the pair in the interner, and type, of the key that was said last. */
  entry = -1
  type = -1
  #view = noView
  #keyAt = 0
  #keyLength = -1
  #namesBytes = 0

  /** `namesBytes`: from the beginning of the key to its partition. */
  begin(view: DataView, keyAt: number, keyLength: number, namesBytes: number, type: number, entry: number): void {
    this.#view = view
    this.#keyAt = keyAt
    this.#keyLength = keyLength
    this.#namesBytes = namesBytes
    this.type = type
    this.entry = entry
  }

  /** Before other bytes are walked, and before entries are forgotten: what was said holds no longer. */
  end(): void {
    this.#view = noView
    this.#keyLength = -1
  }

  /** Place of the partition if the key goes on with the run, else -1. */
  partitionAt(view: DataView, keyAt: number, keyLength: number): number {
    if (keyLength !== this.#keyLength || view !== this.#view) return -1
    const end = keyAt + this.#namesBytes
    let before = this.#keyAt
    let at = keyAt
    for (; at + 4 <= end; at += 4, before += 4) if (view.getInt32(at) !== view.getInt32(before)) return -1
    for (; at < end; at++, before++) if (view.getUint8(at) !== view.getUint8(before)) return -1
    return end
  }
}
