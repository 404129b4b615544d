/** snappyjs 0.7.0 comes without types; this is the one function of it that we use. */
declare module 'snappyjs' {
  /** Raw Snappy data, without framing. */
  export function compress(bytes: Uint8Array): Uint8Array
}
