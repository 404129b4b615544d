import { X509Certificate } from 'node:crypto'
import type { ClientProfile } from '../../../shared/settings.ts'
import { readNamedFile } from '../../config/pem-files.ts'

/** What the monitor may need (docs/security.md). */
export type Right =
  | { readonly kind: 'read'; readonly topic: string }
  | { readonly kind: 'describe-topics' }
  | { readonly kind: 'describe-cluster' }

/** How somebody who may do so gives the right to whom the profile logs in as: a command, or for AWS the action of a policy. */
export function howToGrant(right: Right, profile: ClientProfile, server: string): string {
  if (profile.iam !== null) return `allow ${iamAction(right)}`
  const who = `--allow-principal ${quoted(`User:${principal(profile)}`)}`
  return `kafka-acls.sh --bootstrap-server ${server} --add ${who} ${aclOf(right)}`
}

function aclOf(right: Right): string {
  if (right.kind === 'read') return `--operation Read --topic ${quoted(right.topic)}`
  return right.kind === 'describe-topics' ? `--operation Describe --topic '*'` : '--operation Describe --cluster'
}

function iamAction(right: Right): string {
  if (right.kind === 'read') return `kafka-cluster:ReadData and DescribeTopic for the topic ${right.topic}`
  return right.kind === 'describe-topics'
    ? 'kafka-cluster:DescribeTopic for the topics'
    : 'kafka-cluster:DescribeCluster for the cluster'
}

/** As Kafka names it without rules of its own; what only the broker knows stands as a word in capitals. */
function principal({ tls, sasl }: ClientProfile): string {
  if (sasl?.mechanism === 'OAUTHBEARER') return 'SUBJECT-OF-THE-TOKEN'
  if (sasl) return sasl.username
  if (tls === null || tls.certFile === '') return 'ANONYMOUS'
  try {
    // Kafka writes a distinguished name from its end (RFC 2253).
    return new X509Certificate(readNamedFile(tls.certFile)).subject.split('\n').reverse().join(',')
  } catch {
    return 'NAME-IN-THE-CERTIFICATE' // a file that went away meanwhile
  }
}

/** For a POSIX shell. */
function quoted(text: string): string {
  return /^[\w.:=,@/-]+$/.test(text) ? text : `'${text.replaceAll("'", `'\\''`)}'`
}
