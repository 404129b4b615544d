import type { SecureContextOptions } from 'node:tls'
import { BurrowError } from '../../shared/errors.ts'
import type { Logger } from '../../shared/protocol/application-context.ts'
import type { TlsSettings } from '../../shared/settings.ts'
import { readListenerCertificates } from '../config/listener-certificates.ts'
import { type Renewable, RenewedCertificates } from './renewed-certificates.ts'

/** TLS of one listener, as `httpserver.NAME.tls` asks for it. Main thread. */
export class ListenerTls {
  readonly settings: TlsSettings
  /** As read when it was made. */
  readonly certificates: SecureContextOptions
  readonly #logger: Logger
  #renewed: RenewedCertificates | null = null

  /** Throws BurrowError `CONFIG_INVALID` that names the setting if the files cannot be used; at a start, config has looked before. */
  constructor(listenerName: string, settings: TlsSettings, logger: Logger) {
    this.settings = settings
    this.#logger = logger.child({ name: listenerName, tls: settings.name })
    try {
      this.certificates = readListenerCertificates(settings)
    } catch (error) {
      const sentence = `httpserver.${listenerName}.tls: tls.${settings.name} cannot be used: ${(error as Error).message}`
      throw new BurrowError('CONFIG_INVALID', sentence, {}, error)
    }
  }

  /** From now on the listener gets the files anew when they change. */
  keepRenewed(listener: Renewable): void {
    const read = () => readListenerCertificates(this.settings)
    this.#renewed = new RenewedCertificates(listener, this.certificates, read, this.#logger)
  }

  stop(): void {
    this.#renewed?.stop()
  }
}
