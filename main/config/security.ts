import type { IamSettings, SaslSettings, TlsSettings } from '../../shared/settings.ts'
import type { ConfigTable } from './config-tree.ts'
import { checkCertificates, checkKey } from './pem-files.ts'
import { ReferencedSections } from './referenced-sections.ts'
import { readSasl } from './sasl.ts'
import type { Reading, SectionReader } from './section-reader.ts'

/** The sections that say how a connection is kept safe, for whoever names them. */
export interface Security {
  readonly tls: ReferencedSections<TlsSettings>
  readonly sasl: ReferencedSections<SaslSettings>
  readonly iam: ReferencedSections<IamSettings>
}

export function createSecurity(root: ConfigTable, reading: Reading): Security {
  return {
    tls: new ReferencedSections(root, 'tls', reading, readTls),
    sasl: new ReferencedSections(root, 'sasl', reading, readSasl),
    iam: new ReferencedSections(root, 'iam', reading, readIam)
  }
}

const pairSentence = 'cannot read TLS certificate or key file'

/** `[tls.NAME]` (spec 05 section 5.9). */
function readTls(name: string, reader: SectionReader): TlsSettings {
  const settings = {
    name,
    certFile: reader.text('certfile'),
    keyFile: reader.text('keyfile'),
    caFile: reader.text('cafile'),
    noVerify: reader.flag('noverify', false)
  }
  const { certFile, keyFile, caFile } = settings
  if (caFile !== '') checkCertificates(reader, 'cafile', 'cannot read TLS CA file')
  const certificates = certFile === '' ? [] : checkCertificates(reader, 'certfile', pairSentence)
  if (keyFile !== '') checkKey(reader, 'keyfile', pairSentence, certificates[0])
  if ((certFile === '') !== (keyFile === '')) {
    const [missing, there] = certFile === '' ? ['certfile', 'keyfile'] : ['keyfile', 'certfile']
    reader.refuse(missing!, `missing, while ${there} is given`, 'both of certfile and keyfile, or none')
  }
  return settings
}

/** `[iam.NAME]` (spec 05 section 5.11). */
function readIam(name: string, reader: SectionReader): IamSettings {
  const region = reader.text('region')
  if (!/^[a-z0-9-]+$/.test(region)) {
    const sentence = region === '' ? `iam.${name}: region is required` : 'not a region of AWS'
    reader.refuse('region', sentence, 'a region, for example "eu-west-1"')
  }
  const roleArn = reader.text('role-arn')
  if (roleArn !== '' && !roleArn.startsWith('arn:')) {
    reader.refuse('role-arn', 'not a role', 'for example "arn:aws:iam::111122223333:role/lag-reader"')
  }
  const profile = reader.text('profile')
  if (roleArn !== '' && profile !== '') reader.warn('profile', 'not used, role-arn wins')
  return { name, region, roleArn, profile }
}
