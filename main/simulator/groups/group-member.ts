export interface Protocol {
  readonly name: string
  readonly metadata: Buffer
}
export interface JoinRequest {
  readonly memberId: string
  readonly instanceId: string | null
  readonly clientId: string
  readonly clientHost: string
  readonly sessionTimeoutMs: number
  readonly rebalanceTimeoutMs: number
  readonly protocolType: string
  readonly protocols: readonly Protocol[]
  /** JoinGroup version 4 on: a new member is sent back once with its id (KIP-394). */
  readonly mustReturnWithId: boolean
}
export interface JoinResult {
  readonly error: number
  readonly generation: number
  readonly protocolType: string | null
  readonly protocol: string | null
  readonly leader: string
  readonly memberId: string
  /** For the leader alone. */
  readonly members: readonly { readonly id: string; readonly instanceId: string | null; readonly metadata: Buffer }[]
}
export interface SyncResult {
  readonly error: number
  readonly assignment: Buffer
}

/** One member: what it said when it joined, and the answers it waits for. */
export class GroupMember {
  readonly id: string
  readonly instanceId: string | null
  clientId: string
  clientHost: string
  sessionTimeoutMs: number
  rebalanceTimeoutMs: number
  protocols: readonly Protocol[]
  assignment: Buffer = Buffer.alloc(0)
  private joining: ((result: JoinResult) => void) | undefined
  private syncing: ((result: SyncResult) => void) | undefined
  private session: NodeJS.Timeout | undefined

  constructor(id: string, request: Omit<JoinRequest, 'memberId' | 'protocolType' | 'mustReturnWithId'>) {
    this.id = id
    this.instanceId = request.instanceId
    this.clientId = request.clientId
    this.clientHost = request.clientHost
    this.sessionTimeoutMs = request.sessionTimeoutMs
    this.rebalanceTimeoutMs = request.rebalanceTimeoutMs
    this.protocols = copied(request.protocols)
  }

  get hasJoined(): boolean {
    return this.joining !== undefined
  }
  /** What it knows, its subscription, in the protocol that the group has chosen. */
  metadataFor(protocol: string): Buffer {
    return this.protocols.find(each => each.name === protocol)?.metadata ?? Buffer.alloc(0)
  }
  sameProtocols(request: JoinRequest): boolean {
    return (
      this.protocols.length === request.protocols.length &&
      this.protocols.every((protocol, index) => {
        const other = request.protocols[index]!
        return protocol.name === other.name && protocol.metadata.equals(other.metadata)
      })
    )
  }

  waitForJoin(request: JoinRequest): Promise<JoinResult> {
    this.protocols = copied(request.protocols)
    this.sessionTimeoutMs = request.sessionTimeoutMs
    this.rebalanceTimeoutMs = request.rebalanceTimeoutMs
    this.stopWatch() // while it waits here it cannot send heartbeats
    return new Promise(resolve => {
      this.joining = resolve
    })
  }
  answerJoin(result: JoinResult): void {
    this.joining?.(result)
    this.joining = undefined
  }
  waitForSync(): Promise<SyncResult> {
    return new Promise(resolve => {
      this.syncing = resolve
    })
  }
  answerSync(result: SyncResult): void {
    this.syncing?.(result)
    this.syncing = undefined
  }

  /** Calls `expired` unless watched again within the session timeout. */
  watch(expired: () => void): void {
    this.stopWatch()
    if (this.hasJoined) return
    this.session = setTimeout(expired, this.sessionTimeoutMs)
  }
  stopWatch(): void {
    clearTimeout(this.session)
    this.session = undefined
  }
}

/** Out of the frame: a member outlives the request it came with. */
function copied(protocols: readonly Protocol[]): Protocol[] {
  return protocols.map(({ name, metadata }) => ({ name, metadata: Buffer.from(metadata) }))
}
