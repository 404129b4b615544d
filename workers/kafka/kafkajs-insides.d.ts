/**
 * The insides of kafkajs 2.2.4 that transport.ts uses; kafkajs publishes no types for them. Frozen: no release since 2023, and
 * the version is pinned. A test asserts that all of this is there.
 */
declare module 'kafkajs/src/network/connectionPool.js' {
  import type { Socket } from 'node:net'

  interface Connection {
    readonly socket?: Socket
    connectionStatus: string
    /** What it has of the next answer. */
    chunks: Buffer[]
    /** Of the login, in ms; 0 = without end. */
    readonly sessionLifetime: { toString(): string }
    readonly reauthenticationThreshold: number
    isConnected(): boolean
    processData(data: Buffer): void
    rejectRequests(error: Error): void
  }
  interface ConnectionPoolOptions {
    readonly host: string
    readonly port: number
    readonly clientId: string
    readonly logger: object
    readonly socketFactory: object
    readonly sasl?: object | null
    readonly connectionTimeout: number
    readonly requestTimeout: number
    readonly enforceRequestTimeout: boolean
  }
  interface ProtocolRequest<T> {
    readonly request: {
      readonly apiKey: number
      readonly apiVersion: number
      readonly apiName: string
      encode(): Promise<object>
    }
    readonly response: {
      decode(payload: Buffer): Promise<{ readonly payload: T }>
      parse(decoded: { readonly payload: T }): Promise<T>
    }
    readonly logResponseError: boolean
  }
  class ConnectionPool {
    constructor(options: ConnectionPoolOptions)
    readonly pool: readonly Connection[]
    isConnected(): boolean
    send<T>(request: ProtocolRequest<T>): Promise<T>
  }
  export default ConnectionPool
}

declare module 'kafkajs/src/broker/index.js' {
  import type ConnectionPool from 'kafkajs/src/network/connectionPool.js'

  class Broker {
    constructor(options: {
      readonly connectionPool: ConnectionPool
      readonly logger: object
      readonly authenticationTimeout: number
    })
    readonly versions: Record<number, { readonly minVersion: number; readonly maxVersion: number }> | null
    connect(): Promise<void>
    disconnect(): Promise<void>
  }
  export default Broker
}

declare module 'kafkajs/src/protocol/encoder.js' {
  class Encoder {
    constructor(initialSize?: number)
    writeBufferInternal(bytes: Buffer): void
  }
  export default Encoder
}

declare module 'kafkajs/src/network/requestQueue/index.js' {
  class RequestQueue {
    readonly pending: readonly unknown[]
    throttledUntil: number
    throttleCheckTimeoutId: NodeJS.Timeout | null
    checkPendingRequests(): void
    scheduleCheckPendingRequests(): void
  }
  export default RequestQueue
}

declare module 'kafkajs/src/loggers/index.js' {
  interface LogEntry {
    readonly namespace: string
    readonly label: string
    readonly log: { readonly message: string; readonly broker?: string; readonly error?: string }
  }
  export const LEVELS: { readonly WARN: number }
  export function createLogger(options: {
    readonly level: number
    readonly logCreator: () => (entry: LogEntry) => void
  }): object
}
