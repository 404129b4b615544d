import { hostname } from 'node:os'
import { createPositionTable } from '../shared/actor/position-table.ts'
import type { ThreadInit } from '../shared/actor/thread-messages.ts'
import { clockFromWord, createClockWord } from '../shared/clock.ts'
import { type CounterBlock, Counters, createCounterBlock } from '../shared/counters.ts'
import type { ApplicationContext } from '../shared/protocol/application-context.ts'
import type { Coordinator } from '../shared/protocol/coordinator.ts'
import { selfReportGroup } from '../shared/rules/self-report-group.ts'
import type { StartApp } from './app-handle.ts'
import type { AppConfig } from './config/app-config.ts'
import { resolveThreads } from './config/auto-threads.ts'
import { ClusterLists } from './evaluator/cluster-lists.ts'
import { EvaluatorCoordinator } from './evaluator/evaluator-coordinator.ts'
import { Feed } from './feed/feed.ts'
import { ProgramState } from './feed/program-state.ts'
import { createHealth } from './health.ts'
import { HttpCoordinator } from './httpserver/http-coordinator.ts'
import { KafkaCoordinator } from './kafka/kafka-coordinator.ts'
import { deleteUnlisted } from './kafka/unlisted-groups.ts'
import type { KafkaZkCoordinator } from './kafka-zk/kafka-zk-coordinator.ts'
import type { MainLogger } from './logger.ts'
import { LoopDelay } from './metrics/loop-delay.ts'
import { ownFigures } from './metrics/own-figures.ts'
import { Scraper } from './metrics/scraper.ts'
import type { CustomModule } from './modules/custom-module.ts'
import { ModulesCoordinator } from './modules/modules-coordinator.ts'
import { packageVersion } from './package-version.ts'
import { StorageCoordinator } from './storage/storage-coordinator.ts'
import { withDeadline } from './threads/deadline.ts'

/** Time for one coordinator to stop; then the next one is stopped and this one is named in the log. */
export const coordinatorStopDeadlineMs = 2_000

/**
 * Builds the program out of its coordinators and starts them: those who answer before those who ask; stopped in reverse.
 * Main thread. Rejects if one cannot start, after stopping those that had.
 */
export const startApp: StartApp = async (config, main, modules = []) => {
  main.logger.info('Started Burrow') // the original's first line: people look for it
  const { context, coordinators, kafka, failed, addresses, pages, drills, loopDelay } = build(
    config,
    main,
    modules,
    await loadOptional(config)
  )
  for (const coordinator of coordinators) coordinator.configure()
  context.configurationValid = true
  // Kafka threads take longest to load: they begin before the first, are connected whenever a shard is up, and waited for in their turn.
  const kafkaStarts = kafka.start()
  kafkaStarts.catch(() => undefined) // not lost: it is awaited below, unless another has failed before, and then that is what is said
  const started: Coordinator[] = []
  const stop = async () => {
    loopDelay.stop()
    await stopAll(started, main)
  }
  try {
    for (const coordinator of coordinators) {
      started.push(coordinator)
      await (coordinator === kafka ? kafkaStarts : coordinator.start())
    }
  } catch (error) {
    if (!started.includes(kafka)) started.push(kafka)
    await stop()
    throw error
  }
  return { stop, failed, drills, addresses: addresses(), pages: pages() }
}

/**
 * Parts that many configurations do not have. With the packages they need (mail, ZooKeeper) they are a third of the files that main
 * would load, so they are loaded only when they are wanted.
 */
async function loadOptional({ notifiers, zookeeperConsumers }: AppConfig) {
  return {
    notifications: notifiers.length === 0 ? null : await import('./notifications.ts'),
    kafkaZk: zookeeperConsumers.length === 0 ? null : await import('./kafka-zk/kafka-zk-coordinator.ts')
  }
}

function build(
  config: AppConfig,
  main: MainLogger,
  custom: readonly CustomModule[],
  optional: Awaited<ReturnType<typeof loadOptional>>
) {
  const { logger } = main
  const threads = resolveThreads(config.threads)
  const counters = new Map<string, CounterBlock>()
  const clockWord = createClockWord()
  let giveUp: (error: Error) => void = () => undefined
  const failed = new Promise<Error>(resolve => {
    giveUp = resolve
  })
  const threadInit = (name: string): ThreadInit => {
    const block = counters.get(name) ?? createCounterBlock() // counts survive the thread
    counters.set(name, block)
    return { name, logLevel: main.levelWord, counters: block, clock: clockWord }
  }
  const customClusters = config.customModules.filter(({ kind }) => kind === 'cluster')
  const clusterNames = [...config.clusters, ...customClusters].map(cluster => cluster.name)
  const selfReports = new Set(config.consumers.map(({ name }) => selfReportGroup(name)))
  const positionTables = config.consumers.map(() => createPositionTable(threads.storage))
  const shared = { logger, positionTables, threadInit, writeLog: main.writeRecord, onGivenUp: giveUp }

  const storage = new StorageCoordinator({
    ...shared,
    logger: logger.child({ type: 'coordinator', name: 'storage' }),
    shards: threads.storage,
    clusters: clusterNames,
    settings: config.storage,
    allowedLag: config.evaluator.allowedLag,
    onShardUp: (shard, epoch) => {
      if (epoch > 1) {
        evaluator.epochRaised(shard, epoch)
        kafkaZk?.storageReplaced()
      }
      kafka.shardUp(shard)
    },
    onShardDown: shard => logger.error('storage shard lost, its groups are read again', { shard })
  })
  const evaluator: EvaluatorCoordinator = new EvaluatorCoordinator({
    threads: threads.evaluator,
    init: {
      logLevel: main.levelWord,
      clock: clockWord,
      shards: threads.storage,
      clusters: clusterNames,
      intervals: config.storage.intervals,
      expireGroupSeconds: config.storage.expireGroupSeconds,
      settings: config.evaluator
    },
    counters: name => threadInit(name).counters,
    logger: logger.child({ type: 'coordinator', name: 'evaluator' }),
    clock: clockFromWord(clockWord),
    connectStorage: (shard, port) => storage.connect(shard, port)
  })
  const kafka: KafkaCoordinator = new KafkaCoordinator({
    ...shared,
    logger: logger.child({ type: 'coordinator', name: 'kafka' }),
    threads: threads.kafka,
    shards: threads.storage,
    clusters: config.clusters,
    consumers: config.consumers,
    storage,
    onUnlistedGroups: message =>
      deleteUnlisted(message, {
        storage: storage.ref,
        counters: new Counters(threadInit('main').counters),
        logger: logger.child({ type: 'module', coordinator: 'cluster', name: message.cluster }),
        isOwn: (cluster, group) =>
          selfReports.has(group) || kafkaZk?.knowsGroup(cluster, group) || modules.knowsGroup(cluster, group)
      })
  })
  const kafkaZk: KafkaZkCoordinator | null =
    optional.kafkaZk &&
    new optional.kafkaZk.KafkaZkCoordinator({
      consumers: config.zookeeperConsumers,
      storage: storage.ref,
      logger,
      counters: threadInit('main').counters
    })
  const modules: ModulesCoordinator = new ModulesCoordinator({
    modules: custom,
    logger,
    counters: new Counters(threadInit('main').counters),
    context: () => context
  })
  const context: ApplicationContext = {
    logger,
    configurationValid: false,
    zookeeper: null,
    zookeeperRoot: '',
    zookeeperConnected: false,
    storage: storage.ref,
    evaluator,
    get ready() {
      return kafka.readiness.ready && (kafkaZk?.ready ?? true)
    }
  }
  const { zookeeper, notifier } = optional.notifications?.createNotifications(
    config,
    context,
    evaluator,
    clockFromWord(clockWord),
    threadInit('main').counters,
    custom
  ) ?? { zookeeper: null, notifier: null }
  const loopDelay = new LoopDelay()
  const version = packageVersion()
  const state = new ProgramState({
    config,
    clusterNames,
    kafkaThreads: threads.kafka,
    counters,
    storage,
    evaluator,
    kafka,
    loopDelay,
    zookeeperReady: () => kafkaZk?.ready ?? true,
    isReady: () => context.ready,
    openRequests: () => http.openRequests,
    feedClients: () => feed.clients
  })
  const feed: Feed = new Feed({
    version,
    clusters: clusterNames,
    intervals: config.storage.intervals,
    threads: threads.evaluator,
    logger: logger.child({ type: 'coordinator', name: 'feed' }),
    counters: new Counters(threadInit('main').counters),
    page: step => evaluator.page(step),
    conditions: () => state.conditions(),
    health: () => state.health()
  })
  const http: HttpCoordinator = new HttpCoordinator({
    listeners: config.httpServers,
    corsOrigin: config.general.accessControlAllowOrigin,
    hostName: hostname(),
    logger: logger.child({ type: 'coordinator', name: 'httpserver' }),
    pages: evaluator,
    storage: storage.ref,
    clock: clockFromWord(clockWord),
    clusterNames: () => clusterNames,
    clusters: config.clusters,
    config,
    logLevel: main.levelWord,
    groupLists: new ClusterLists({ threads: threads.evaluator, page: step => evaluator.page(step) }),
    metrics: new Scraper({
      settings: config.metrics,
      clusters: clusterNames,
      threads: threads.evaluator,
      logger: logger.child({ type: 'coordinator', name: 'metrics' }),
      page: step => evaluator.page(step),
      own: () => ownFigures({ version, config, threads, counters, storage, evaluator, kafka, loopDelay })
    }),
    feed,
    isReady: () => context.ready,
    health: createHealth({
      config,
      threads,
      counters,
      storage,
      evaluator,
      kafka,
      kafkaZk,
      modules,
      notifier,
      isReady: () => context.ready,
      listeners: () => http.stats()
    })
  })
  return {
    context,
    coordinators: [zookeeper, storage, evaluator, http, kafka, kafkaZk, modules, notifier].filter(
      each => each !== null
    ),
    kafka,
    failed,
    drills: {
      killStorage: (shard: number) => storage.kill(shard),
      killKafka: (thread: number) => kafka.kill(thread),
      killEvaluator: () => evaluator.kill()
    },
    addresses: () => http.addresses,
    pages: () => http.pages,
    loopDelay
  }
}

async function stopAll(started: readonly Coordinator[], main: MainLogger): Promise<void> {
  for (const coordinator of started.toReversed()) {
    try {
      await withDeadline(coordinator.stop(), coordinatorStopDeadlineMs, `stopping ${coordinator.name}`)
    } catch (error) {
      main.logger.warn('did not stop cleanly', { name: coordinator.name, error })
    }
  }
}
