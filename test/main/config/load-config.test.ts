import { expect } from 'chai'
import { configFromToml } from '../../../main/config/load-config.ts'
import type { Mistake } from '../../../main/config/mistakes.ts'
import type { BurrowError } from '../../../shared/errors.ts'
import { type Acceptance, accept, cluster, consumer, nothingWatched, type Refusal, refuse, working } from './cases.ts'

const serversForm = 'a list of host:port, for example ["kafka-1:9092", "kafka-2:9092"]'
const badCluster = "Cluster 'local' has one or more improperly formatted servers (must be host:port)"
const badConsumer = "Consumer 'local' has one or more improperly formatted servers (must be host:port)"
const versionForms = 'three numbers from 1.0.0 on (2.8.0, 4.1.0), four before (0.11.0.1)'
const seconds = 'a whole number from 1 to 2147483'
const re2Form = 'an RE2 regular expression (no look-around)'

const refusals: readonly Refusal[] = [
  // general
  {
    what: 'an empty pidfile',
    toml: '[general]\npidfile = ""',
    says: ['general.pidfile: an empty file name (read ""; allowed: a file name, or leave the key out)']
  },
  {
    what: 'a date as pidfile',
    toml: '[general]\npidfile = 2026-11-22T12:00:00Z',
    says: ['general.pidfile: not a string (read the date 2026-11-22T12:00:00.000Z; allowed: a string)']
  },
  {
    what: 'a line break in the CORS header',
    toml: '[general]\naccess-control-allow-origin = "a\\nb"',
    says: [
      'general.access-control-allow-origin: cannot stand in an HTTP header (read "a\\nb"; allowed: printable characters, no line breaks)'
    ]
  },
  {
    what: 'a list as environment prefix',
    toml: '[general]\nenv-var-prefix = ["a"]',
    says: ['general.env-var-prefix: not a string (read ["a"]; allowed: a string)']
  },
  {
    what: 'a section that is none',
    toml: 'general = "x"',
    says: ['general: not a section (read "x"; allowed: a section [general])']
  },
  // logging
  {
    what: 'a negative log size',
    toml: '[logging]\nmaxsize = -1',
    says: ['logging.maxsize: out of range (read -1; allowed: a whole number from 0 to 1048576)']
  },
  {
    what: 'a log size with a unit',
    toml: '[logging]\nmaxsize = "10MB"',
    says: ['logging.maxsize: not a whole number (read "10MB"; allowed: a whole number from 0 to 1048576)']
  },
  {
    what: 'a negative age',
    toml: '[logging]\nmaxage = -3',
    says: ['logging.maxage: out of range (read -3; allowed: a whole number from 0 to 36525)']
  },
  {
    what: 'a negative number of backups',
    toml: '[logging]\nmaxbackups = -3',
    says: ['logging.maxbackups: out of range (read -3; allowed: a whole number from 0 to 1000000)']
  },
  {
    what: 'maybe as a boolean',
    toml: '[logging]\nuse-compression = "yes"',
    says: ['logging.use-compression: neither true nor false (read "yes"; allowed: true, false)']
  },
  // threads
  {
    what: 'no threads',
    toml: '[threads]\nkafka = 0',
    says: ['threads.kafka: not a number of threads (read 0; allowed: auto, or a whole number from 1 to 64)']
  },
  {
    what: 'a word for threads',
    toml: '[threads]\nstorage = "many"',
    says: ['threads.storage: not a number of threads (read "many"; allowed: auto, or a whole number from 1 to 64)']
  },
  {
    what: 'too many threads',
    toml: '[threads]\nevaluator = 65',
    says: ['threads.evaluator: not a number of threads (read 65; allowed: auto, or a whole number from 1 to 64)']
  },
  // storage
  {
    what: 'two storage modules',
    toml: '[storage.a]\nclass-name = "inmemory"\n[storage.b]\nclass-name = "inmemory"',
    says: ['storage: Only one storage module must be configured (read a, b; allowed: one section [storage.NAME])']
  },
  {
    what: 'an unknown storage class',
    toml: '[storage.a]\nclass-name = "redis"',
    says: ['storage.a.class-name: Unknown storage className provided: redis (read "redis"; allowed: inmemory)']
  },
  {
    what: 'no storage class',
    toml: '[storage.a]\nintervals = 5',
    says: ['storage.a.class-name: Unknown storage className provided:  (nothing read; allowed: inmemory)']
  },
  {
    what: 'intervals 0',
    toml: '[storage.a]\nclass-name = "inmemory"\nintervals = 0',
    says: ['storage.a.intervals: out of range (read 0; allowed: a whole number from 1 to 65535)']
  },
  {
    what: 'intervals past the ring',
    toml: '[storage.a]\nclass-name = "inmemory"\nintervals = 65536',
    says: ['storage.a.intervals: out of range (read 65536; allowed: a whole number from 1 to 65535)']
  },
  {
    what: 'half an interval',
    toml: '[storage.a]\nclass-name = "inmemory"\nintervals = 1.5',
    says: ['storage.a.intervals: not a whole number (read 1.5; allowed: a whole number from 1 to 65535)']
  },
  {
    what: 'expire-group 0',
    toml: '[storage.a]\nclass-name = "inmemory"\nexpire-group = 0',
    says: ['storage.a.expire-group: out of range (read 0; allowed: a whole number from 1 to 9007199254740)']
  },
  {
    what: 'an expire-group past 2^53',
    toml: '[storage.a]\nclass-name = "inmemory"\nexpire-group = 9223372036854775807',
    says: [
      'storage.a.expire-group: out of range (read 9223372036854775807; allowed: a whole number from 1 to 9007199254740)'
    ]
  },
  {
    what: 'a negative min-distance',
    toml: '[storage.a]\nclass-name = "inmemory"\nmin-distance = -1',
    says: ['storage.a.min-distance: out of range (read -1; allowed: a whole number from 0 to 9007199254740)']
  },
  {
    what: 'no workers',
    toml: '[storage.a]\nclass-name = "inmemory"\nworkers = 0',
    says: ['storage.a.workers: out of range (read 0; allowed: a whole number from 1 to 9007199254740)']
  },
  {
    what: 'a negative queue',
    toml: '[storage.a]\nclass-name = "inmemory"\nqueue-depth = -1',
    says: ['storage.a.queue-depth: out of range (read -1; allowed: a whole number from 0 to 9007199254740)']
  },
  {
    what: 'the old list keys of storage',
    toml: '[storage.a]\nclass-name = "inmemory"\ngroup-whitelist = "x"\ngroup-blacklist = ""',
    says: [
      'storage.a.group-whitelist: Please change configurations to allowlist and denylist (read "x"; allowed: group-allowlist)',
      'storage.a.group-blacklist: Please change configurations to allowlist and denylist (read ""; allowed: group-denylist)'
    ]
  },
  {
    what: 'a look-ahead',
    toml: '[storage.a]\nclass-name = "inmemory"\ngroup-allowlist = "a(?=b)"',
    says: [
      `storage.a.group-allowlist: Failed to compile group allowlist: error parsing regexp: invalid or unsupported Perl syntax: \`(?=\` (read "a(?=b)"; allowed: ${re2Form})`
    ]
  },
  {
    what: 'an open bracket',
    toml: '[storage.a]\nclass-name = "inmemory"\ngroup-denylist = "(a"',
    says: [
      `storage.a.group-denylist: Failed to compile group denylist: error parsing regexp: missing closing ): \`(a\` (read "(a"; allowed: ${re2Form})`
    ]
  },
  // evaluator
  {
    what: 'two evaluators',
    toml: '[evaluator.a]\nclass-name = "caching"\n[evaluator.b]\nclass-name = "caching"',
    says: ['evaluator: Only one evaluator module must be configured (read a, b; allowed: one section [evaluator.NAME])']
  },
  {
    what: 'an unknown evaluator class',
    toml: '[evaluator.a]\nclass-name = "Caching"',
    says: ['evaluator.a.class-name: Unknown evaluator className provided: Caching (read "Caching"; allowed: caching)']
  },
  {
    what: 'a negative expire-cache',
    toml: '[evaluator.a]\nclass-name = "caching"\nexpire-cache = -1',
    says: ['evaluator.a.expire-cache: out of range (read -1; allowed: a whole number from 0 to 2147483)']
  },
  {
    what: 'a word for minimum-complete',
    toml: '[evaluator.a]\nclass-name = "caching"\nminimum-complete = "half"',
    says: ['evaluator.a.minimum-complete: not a number (read "half"; allowed: a number from 0 to 100)']
  },
  {
    what: 'minimum-complete that is no number',
    toml: '[evaluator.a]\nclass-name = "caching"\nminimum-complete = nan',
    says: ['evaluator.a.minimum-complete: out of range (read null; allowed: a number from 0 to 100)']
  },
  {
    what: 'a negative allowed-lag',
    toml: '[evaluator.a]\nclass-name = "caching"\nallowed-lag = -5',
    says: ['evaluator.a.allowed-lag: out of range (read -5; allowed: a whole number from 0 to 9007199254740991)']
  },
  // httpserver
  {
    what: 'a listener without address',
    toml: '[httpserver.a]\ntimeout = 5',
    says: [
      'httpserver.a.address: invalid HTTP server listener address (nothing read; allowed: host:port, [v6]:port or :port, port 0 to 65535)'
    ]
  },
  {
    what: 'a listener port past the last',
    toml: '[httpserver.a]\naddress = ":65536"',
    says: [
      'httpserver.a.address: invalid HTTP server listener address (read ":65536"; allowed: host:port, [v6]:port or :port, port 0 to 65535)'
    ]
  },
  {
    what: 'a timeout that no timer takes',
    toml: '[httpserver.a]\naddress = ":0"\ntimeout = 2147484',
    says: ['httpserver.a.timeout: out of range (read 2147484; allowed: a whole number from 0 to 2147483)']
  },
  ...['ui', '/ui/', '/a//b', '/a/../b', '/v3/ui', '/page', '/a b', '/%41', '/:x', ''].map(path => ({
    what: `a page that cannot be there: ${path.slice(0, 20)}`,
    toml: `[httpserver.a]\naddress = ":0"\npage-path = "${path}"`,
    says: [
      `httpserver.a.page-path: the page cannot be there (read "${path}"; allowed: / or up to 128 letters, digits, -, _, . and ~ in segments, not below /v3, /burrow, /metrics or /page)`
    ]
  })),
  // cluster
  {
    what: 'a cluster key outside a module',
    toml: '[cluster]\nclass-name = "kafka"',
    says: ['cluster.class-name: is outside a module section (read "kafka"; allowed: sections [cluster.NAME])']
  },
  {
    what: 'cluster as a list',
    toml: '[[cluster]]\nclass-name = "kafka"',
    says: ['cluster: not a section (read [{"class-name":"kafka"}]; allowed: sections [cluster.NAME])']
  },
  {
    what: 'a cluster without a name',
    toml: '[cluster.""]\nclass-name = "kafka"',
    says: ['cluster.: has no name (read ""; allowed: sections [cluster.NAME])']
  },
  {
    what: 'an unknown cluster class',
    toml: cluster.replace('"kafka"', '"kafkaa"'),
    says: [
      'cluster.local.class-name: Unknown cluster className provided: kafkaa (read "kafkaa"; allowed: kafka, ./FILE.js, npm:PACKAGE)'
    ]
  },
  {
    what: 'no servers',
    toml: '[cluster.local]\nclass-name = "kafka"',
    says: [
      `cluster.local.servers: No Kafka brokers specified for cluster local (nothing read; allowed: ${serversForm})`
    ]
  },
  {
    what: 'a server without port, among good ones',
    toml: cluster.replace('["k1:9092"]', '["k1:9092", "k2"]'),
    says: [`cluster.local.servers: ${badCluster}: "k2" (read ["k1:9092","k2"]; allowed: ${serversForm})`]
  },
  {
    what: 'servers joined by a comma',
    toml: cluster.replace('["k1:9092"]', '"k1:9092,k2:9092"'),
    says: [`cluster.local.servers: ${badCluster}: "k1:9092,k2:9092" (read "k1:9092,k2:9092"; allowed: ${serversForm})`]
  },
  {
    what: 'a list of lists as servers',
    toml: cluster.replace('["k1:9092"]', '[["k1:9092"]]'),
    says: [
      'cluster.local.servers: not a list of strings (read [["k1:9092"]]; allowed: a list of strings, or one string split at white space)',
      `cluster.local.servers: No Kafka brokers specified for cluster local (read [["k1:9092"]]; allowed: ${serversForm})`
    ]
  },
  {
    what: 'an unknown profile',
    toml: `${cluster}client-profile = "x"`,
    says: [
      `cluster.local.client-profile: unknown client-profile 'x' (read "x"; allowed: none: there is no section [client-profile.NAME])`
    ]
  },
  {
    what: 'offset-refresh 0 and topic-refresh below',
    toml: `${cluster}offset-refresh = 0\ntopic-refresh = -60`,
    says: [
      `cluster.local.topic-refresh: out of range (read -60; allowed: ${seconds})`,
      `cluster.local.offset-refresh: out of range (read 0; allowed: ${seconds})`
    ]
  },
  {
    what: 'an octal offset-refresh',
    toml: `${cluster}offset-refresh = "017"`,
    says: [
      `cluster.local.offset-refresh: a number that begins with 0 would be octal (read "017"; allowed: ${seconds}, without a leading 0)`
    ]
  },
  {
    what: 'a negative reaper',
    toml: `${cluster}groups-reaper-refresh = -1`,
    says: ['cluster.local.groups-reaper-refresh: out of range (read -1; allowed: a whole number from 0 to 2147483)']
  },
  {
    what: 'two clusters that differ by case',
    toml: `${cluster}${cluster.replace('local', 'Local')}`,
    says: [
      'cluster.local: is there twice, in two spellings (read "Local"; allowed: one spelling, case does not matter)'
    ]
  },
  // consumer
  {
    what: 'a consumer of a cluster that is not there',
    toml: `${cluster}${consumer.replace('"local"', '"Locl"')}`,
    says: [
      `consumer.local.cluster: Consumer 'local' references an unknown cluster 'Locl' (read "Locl"; allowed: local; did you mean local?)`
    ]
  },
  {
    what: 'a consumer without cluster and servers',
    toml: `${cluster}[consumer.c]\nclass-name = "kafka"`,
    says: [
      `consumer.c.cluster: Consumer 'c' references an unknown cluster '' (nothing read; allowed: local)`,
      `consumer.c.servers: No Kafka brokers specified for consumer c (nothing read; allowed: ${serversForm})`
    ]
  },
  {
    what: 'a consumer where no cluster is',
    toml: consumer,
    says: [
      `consumer.local.cluster: Consumer 'local' references an unknown cluster 'local' (read "local"; allowed: none: there is no section [cluster.NAME])`
    ]
  },
  {
    what: 'bad servers of a consumer',
    toml: `${cluster}${consumer.replace('["k1:9092"]', '["256.1.2.3:9092", "k2:0"]')}`,
    says: [
      `consumer.local.servers: ${badConsumer}: "256.1.2.3:9092", "k2:0" (read ["256.1.2.3:9092","k2:0"]; allowed: ${serversForm})`
    ]
  },
  {
    what: 'an unknown consumer class',
    toml: `${cluster}${consumer.replace('"kafka"', '"kafka_z"')}`,
    says: [
      'consumer.local.class-name: Unknown consumer className provided: kafka_z (read "kafka_z"; allowed: kafka, kafka_zk, ./FILE.js, npm:PACKAGE)'
    ]
  },
  {
    what: 'an offsets topic that no broker could have',
    toml: `${working}offsets-topic = "my topic"`,
    says: [
      'consumer.local.offsets-topic: not a topic name (read "my topic"; allowed: 1 to 249 of letters, digits, dot, dash and underscore)'
    ]
  },
  {
    what: 'maybe as start-latest',
    toml: `${working}start-latest = 2`,
    says: ['consumer.local.start-latest: neither true nor false (read 2; allowed: true, false)']
  },
  {
    what: 'the old list key of a consumer',
    toml: `${working}group-blacklist = "x"`,
    says: [
      'consumer.local.group-blacklist: Please change configurations to allowlist and denylist (read "x"; allowed: group-denylist)'
    ]
  },
  {
    what: 'a back-reference',
    toml: `${working}group-denylist = '(a)\\1'`,
    says: [
      `consumer.local.group-denylist: Failed to compile group denylist: error parsing regexp: invalid escape sequence: \`\\1\` (read "(a)\\\\1"; allowed: ${re2Form})`
    ]
  },
  // client-profile
  {
    what: 'an unknown Kafka version',
    toml: `${working}client-profile = "p"\n[client-profile.p]\nkafka-version = "3.0.0.0"`,
    says: [`client-profile.p.kafka-version: Unknown Kafka Version: 3.0.0.0 (read "3.0.0.0"; allowed: ${versionForms})`]
  },
  {
    what: 'a dial-timeout of nothing',
    toml: `${working}client-profile = "p"\n[client-profile.p]\ndial-timeout = 0\nread-timeout = "6s"`,
    says: [
      `client-profile.p.dial-timeout: out of range (read 0; allowed: ${seconds})`,
      `client-profile.p.read-timeout: not a whole number (read "6s"; allowed: ${seconds})`
    ]
  },
  // environment
  {
    what: 'a value from the environment, with the name of its variable',
    toml: working,
    environment: { BURROW_CLUSTER_LOCAL_OFFSET_REFRESH: '0' },
    says: [
      `cluster.local.offset-refresh: out of range (read "0" from BURROW_CLUSTER_LOCAL_OFFSET_REFRESH; allowed: ${seconds})`
    ]
  },
  {
    what: 'a section hidden by a variable',
    toml: `${cluster}${consumer}`,
    environment: { BURROW_CONSUMER_LOCAL: 'x', BURROW_CONSUMER_LOCAL_CLUSTER: 'local' },
    says: [
      "consumer.local.class-name: Unknown consumer className provided:  (read nothing, the variable BURROW_CONSUMER_LOCAL hides the file's section; allowed: kafka, kafka_zk, ./FILE.js, npm:PACKAGE)",
      `consumer.local.servers: No Kafka brokers specified for consumer local (read nothing, the variable BURROW_CONSUMER_LOCAL hides the file's section; allowed: ${serversForm})`
    ]
  }
]

const acceptances: readonly Acceptance[] = [
  { what: 'upper case keys', toml: '[GENERAL]\nPidFile = "X"', value: c => c.general.pidFile, is: 'X' },
  { what: 'a level in any case', toml: '[logging]\nlevel = "WaRN"', value: c => c.logging.level, is: 'warn' },
  { what: 'warning as HTTP does', toml: '[logging]\nlevel = "warning"', value: c => c.logging.level, is: 'warn' },
  { what: 'trace as HTTP does', toml: '[logging]\nlevel = "trace"', value: c => c.logging.level, is: 'debug' },
  { what: 'an empty level', toml: '[logging]\nlevel = ""', value: c => c.logging.level, is: 'info' },
  { what: 'panic as a level', toml: '[logging]\nlevel = "panic"', value: c => c.logging.level, is: 'panic' },
  {
    what: 'an unknown level, with a warning',
    toml: '[logging]\nlevel = "wran"',
    value: c => c.logging.level,
    is: 'info',
    warnings: ['logging.level: Invalid log level supplied. Defaulting to info: wran; did you mean warn?']
  },
  {
    what: 'a level that is a property of every object',
    toml: '[logging]\nlevel = "constructor"',
    value: c => c.logging.level,
    is: 'info',
    warnings: ['logging.level: Invalid log level supplied. Defaulting to info: constructor']
  },
  { what: 'maxsize 0 as the default', toml: '[logging]\nmaxsize = 0', value: c => c.logging.maxSizeMb, is: 100 },
  { what: 'maxbackups 0', toml: '[logging]\nmaxbackups = 0', value: c => c.logging.maxBackups, is: 0 },
  { what: 'T as true', toml: '[logging]\nuse-localtime = "T"', value: c => c.logging.useLocalTime, is: true },
  { what: '1 as true', toml: '[logging]\nuse-localtime = 1', value: c => c.logging.useLocalTime, is: true },
  { what: 'FALSE as false', toml: '[logging]\nuse-localtime = "FALSE"', value: c => c.logging.useLocalTime, is: false },
  {
    what: 'no storage section',
    toml: '',
    value: c => c.storage,
    is: {
      name: 'default',
      intervals: 10,
      expireGroupSeconds: 604_800,
      minDistanceSeconds: 0,
      groupAllowlist: '',
      groupDenylist: ''
    }
  },
  {
    what: 'a storage section with all its keys',
    toml: `[storage.Main]\nclass-name = "inmemory"\nintervals = "0xf"\nexpire-group = 60.0\nmin-distance = "2"
      workers = 16\nqueue-depth = 8\ngroup-allowlist = "(?i)^a"\ngroup-denylist = "^tmp-"`,
    value: c => c.storage,
    is: {
      name: 'main',
      intervals: 15,
      expireGroupSeconds: 60,
      minDistanceSeconds: 2,
      groupAllowlist: '(?i)^a',
      groupDenylist: '^tmp-'
    },
    warnings: [
      'storage.main.workers: not used; storage threads are set by threads.storage',
      'storage.main.queue-depth: not used; queues between threads have fixed bounds'
    ]
  },
  {
    what: 'the longest window',
    toml: '[storage.a]\nclass-name = "inmemory"\nintervals = 65535',
    value: c => c.storage.intervals,
    is: 65_535
  },
  {
    what: 'an evaluator, minimum-complete as a 32-bit float',
    toml: '[evaluator.E]\nclass-name = "caching"\nexpire-cache = 0\nminimum-complete = "0.1"\nallowed-lag = 5',
    value: c => c.evaluator,
    is: { name: 'e', expireCacheSeconds: 0, minimumComplete: Math.fround(0.1), allowedLag: 5 }
  },
  {
    what: 'minimum-complete above 1, with a warning',
    toml: '[evaluator.e]\nclass-name = "caching"\nminimum-complete = 2',
    value: c => c.evaluator.minimumComplete,
    is: 2,
    warnings: ['evaluator.e.minimum-complete: above 1 no partition is ever judged, all are OK']
  },
  {
    what: 'no listener',
    toml: '',
    value: c => c.httpServers,
    is: [{ name: 'default', address: ':0', timeoutSeconds: 300, tls: null, pagePath: '/' }]
  },
  {
    what: 'listeners in the order of the file',
    toml: '[httpserver.z]\naddress = "[::1]:0"\n[httpserver.a]\naddress = ":8000"\ntimeout = 0',
    value: c => c.httpServers,
    is: [
      { name: 'z', address: '[::1]:0', timeoutSeconds: 300, tls: null, pagePath: '/' },
      { name: 'a', address: ':8000', timeoutSeconds: 0, tls: null, pagePath: '/' }
    ]
  },
  {
    what: 'a page elsewhere, and none',
    toml: '[httpserver.a]\naddress = ":0"\npage-path = "/ops/Lag_1.0~x"\n[httpserver.b]\naddress = ":0"\npage = false',
    value: c => c.httpServers.map(({ pagePath }) => pagePath),
    is: ['/ops/Lag_1.0~x', null]
  },
  {
    what: 'cluster names in one spelling everywhere (A1)',
    toml: `${cluster.replace('local', 'Prod')}${consumer.replace('"local"', '"PROD"')}`,
    value: c => [c.clusters[0]?.name, c.consumers[0]?.cluster],
    is: ['prod', 'prod']
  },
  {
    what: 'a cluster name with a dot',
    toml: `${cluster.replace('local', '"eu.west"')}${consumer.replace('"local"', '"eu.west"')}`,
    value: c => c.consumers[0]?.cluster,
    is: 'eu.west'
  },
  {
    what: 'a cluster named as a property of every object',
    toml: `${cluster.replace('local', '__proto__')}${consumer.replace('"local"', '"__proto__"')}`,
    value: c => c.clusters[0]?.name,
    is: '__proto__'
  },
  {
    what: 'servers as one string',
    toml: `${cluster.replace('["k1:9092"]', '" k1:9092\\tk2:9092 "')}${consumer}`,
    value: c => c.clusters[0]?.servers,
    is: ['k1:9092', 'k2:9092']
  },
  {
    what: 'a profile by any case',
    toml: `[client-profile.OnPrem]\nclient-id = "Me"\nkafka-version = 0.11\ndial-timeout = 15\nread-timeout = 20
      ${working}client-profile = "ONPREM"`,
    value: c => c.consumers[0]?.profile,
    is: {
      name: 'ONPREM',
      clientId: 'Me',
      kafkaVersion: '0.11',
      dialTimeoutMs: 15_000,
      readTimeoutMs: 20_000,
      tls: null,
      sasl: null,
      iam: null
    }
  },
  {
    what: 'the profile of those who name none',
    toml: working,
    value: c => c.clusters[0]?.profile,
    is: {
      name: '',
      clientId: 'burrow-lagchecker',
      kafkaVersion: '2.8.0',
      dialTimeoutMs: 30_000,
      readTimeoutMs: 30_000,
      tls: null,
      sasl: null,
      iam: null
    }
  },
  {
    what: 'TLS in a profile that nobody uses',
    toml: `${working}[client-profile.p]\ntls = "x"\n[tls.x]\ncafile = "x"`,
    value: c => c.clusters.length,
    is: 1,
    warnings: ['client-profile.p: used by no cluster and no consumer', 'tls.x: nothing uses it']
  },
  {
    what: 'a groups reaper, which brokers before 0.11 cannot have',
    toml: `${working}groups-reaper = 1\n${cluster.replace('local', 'b')}groups-reaper-refresh = 600\nclient-profile = "old"\n[client-profile.old]\nkafka-version = "0.10.2"`,
    value: ({ clusters: [, b] }) => b?.groupsReaperRefreshSeconds,
    is: 0,
    warnings: [
      'cluster.b.groups-reaper-refresh: not used, the client profile says kafka-version below 0.11.0.0',
      'consumer.local.groups-reaper: unknown key, not used',
      'cluster.b: no section [consumer.NAME] reads its commits, so it will show no groups'
    ]
  },
  {
    what: 'a cluster with all its keys',
    toml: `${working}${cluster.replace('local', 'b')}offset-refresh = 15\ntopic-refresh = 90\ngroups-reaper-refresh = 600`,
    value: ({ clusters: [, b] }) => [b?.offsetRefreshSeconds, b?.topicRefreshSeconds, b?.groupsReaperRefreshSeconds],
    is: [15, 90, 600],
    warnings: ['cluster.b: no section [consumer.NAME] reads its commits, so it will show no groups']
  },
  {
    what: 'a consumer with all its keys',
    toml: `${working}offsets-topic = "o"\nstart-latest = true\nbackfill-earliest = true\nself-report = false\ngroup-denylist = "^t"`,
    value: ({ consumers: [c] }) => [
      c?.offsetsTopic,
      c?.startLatest,
      c?.backfillEarliest,
      c?.selfReport,
      c?.groupDenylist
    ],
    is: ['o', true, true, false, '^t']
  },
  {
    what: 'backfill-earliest alone, with a warning',
    toml: `${working}backfill-earliest = true`,
    value: c => c.consumers[0]?.startLatest,
    is: false,
    warnings: ['consumer.local.backfill-earliest: has no effect without start-latest = true']
  },
  {
    what: 'unknown keys and sections, with near spellings',
    toml: `top = 1\n${working}ofsets-topic = "x"\nqqqq = 1\n[sotrage.a]\nclass-name = "inmemory"\n[consumer.local.deep]\nx = 1`,
    value: c => c.storage.name,
    is: 'default',
    warnings: [
      'consumer.local.ofsets-topic: unknown key, not used; did you mean offsets-topic?',
      'consumer.local.qqqq: unknown key, not used',
      'consumer.local.deep: unknown section, not used',
      'top: unknown key, not used',
      'sotrage: unknown section, not used; did you mean storage?'
    ]
  },
  {
    what: 'threads from the file',
    toml: '[threads]\nkafka = 2\nstorage = "Auto"\nevaluator = "3"',
    value: c => c.threads,
    is: { kafka: 2, storage: 'auto', evaluator: 3 }
  },
  {
    what: 'threads: flag before environment before file',
    toml: '[threads]\nkafka = 2\nstorage = 2\nevaluator = 2',
    options: {
      flags: { kafka: 4 },
      environment: { BURROW_THREADS_KAFKA: '3', BURROW_THREADS_STORAGE: '3' }
    },
    value: c => c.threads,
    is: { kafka: 4, storage: 3, evaluator: 2 }
  },
  {
    what: 'a list from the environment',
    toml: working,
    options: { environment: { BURROW_CLUSTER_LOCAL_SERVERS: 'a:1 b:2' } },
    value: c => c.clusters[0]?.servers,
    is: ['a:1', 'b:2']
  },
  {
    what: 'the address of the default listener from the environment',
    toml: '',
    options: { environment: { BURROW_HTTPSERVER_DEFAULT_ADDRESS: '127.0.0.1:8000' } },
    value: c => c.httpServers,
    is: [{ name: 'default', address: '127.0.0.1:8000', timeoutSeconds: 300, tls: null, pagePath: '/' }]
  },
  {
    what: 'a misspelt variable, with a warning, but no word on those of others',
    toml: working,
    options: {
      environment: { BURROW_CLUSTER_LOCAL_SERVER: 'x:1', BURROW_SERVICE_HOST: '10.0.0.1', BURROW_PORT: 'x', HOME: '/' }
    },
    value: c => c.clusters[0]?.servers,
    is: ['k1:9092'],
    warnings: [
      'variable BURROW_CLUSTER_LOCAL_SERVER: names no setting, not used; did you mean BURROW_CLUSTER_LOCAL_SERVERS?'
    ]
  },
  {
    what: 'keys of the other consumer class, with a warning',
    toml: `${working}zookeeper-path = "/k"`,
    value: c => c.consumers.length,
    is: 1,
    warnings: ['consumer.local.zookeeper-path: only the class kafka_zk uses it']
  },
  {
    what: 'an empty variable as none',
    toml: '[general]\npidfile = "x"',
    options: { environment: { BURROW_GENERAL_PIDFILE: '' } },
    value: c => c.general.pidFile,
    is: 'x'
  },
  {
    what: 'a module that is not in the file, by its default name',
    toml: '',
    options: { environment: { BURROW_STORAGE_DEFAULT_INTERVALS: '12' } },
    value: c => c.storage.intervals,
    is: 12
  },
  {
    what: 'a prefix of its own, with dashes and dots',
    toml: '[general]\nenv-var-prefix = "x-y.z"',
    options: { environment: { X_Y_Z_GENERAL_PIDFILE: 'p', BURROW_GENERAL_PIDFILE: 'q' } },
    value: c => c.general.pidFile,
    is: 'p'
  },
  {
    what: 'a variable that hides all clusters',
    toml: cluster,
    options: { environment: { BURROW_CLUSTER: 'x' } },
    value: c => c.clusters,
    is: [],
    warnings: [
      "cluster: the file's sections are not used, the variable BURROW_CLUSTER hides them",
      'cluster: there is no section [cluster.NAME], so nothing is watched'
    ]
  }
]

describe('config: load-config', () => {
  refuse(refusals)
  accept(acceptances)

  it('tells all mistakes of a file at once, with path, value and what is allowed as data', () => {
    const toml = `[storage.a]\nintervals = 0\n[cluster.c]\n[consumer.x]\ncluster = "c"\n[threads]\nkafka = "two"`
    try {
      configFromToml(toml, {}, '/etc/burrow/burrow.toml')
      expect.fail('was taken')
    } catch (error) {
      const { facts } = error as BurrowError
      expect(facts.file).to.equal('/etc/burrow/burrow.toml')
      const mistakes = facts.mistakes as readonly Mistake[]
      expect(mistakes.map(({ path, read }) => [path, read])).to.deep.equal([
        ['cluster.c.class-name', null],
        ['cluster.c.servers', null],
        ['threads.kafka', '"two"'],
        ['storage.a.class-name', null],
        ['storage.a.intervals', '0'],
        ['consumer.x.class-name', null],
        ['consumer.x.servers', null]
      ])
      for (const { allowed } of mistakes) expect(allowed).not.to.equal('')
    }
  })

  it('warns of a file with nothing to watch', () => {
    expect(configFromToml('').warnings).to.deep.equal([nothingWatched])
    expect(configFromToml(working).warnings).to.deep.equal([])
  })

  it('freezes what it hands out, all the way down', () => {
    const config = configFromToml(working)
    const loose: string[] = []
    const look = (value: unknown, path: string) => {
      if (typeof value !== 'object' || value === null) return
      if (!Object.isFrozen(value)) loose.push(path)
      for (const [key, inner] of Object.entries(value)) look(inner, `${path}.${key}`)
    }
    look(config, 'config')
    expect(loose).to.deep.equal([])
  })

  it('can be handed to threads', () => {
    const config = configFromToml(working)
    expect(structuredClone(config)).to.deep.equal(config)
  })
})
