/** What the configuration can ask for and the program may not be able to do. */
export type Feature =
  | 'kafka-tls'
  | 'kafka-sasl'
  | 'kafka-iam'
  | 'https'
  | 'zookeeper'
  | 'zookeeper-consumers'
  | 'notifiers'
  | 'groups-reaper'

export type NotBuiltYet = Readonly<Partial<Record<Feature, string>>>

/**
 * What this version cannot do, with the sentence that says so. The settings are read and checked all the same. Whoever makes
 * `main/app.ts` use them removes the line here: that turns the refusal or the warning off, and nothing else needs to change.
 */
export const notBuiltYet: NotBuiltYet = {
  // Refused: the connection would not be the one that was asked for.
  https: 'this version does not serve HTTPS yet',
  // Warned of: harms nobody who knows it.
  'groups-reaper': 'this version does not yet remove groups that Kafka no longer lists'
}
