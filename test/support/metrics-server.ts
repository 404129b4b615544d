import { MessageChannel } from 'node:worker_threads'
import type { MetricsSettings } from '../../main/config/app-config.ts'
import { HttpCoordinator } from '../../main/httpserver/http-coordinator.ts'
import type { OwnFigures } from '../../main/metrics/own-families.ts'
import { Scraper } from '../../main/metrics/scraper.ts'
import type { MetricsRequest, PageResult } from '../../shared/actor/evaluator-tasks.ts'
import { shardOf } from '../../shared/actor/shard.ts'
import { createLogger, createLogLevelWord } from '../../shared/log.ts'
import { EvaluatorThreads, type EvaluatorThreadsOptions } from './evaluator-threads.ts'
import { commitRecord, endOffsetRecord, StoragePeer } from './storage-peer.ts'
import { waitFor } from './wait-for.ts'

export const noOwnFigures: OwnFigures = {
  version: '0',
  ready: true,
  clusters: [],
  consumers: [],
  threads: [],
  loopDelayMaxSeconds: 0,
  counters: []
}

export interface MetricsServerOptions extends EvaluatorThreadsOptions {
  readonly metrics?: Partial<MetricsSettings>
  readonly deadlineMs?: number
}

/** Storage and evaluator threads with cluster `c`, and an HTTP server with `/metrics`. */
export class MetricsServer {
  readonly threads: EvaluatorThreads
  readonly scraper: Scraper
  readonly http: HttpCoordinator
  /** Steps that were asked of the pool, by name: what they carry must not be held on to. */
  readonly asked: MetricsRequest['page'][] = []
  /** Set it to answer a step otherwise. */
  intercept: ((step: MetricsRequest) => Promise<PageResult> | null) | null = null

  constructor(options: MetricsServerOptions = {}) {
    this.threads = new EvaluatorThreads(options)
    const logger = createLogger(createLogLevelWord('info'), record => this.threads.logged.push(record))
    this.scraper = new Scraper({
      settings: { set: 'burrow', maxSeries: 2_000_000, ...options.metrics },
      clusters: ['c'],
      threads: options.threads ?? 2,
      logger,
      page: step => {
        this.asked.push(step.page)
        return this.intercept?.(step) ?? this.threads.evaluator.page(step)
      },
      own: () => noOwnFigures,
      ...(options.deadlineMs === undefined ? {} : { deadlineMs: options.deadlineMs })
    })
    this.http = new HttpCoordinator({
      listeners: [{ name: 'default', address: '127.0.0.1:0', timeoutSeconds: 300 }],
      corsOrigin: '',
      hostName: 'h',
      logger,
      pages: { page: request => this.threads.evaluator.page(request) },
      storage: this.threads.storage.ref,
      clusterNames: () => ['c'],
      clusters: [],
      metrics: this.scraper,
      isReady: () => true,
      health: async () => ({})
    })
  }

  get address(): string {
    return this.http.addresses[0]!
  }

  async start(): Promise<this> {
    await this.threads.start()
    this.http.configure()
    await this.http.start()
    return this
  }

  async stop(): Promise<void> {
    await this.http.stop(50)
    await this.threads.stop()
  }

  /**
   * Groups `group-0` … that each read all of one topic, `topic-0` …, with so many commits a partition. Lag of partition p is p, its
   * newest commit `commits * 10 + 4_000_000`. Resolves when all of it can be read.
   */
  async fill(groups: number, topics: number, partitions: number, commits: number): Promise<void> {
    const shards = this.threads.storage.epochs // each is in its first life
    const peers = Array.from({ length: shards }, (_, shard) => {
      const { port1, port2 } = new MessageChannel()
      this.threads.storage.connect(shard, port2)
      return { peer: StoragePeer.overPort(port1), port: port1, sent: 0 }
    })
    const topicNames = Array.from({ length: topics }, (_, topic) => ({ group: null, topic: `topic-${topic}` }))
    const newest = commits * 10 + 4_000_000
    for (const [shard, sender] of peers.entries()) {
      sender.peer.names(topicNames)
      const ends = topicNames.flatMap((_, topic) =>
        Array.from({ length: partitions }, (_, partition) =>
          endOffsetRecord(topic, partition, partitions, newest + partition)
        )
      )
      for (let from = 0; from < ends.length; from += 10_000) {
        sender.peer.batch(ends.slice(from, from + 10_000))
        sender.sent++
      }
      const timeMs = this.threads.clock.nowMs() - commits * 1000
      for (let group = 0; group < groups; group++) {
        const name = `group-${group}`
        if (shardOf('c', name, shards) !== shard) continue
        sender.peer.names([{ group: name, topic: `topic-${group % topics}`, key: topics + group }])
        const records = []
        for (let commit = 1; commit <= commits; commit++) {
          for (let partition = 0; partition < partitions; partition++) {
            const order = commit * partitions + partition
            const offset = 4_000_000 + commit * 10
            records.push(commitRecord(topics + group, partition, order, offset, timeMs + commit * 1000))
          }
        }
        sender.peer.batch(records)
        sender.sent++
        if (sender.sent % 64 === 0) await waitFor(() => sender.peer.acked.length === sender.sent, 'a burst', 60_000)
      }
    }
    for (const { peer, port, sent } of peers) {
      await waitFor(() => peer.acked.length === sent, 'all batches to be applied', 60_000)
      port.close()
    }
  }
}
