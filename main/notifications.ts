import type { Clock } from '../shared/clock.ts'
import type { CounterBlock } from '../shared/counters.ts'
import { BurrowError } from '../shared/errors.ts'
import type { ApplicationContext } from '../shared/protocol/application-context.ts'
import type { AppConfig } from './config/app-config.ts'
import type { CustomModule } from './modules/custom-module.ts'
import { customNotifier } from './modules/custom-notifier.ts'
import { createNotifier } from './notifier/create-notifier.ts'
import type { VerdictSource } from './notifier/group-rounds.ts'
import { alwaysLeader } from './notifier/leadership.ts'
import { NotifierCoordinator } from './notifier/notifier-coordinator.ts'
import { zookeeperLeadership } from './notifier/zookeeper-leadership.ts'
import { ZookeeperCoordinator } from './zookeeper/zookeeper-coordinator.ts'

export interface Notifications {
  /** Only when notifiers are to agree over ZooKeeper who sends. */
  readonly zookeeper: ZookeeperCoordinator | null
  readonly notifier: NotifierCoordinator
}

/** Those who tell people, and the lock that lets one process of many do so (spec 07, spec 08). Loaded when there is a notifier section. Main thread. */
export function createNotifications(
  config: AppConfig,
  context: ApplicationContext,
  evaluator: VerdictSource,
  clock: Clock,
  counters: CounterBlock,
  modules: readonly CustomModule[]
): Notifications {
  const { logger, storage } = context
  const zookeeper =
    config.zookeeper &&
    new ZookeeperCoordinator({
      settings: config.zookeeper,
      context,
      logger: logger.child({ type: 'coordinator', name: 'zookeeper' })
    })
  const notifierLogger = logger.child({ type: 'coordinator', name: 'notifier' })
  const notifier = new NotifierCoordinator({
    notifiers: config.notifiers,
    storage,
    evaluator,
    leadership: zookeeper ? zookeeperLeadership(() => zookeeper.newLock('notifier')) : alwaysLeader(notifierLogger),
    clock,
    logger: notifierLogger,
    counters,
    isReady: () => context.ready,
    create: (settings, renderer) =>
      createNotifier(settings, renderer, custom => customNotifier(custom, moduleOf(custom, modules)))
  })
  return { zookeeper, notifier }
}

function moduleOf({ name }: { readonly name: string }, modules: readonly CustomModule[]): CustomModule {
  const found = modules.find(({ settings }) => settings.kind === 'notifier' && settings.name === name)
  if (!found) throw new BurrowError('CONFIG_INVALID', `notifier.${name}: the module was not loaded`)
  return found
}
