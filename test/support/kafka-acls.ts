import kafkajs from 'kafkajs'
import type { KafkaClient } from './kafka-client.ts'

const { AclOperationTypes, AclPermissionTypes, AclResourceTypes, ResourcePatternTypes } = kafkajs

/** What docs/security.md says that the monitor needs. */
export const monitorRules = {
  'read-offsets': [AclResourceTypes.TOPIC, '__consumer_offsets', AclOperationTypes.READ],
  'describe-topics': [AclResourceTypes.TOPIC, '*', AclOperationTypes.DESCRIBE],
  'describe-cluster': [AclResourceTypes.CLUSTER, 'kafka-cluster', AclOperationTypes.DESCRIBE]
} as const
export type MonitorRule = keyof typeof monitorRules
const allRules = Object.keys(monitorRules) as readonly MonitorRule[]

/** `client` must be allowed to. */
export async function grantMonitor(
  client: KafkaClient,
  principals: readonly string[],
  rules: readonly MonitorRule[] = allRules
): Promise<void> {
  const admin = await client.admin()
  const acl = principals.flatMap(principal =>
    rules.map(rule => {
      const [resourceType, resourceName, operation] = monitorRules[rule]
      return {
        resourceType,
        resourceName,
        resourcePatternType: ResourcePatternTypes.LITERAL,
        principal,
        host: '*',
        operation,
        permissionType: AclPermissionTypes.ALLOW
      }
    })
  )
  await admin.createAcls({ acl })
}
