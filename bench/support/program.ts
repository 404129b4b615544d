import { mkdirSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { messageOf } from '../../shared/errors.ts'
import type { ExitStatus } from './child-process.ts'
import { Child } from './child-process.ts'
import { freePort } from './free-port.ts'
import type { ProgramConfig } from './program-config.ts'
import { programToml } from './program-config.ts'
import { removeTempFolder, tempFolder } from './temp-folder.ts'
import { waitFor } from './wait-for.ts'

const listenBoundMs = 30_000
const stopBoundMs = 5000
const answerBoundMs = 15_000

/** Something that takes a folder with a burrow.toml and answers over HTTP. */
export interface ProgramKind {
  readonly name: 'ours' | 'burrow' | 'burrow-1.2.1'
  readonly command: string
  readonly args: readonly string[]
}

/** The program that was compiled with this file. */
export const ours: ProgramKind = {
  name: 'ours',
  command: process.execPath,
  args: [join(dirname(dirname(dirname(fileURLToPath(import.meta.url)))), 'main', 'cli.js')]
}

/** What varies, or the whole text of a burrow.toml whose listener is at `address`. */
export type ProgramFile = ProgramConfig | ((address: string) => string)

export interface JsonAnswer<T> {
  readonly status: number
  readonly body: T
}

/** A running program: ours or the reference. */
export class Program {
  readonly kind: ProgramKind
  readonly child: Child
  /** host:port of its HTTP listener. */
  readonly address: string
  readonly #url: string
  readonly #folder: string

  private constructor(kind: ProgramKind, child: Child, address: string, folder: string) {
    this.kind = kind
    this.child = child
    this.address = address
    this.#url = `http://${address}`
    this.#folder = folder
  }

  /** Starts it and waits until it answers over HTTP, which is before it has read anything from Kafka. */
  static async start(kind: ProgramKind, config: ProgramFile, nodeOptions: readonly string[] = []): Promise<Program> {
    const program = await Program.launch(kind, config, nodeOptions)
    try {
      await program.listening()
    } catch (error) {
      await program.kill()
      throw error
    }
    return program
  }

  static async launch(kind: ProgramKind, config: ProgramFile, nodeOptions: readonly string[] = []): Promise<Program> {
    const folder = tempFolder(kind.name)
    mkdirSync(folder, { recursive: true })
    const address = `127.0.0.1:${await freePort()}`
    const toml =
      typeof config === 'function' ? config(address) : programToml(config, address, join(folder, 'burrow.pid'))
    writeFileSync(join(folder, 'burrow.toml'), toml)
    const flags = typeof config === 'function' ? [] : (config.flags ?? [])
    const args = [...(kind.name === 'ours' ? nodeOptions : []), ...kind.args, '--config-dir', folder, ...flags]
    return new Program(kind, new Child(kind.command, args, { cwd: folder }), address, folder)
  }

  async listening(): Promise<void> {
    const answers = async () => this.#ended() || (await fetch(`${this.#url}/burrow/admin`)).status === 200
    try {
      await waitFor(answers, `the HTTP listener of ${this.kind.name}`, listenBoundMs)
      if (this.#ended()) throw new Error(`${this.kind.name} ended by itself`)
    } catch (error) {
      throw new Error(`${messageOf(error)}\n${this.child.said()}`)
    }
  }

  /** GET of something that is JSON, whatever its status. */
  async get<T>(path: string): Promise<JsonAnswer<T>> {
    const response = await fetch(this.#url + path, { signal: AbortSignal.timeout(answerBoundMs) })
    return { status: response.status, body: (await response.json()) as T }
  }

  async getText(path: string): Promise<string> {
    return (await fetch(this.#url + path, { signal: AbortSignal.timeout(answerBoundMs) })).text()
  }

  async delete(path: string): Promise<void> {
    await (await fetch(this.#url + path, { method: 'DELETE', signal: AbortSignal.timeout(answerBoundMs) })).text()
  }

  /** SIGTERM; what comes after SIGKILL has code null, so a slow stop shows as well. */
  async stop(): Promise<ExitStatus> {
    const status = await this.child.stop('SIGTERM', stopBoundMs)
    removeTempFolder(this.#folder)
    return status
  }

  async kill(): Promise<void> {
    await this.child.stop('SIGKILL', stopBoundMs)
    removeTempFolder(this.#folder)
  }

  #ended(): boolean {
    return this.child.exitStatus !== undefined
  }
}
