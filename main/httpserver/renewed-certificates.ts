import type { SecureContextOptions } from 'node:tls'
import type { Logger } from '../../shared/protocol/application-context.ts'

/** What can be given other certificates while it runs. */
export interface Renewable {
  renew(certificates: SecureContextOptions): void
}

/**
 * Gives a server its certificate files anew when they have changed, so that a renewed certificate needs no restart. Files that cannot be
 * used (half written, for example) change nothing; the log says so once, and they are read again at the next look. Main thread.
 */
export class RenewedCertificates {
  readonly #server: Renewable
  readonly #read: () => SecureContextOptions
  readonly #logger: Logger
  readonly #timer: NodeJS.Timeout
  #current: string
  #complaint = ''

  /** `first` is what the server has now; `read` throws an Error for files that cannot be used. */
  constructor(
    server: Renewable,
    first: SecureContextOptions,
    read: () => SecureContextOptions,
    logger: Logger,
    periodMs = renewalPeriodMs
  ) {
    this.#server = server
    this.#read = read
    this.#logger = logger
    this.#current = JSON.stringify(first)
    this.#timer = setInterval(() => this.look(), periodMs).unref()
  }

  look(): void {
    try {
      const next = this.#read()
      const text = JSON.stringify(next)
      if (text !== this.#current) {
        this.#server.renew(next)
        this.#current = text
        this.#logger.info('certificate files have changed, the new ones are used')
      }
      this.#complaint = ''
    } catch (error) {
      const { message } = error as Error
      if (message !== this.#complaint) {
        this.#logger.warn('certificate files cannot be used, those read before stay', { error })
      }
      this.#complaint = message
    }
  }

  stop(): void {
    clearInterval(this.#timer)
  }
}

/** Three small files are read that often; certificates are renewed days before they end. */
export const renewalPeriodMs = 60_000
