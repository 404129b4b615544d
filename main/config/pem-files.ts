import { createPrivateKey, X509Certificate } from 'node:crypto'
import { readFileSync, statSync } from 'node:fs'
import type { SectionReader } from './section-reader.ts'

/** Certificates and templates are kilobytes. */
const fileBytesMax = 4 * 1024 * 1024

/** The text of a file that a key names. Throws an Error whose message says what is wrong, without the path. */
export function readNamedFile(path: string): string {
  const state = statSync(path, { throwIfNoEntry: false })
  if (state === undefined) throw new Error('there is no such file')
  if (!state.isFile()) throw new Error('it is not a file')
  if (state.size > fileBytesMax) throw new Error(`it has ${state.size} bytes, at most ${fileBytesMax} are read`)
  try {
    return readFileSync(path, 'utf8')
  } catch (cause) {
    throw new Error(`it cannot be read: ${(cause as NodeJS.ErrnoException).code}`, { cause })
  }
}

/** Refuses a file without certificates, and says of each that is out of its time. `sentence` is Burrow's. */
export function checkCertificates(reader: SectionReader, key: string, sentence: string): readonly X509Certificate[] {
  try {
    const certificates = certificatesIn(readNamedFile(reader.text(key)))
    for (const certificate of certificates) warnOfTime(reader, key, certificate)
    return certificates
  } catch (error) {
    reader.refuse(key, `${sentence}: ${(error as Error).message}`, 'a PEM file with certificates')
    return []
  }
}

/** Refuses a file without a private key, and one that belongs to another certificate. */
export function checkKey(
  reader: SectionReader,
  key: string,
  sentence: string,
  certificate: X509Certificate | undefined
): void {
  try {
    const privateKey = createPrivateKey(readNamedFile(reader.text(key)))
    if (certificate && !certificate.checkPrivateKey(privateKey)) throw new Error('it is the key of another certificate')
  } catch (error) {
    reader.refuse(key, `${sentence}: ${(error as Error).message}`, 'a PEM file with the private key, not encrypted')
  }
}

const certificatePattern = /-----BEGIN CERTIFICATE-----[\s\S]*?-----END CERTIFICATE-----/g

function certificatesIn(text: string): X509Certificate[] {
  const blocks = text.match(certificatePattern) ?? []
  if (blocks.length === 0) throw new Error('there is no certificate in it')
  return blocks.map(block => new X509Certificate(block))
}

function warnOfTime(reader: SectionReader, key: string, certificate: X509Certificate): void {
  const now = Date.now()
  const subject = certificate.subject.replaceAll('\n', ', ')
  if (Date.parse(certificate.validTo) < now) {
    reader.warn(key, `the certificate of ${subject} ended on ${certificate.validTo}`)
  } else if (Date.parse(certificate.validFrom) > now) {
    reader.warn(key, `the certificate of ${subject} begins on ${certificate.validFrom}`)
  }
}
