/** lz4js 0.2.0 comes without types; this is the one function of it that we use. */
declare module 'lz4js' {
  /** One LZ4 frame. */
  export function compress(bytes: Uint8Array): Uint8Array
}
