import { randomBytes } from 'node:crypto'
import { BurrowError } from '../../shared/errors.ts'
import type { ZookeeperClient, ZookeeperLock } from '../../shared/protocol/zookeeper.ts'
import { withDeadline } from '../threads/deadline.ts'
import { lockNodePrefix, predecessorOf } from './lock-nodes.ts'
import type { SessionState, ZookeeperSession } from './session.ts'
import { isRefused, isUnavailable, unavailable } from './zookeeper-errors.ts'

/** A lock can be lost while it is held: with its session, or when nobody can say that the session still lives. */
export interface LosableLock extends ZookeeperLock {
  /** Exact at any moment, even right after the thread was held up: look at it before each thing that only a holder may do. */
  readonly held: boolean
  /**
   * Resolves with the reason when the lock is lost. Nobody else can hold it for a quarter of the session timeout from then on. Of the
   * present hold; never resolves after `unlock`, nor if the lock is not held.
   */
  readonly lost: Promise<string>
}

/** What a lock needs of the client (client.ts). */
export interface LockClient extends Pick<ZookeeperClient, 'create' | 'getW'> {
  readonly session: ZookeeperSession
  children(path: string): Promise<readonly string[]>
  remove(path: string): Promise<void>
  createAll(path: string): Promise<void>
}

/** Tries to create the own node: a parent can be missing, a connection can break. */
const createTriesMax = 10

type Phase = 'free' | 'acquiring' | 'held'

/** The recipe of spec 08 section 4: who has the lowest sequential node holds, everybody else waits for the next lower one. Main thread. */
export class SessionLock implements LosableLock {
  readonly #client: LockClient
  readonly #path: string
  #phase: Phase = 'free'
  /** Own node and the session that it lives in. */
  #node = { path: '', session: 0 }
  #lost: Promise<string> = new Promise(() => undefined)
  #stopListening: () => void = () => undefined

  constructor(client: LockClient, path: string) {
    this.#client = client
    this.#path = path
  }

  get held(): boolean {
    const { session } = this.#client
    return this.#phase === 'held' && session.safe && session.number === this.#node.session
  }

  get lost(): Promise<string> {
    return this.#lost
  }

  /** Waits for a connection and for its turn, as long as that takes. Also rejects if it is taken or waited for already. */
  async lock(): Promise<void> {
    if (this.#phase !== 'free') throw new BurrowError('UNSUPPORTED', 'a lock is taken once', { path: this.#path })
    this.#phase = 'acquiring'
    try {
      await this.#client.session.connected()
      const session = this.#client.session.number
      this.#node = { path: await this.#createNode(session), session }
      try {
        await this.#waitForTurn()
      } catch (error) {
        this.#removeNode().catch(() => undefined) // it would only stand in the way of others, the next try's own node included
        throw error
      }
      this.#phase = 'held'
      this.#watchOverHold()
    } catch (error) {
      this.#phase = 'free'
      throw error
    }
  }

  async unlock(): Promise<void> {
    const { held } = this
    if (this.#phase !== 'held') throw new BurrowError('UNSUPPORTED', 'the lock is not held', { path: this.#path })
    this.#stopListening()
    this.#phase = 'free' // before the node goes: from then on another may hold
    if (!held) throw unavailable(`the lock ${this.#path} was lost`)
    // Past the deadline the removal goes on by itself, for as long as the session lives.
    await withDeadline(this.#removeNode(), this.#client.session.timeoutMs, `unlocking ${this.#path}`)
  }

  #watchOverHold(): void {
    const { session } = this.#client
    this.#lost = new Promise(resolve => {
      this.#stopListening = session.onState(state => {
        if (!endsHold(state)) return
        this.#stopListening()
        this.#phase = 'free'
        resolve(`ZooKeeper session ${state}`)
        if (state === 'unsafe') this.#removeNode().catch(() => undefined)
      })
    })
  }

  async #createNode(session: number): Promise<string> {
    const prefix = lockNodePrefix(randomBytes(16).toString('hex'))
    for (let tries = 1; ; tries++) {
      try {
        return await this.#client.create(`${this.#path}/${prefix}`, new Uint8Array(0), 'ephemeral-sequential')
      } catch (error) {
        if (tries === createTriesMax) throw error
        if (isRefused(error, 'NO_NODE')) {
          await this.#inSession(session, () => this.#client.createAll(this.#path))
        } else if (isUnavailable(error)) {
          // It may have been created without our hearing of it. Created again, two nodes of ours would queue.
          const names = await this.#inSession(session, () => this.#namesOrNone())
          const found = names.find(name => name.startsWith(prefix))
          if (found !== undefined) return `${this.#path}/${found}`
        } else {
          throw error
        }
      }
    }
  }

  async #namesOrNone(): Promise<readonly string[]> {
    try {
      return await this.#client.children(this.#path)
    } catch (error) {
      if (isRefused(error, 'NO_NODE')) return []
      throw error
    }
  }

  async #waitForTurn(): Promise<void> {
    const { path, session } = this.#node
    const own = path.slice(this.#path.length + 1)
    for (;;) {
      const names = await this.#inSession(session, () => this.#client.children(this.#path))
      const predecessor = predecessorOf(own, names)
      if (predecessor === undefined) throw unavailable(`the own node of the lock is gone: ${path}`)
      // The answer may have lain in a thread that was held up.
      if (predecessor === null && this.#client.session.safe && this.#client.session.number === session) return
      if (predecessor !== null) await this.#inSession(session, () => this.#untilChanged(`${this.#path}/${predecessor}`))
    }
  }

  async #untilChanged(path: string): Promise<void> {
    try {
      const { changed } = await this.#client.getW(path)
      await changed
    } catch (error) {
      if (!isRefused(error, 'NO_NODE')) throw error
    }
  }

  /** Does it again on the next connection, for as long as the session is the same. */
  async #inSession<T>(session: number, work: () => Promise<T>): Promise<T> {
    for (;;) {
      await this.#client.session.connected()
      if (this.#client.session.number !== session) throw unavailable('ZooKeeper session expired')
      try {
        return await work()
      } catch (error) {
        if (!isUnavailable(error)) throw error
      }
    }
  }

  async #removeNode(): Promise<void> {
    const { path, session } = this.#node
    try {
      await this.#inSession(session, () => this.#client.remove(path))
    } catch (error) {
      if (!isRefused(error, 'NO_NODE')) throw error
    }
  }
}

/** A lost connection alone ends no hold: the node stays as long as the session. */
function endsHold(state: SessionState): boolean {
  return state === 'unsafe' || state === 'expired' || state === 'closed'
}
