import { ACL, type Client, createClient, Id, Permission } from 'node-zookeeper-client'

type Done<T> = (error: unknown, value: T) => void

/** A client of its own for tests: writes what old consumers wrote, looks at what is there, and ends sessions of others. */
export class ZookeeperTool {
  readonly #client: Client

  private constructor(client: Client) {
    this.#client = client
  }

  /** `session`: goes on with somebody else's session; closing this tool then ends it. */
  static async connect(server: string, session?: { id: Buffer; password: Buffer }): Promise<ZookeeperTool> {
    const options = session ? { sessionId: session.id, sessionPassword: session.password } : {}
    const client = createClient(server, { sessionTimeout: 5000, ...options })
    await new Promise<void>(resolve => {
      client.once('connected', resolve)
      client.connect()
    })
    return new ZookeeperTool(client)
  }

  /** Creates what is missing above it too; changes the data if it is there. */
  async put(path: string, text: string): Promise<void> {
    await this.#call<string>(done => this.#client.mkdirp(path, done))
    await this.#call(done => this.#client.setData(path, Buffer.from(text), done))
  }

  async delete(path: string): Promise<void> {
    for (const child of await this.children(path)) await this.delete(`${path}/${child}`)
    await this.#call<void>(done => this.#client.remove(path, error => done(error, undefined)))
  }

  children(path: string): Promise<string[]> {
    return this.#call(done => this.#client.getChildren(path, done))
  }

  async stat(path: string): Promise<{ readonly mzxid: number; readonly mtimeMs: number }> {
    const stat = await this.#call<{ mzxid: Buffer; mtime: Buffer }>(done => this.#client.exists(path, done))
    return { mzxid: Number(stat.mzxid.readBigInt64BE()), mtimeMs: Number(stat.mtime.readBigInt64BE()) }
  }

  /** Many nodes whose parents are there already, some hundreds at a time. */
  async createMany(paths: readonly string[], text: string): Promise<void> {
    const data = Buffer.from(text)
    for (let at = 0; at < paths.length; at += 500) {
      const some = paths.slice(at, at + 500)
      await Promise.all(some.map(path => this.#call<string>(done => this.#client.create(path, data, done))))
    }
  }

  forbidReading(path: string): Promise<void> {
    return this.#allowAll(path, Permission.ALL & ~Permission.READ)
  }

  forbidCreating(path: string): Promise<void> {
    return this.#allowAll(path, Permission.ALL & ~Permission.CREATE)
  }

  async #allowAll(path: string, permissions: number): Promise<void> {
    const acls = [new ACL(permissions, new Id('world', 'anyone'))]
    await this.#call(done => this.#client.setACL(path, acls, done))
  }

  async close(): Promise<void> {
    await new Promise<void>(resolve => {
      this.#client.once('disconnected', resolve)
      this.#client.close()
    })
  }

  #call<T>(run: (done: Done<T>) => void): Promise<T> {
    return new Promise((resolve, reject) => run((error, value) => (error ? reject(error) : resolve(value))))
  }
}
