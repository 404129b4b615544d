/**
 * Life cycle of a subsystem and of its modules (spec 01 section 7). Main thread.
 *
 * Started in the order of one list (those who answer before those who ask), stopped in the reverse order.
 */
export interface Coordinator {
  readonly name: string
  /**
   * Reads and checks configuration, sets up internal structures, then configures its modules. It must NOT connect to
   * anything outside the coordinator, the storage and evaluator ports included. Throws a ConfigError on bad input.
   */
  configure(): void
  /**
   * Starts the modules and then itself; background work goes on after the promise resolves. If it rejects, whatever it had
   * already started is stopped again and the process ends with code 1.
   */
  start(): Promise<void>
  /** Stops the modules and all background work, within a deadline of its own. Errors are logged and otherwise ignored. */
  stop(): Promise<void>
}

/** One configured part of a coordinator, for example one cluster or one consumer; the same promises hold. */
export interface Module {
  /** `name` is the section's name in lower case, `configRoot` the key prefix, for example `storage.default`. */
  configure(name: string, configRoot: string): void
  start(): Promise<void>
  stop(): Promise<void>
}
