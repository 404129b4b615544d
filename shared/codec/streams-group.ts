import type { ByteReader } from './byte-reader.ts'
import { int32s, int32sInTag, type NamedValue, namedValues, strings } from './flexible.ts'

/** Values of the records of streams groups (KIP-1071), key types 17 and 19 to 24, version 0 (spec 06 section 5.3). */

/** Key type 17. */
export interface StreamsGroupEpoch {
  readonly epoch: number
  /** Decimal digits beyond ±(2^53 - 1). */
  readonly metadataHash: number | string
  /** From 4.2. */
  readonly validatedTopologyEpoch?: number
  /** From 4.2. */
  readonly lastAssignmentConfigs?: NamedValue[] | null
}

export function readStreamsGroupEpoch(reader: ByteReader): StreamsGroupEpoch {
  const group = { epoch: reader.int32('epoch'), metadataHash: reader.wideInt64('metadata_hash') }
  let topologyEpoch: number | undefined
  let configs: NamedValue[] | null | undefined
  reader.taggedFields('tagged_fields', (tag, inside) => {
    if (tag === 0) topologyEpoch = inside.int32('validated_topology_epoch')
    if (tag === 1) configs = namedValues(inside, 'last_assignment_configs')
  })
  return {
    ...group,
    ...(topologyEpoch !== undefined && { validatedTopologyEpoch: topologyEpoch }),
    ...(configs !== undefined && { lastAssignmentConfigs: configs })
  }
}

/** Key type 19. */
export interface StreamsGroupMember {
  readonly instanceId: string | null
  readonly rackId: string | null
  readonly clientId: string
  readonly clientHost: string
  readonly rebalanceTimeoutMs: number
  readonly topologyEpoch: number
  readonly processId: string
  readonly userEndpoint: { readonly host: string; readonly port: number } | null
  readonly clientTags: NamedValue[]
}

export function readStreamsGroupMember(reader: ByteReader): StreamsGroupMember {
  const member = {
    instanceId: reader.compactNullableString('instance_id'),
    rackId: reader.compactNullableString('rack_id'),
    clientId: reader.compactString('client_id'),
    clientHost: reader.compactString('client_host'),
    rebalanceTimeoutMs: reader.int32('rebalance_timeout'),
    topologyEpoch: reader.int32('topology_epoch'),
    processId: reader.compactString('process_id'),
    userEndpoint: readEndpoint(reader),
    clientTags: namedValues(reader, 'client_tags')
  }
  reader.taggedFields('tagged_fields')
  return member
}

/** A nullable struct as a plain field: int8, -1 = null. */
function readEndpoint(reader: ByteReader): StreamsGroupMember['userEndpoint'] {
  if (reader.int8('user_endpoint') < 0) return null
  const endpoint = { host: reader.compactString('host'), port: reader.uint16('port') }
  reader.taggedFields('tagged_fields')
  return endpoint
}

export interface SubtopologyTasks {
  readonly subtopologyId: string
  readonly partitions: number[]
  /** One for each partition; key type 22 from 4.2. */
  readonly assignmentEpochs?: number[]
}

/** Key type 21. */
export interface StreamsTasks {
  readonly activeTasks: SubtopologyTasks[]
  readonly standbyTasks: SubtopologyTasks[]
  readonly warmupTasks: SubtopologyTasks[]
}

export function readStreamsTargetAssignment(reader: ByteReader): StreamsTasks {
  const assignment = {
    activeTasks: tasks(reader, 'active_tasks'),
    standbyTasks: tasks(reader, 'standby_tasks'),
    warmupTasks: tasks(reader, 'warmup_tasks')
  }
  reader.taggedFields('tagged_fields')
  return assignment
}

/** Key type 22. */
export interface StreamsCurrentAssignment extends StreamsTasks {
  readonly memberEpoch: number
  readonly previousMemberEpoch: number
  readonly state: number
  readonly activeTasksPendingRevocation: SubtopologyTasks[]
  readonly standbyTasksPendingRevocation: SubtopologyTasks[]
  readonly warmupTasksPendingRevocation: SubtopologyTasks[]
}

export function readStreamsCurrentAssignment(reader: ByteReader): StreamsCurrentAssignment {
  const assignment = {
    memberEpoch: reader.int32('member_epoch'),
    previousMemberEpoch: reader.int32('previous_member_epoch'),
    state: reader.int8('state'),
    activeTasks: tasks(reader, 'active_tasks'),
    standbyTasks: tasks(reader, 'standby_tasks'),
    warmupTasks: tasks(reader, 'warmup_tasks'),
    activeTasksPendingRevocation: tasks(reader, 'active_tasks_pending_revocation'),
    standbyTasksPendingRevocation: tasks(reader, 'standby_tasks_pending_revocation'),
    warmupTasksPendingRevocation: tasks(reader, 'warmup_tasks_pending_revocation')
  }
  reader.taggedFields('tagged_fields')
  return assignment
}

function tasks(reader: ByteReader, field: string): SubtopologyTasks[] {
  return reader.compactArray(field, () => {
    const subtopologyId = reader.compactString(field)
    const partitions = int32s(reader, field)
    const epochs = int32sInTag(reader, 0, field)
    return { subtopologyId, partitions, ...(epochs && { assignmentEpochs: epochs }) }
  })
}

/** Key type 23. */
export interface StreamsTopology {
  readonly epoch: number
  readonly subtopologies: Subtopology[]
}

export interface Subtopology {
  readonly subtopologyId: string
  readonly sourceTopics: string[]
  readonly sourceTopicRegex: string[]
  readonly stateChangelogTopics: InternalTopic[]
  readonly repartitionSinkTopics: string[]
  readonly repartitionSourceTopics: InternalTopic[]
  readonly copartitionGroups: CopartitionGroup[]
}

export interface InternalTopic {
  readonly name: string
  readonly partitions: number
  readonly replicationFactor: number
  readonly topicConfigs: NamedValue[]
}

/** Indexes into the three lists of topics. */
export interface CopartitionGroup {
  readonly sourceTopics: number[]
  readonly sourceTopicRegex: number[]
  readonly repartitionSourceTopics: number[]
}

export function readStreamsTopology(reader: ByteReader): StreamsTopology {
  const topology = {
    epoch: reader.int32('epoch'),
    subtopologies: reader.compactArray('subtopologies', () => readSubtopology(reader))
  }
  reader.taggedFields('tagged_fields')
  return topology
}

function readSubtopology(reader: ByteReader): Subtopology {
  const subtopology = {
    subtopologyId: reader.compactString('subtopology_id'),
    sourceTopics: strings(reader, 'source_topics'),
    sourceTopicRegex: strings(reader, 'source_topic_regex'),
    stateChangelogTopics: internalTopics(reader, 'state_changelog_topics'),
    repartitionSinkTopics: strings(reader, 'repartition_sink_topics'),
    repartitionSourceTopics: internalTopics(reader, 'repartition_source_topics'),
    copartitionGroups: reader.compactArray('copartition_groups', () => readCopartitionGroup(reader))
  }
  reader.taggedFields('tagged_fields')
  return subtopology
}

function internalTopics(reader: ByteReader, field: string): InternalTopic[] {
  return reader.compactArray(field, () => {
    const topic = {
      name: reader.compactString(field),
      partitions: reader.int32(field),
      replicationFactor: reader.int16(field),
      topicConfigs: namedValues(reader, field)
    }
    reader.taggedFields('tagged_fields')
    return topic
  })
}

function readCopartitionGroup(reader: ByteReader): CopartitionGroup {
  const int16s = () => reader.compactArray('copartition_group', () => reader.int16('copartition_group'))
  const group = { sourceTopics: int16s(), sourceTopicRegex: int16s(), repartitionSourceTopics: int16s() }
  reader.taggedFields('tagged_fields')
  return group
}

/** Key type 24 (newest trunk). */
export interface StreamsResolvedTopics {
  readonly assignmentEpoch: number
  readonly subtopologies: { readonly subtopologyId: string; readonly topicIds: string[] }[]
}

export function readStreamsResolvedTopics(reader: ByteReader): StreamsResolvedTopics {
  const resolved = {
    assignmentEpoch: reader.int32('assignment_epoch'),
    subtopologies: reader.compactArray('subtopologies', () => {
      const subtopology = {
        subtopologyId: reader.compactString('subtopology_id'),
        topicIds: reader.compactArray('topic_ids', () => reader.uuid('topic_id'))
      }
      reader.taggedFields('tagged_fields')
      return subtopology
    })
  }
  reader.taggedFields('tagged_fields')
  return resolved
}
