export interface SharedSetting {
  readonly kafka: readonly string[]
  /** Of a ZooKeeper, if there is one: then there are a kafka_zk module and notifiers too. */
  readonly zookeeper?: string
  /** A file any notifier can have as its template. */
  readonly template: string
}

export const intervals = 6
export const expireGroupMs = 4 * 3_600_000
export const zookeeperPath = '/old'

/** The one burrow.toml of both programs; only the address of the listener is a program's own. */
export function burrowToml({ kafka, zookeeper, template }: SharedSetting): (address: string) => string {
  const servers = JSON.stringify(kafka)
  const text = `[general]
pidfile = "burrow.pid"
access-control-allow-origin = "https://ops.example.org"

[logging]
level = "info"

[client-profile.p]
client-id = "side by side <&>"
kafka-version = "2.8.0"

[storage.default]
class-name = "inmemory"
intervals = ${intervals}
min-distance = 1
expire-group = ${expireGroupMs / 1000}
group-denylist = "^denied"

[evaluator.default]
class-name = "caching"
expire-cache = 1

[httpserver.default]
address = "ADDRESS"
# Ours alone has one, at a path that is 404 without; Burrow does not know the key.
page = false

[cluster.local]
class-name = "kafka"
client-profile = "p"
servers = ${servers}
offset-refresh = 1
topic-refresh = 1

[consumer.local]
class-name = "kafka"
cluster = "local"
client-profile = "p"
servers = ${servers}
start-latest = false

[cluster.replay]
class-name = "kafka"
servers = ${servers}
offset-refresh = 1
topic-refresh = 1

[consumer.replay]
class-name = "kafka"
cluster = "replay"
servers = ${servers}
start-latest = true
backfill-earliest = true
${zookeeper === undefined ? '' : withZookeeper(servers, zookeeper, template)}`
  return address => text.replace('ADDRESS', address)
}

/** The notifiers are there to be shown: no group is theirs. */
function withZookeeper(kafka: string, zookeeper: string, template: string): string {
  return `
[zookeeper]
servers = ["${zookeeper}"]
timeout = 6
root-path = "/burrow"

[cluster.old]
class-name = "kafka"
servers = ${kafka}
offset-refresh = 1
topic-refresh = 1

[consumer.old]
class-name = "kafka_zk"
cluster = "old"
servers = ["${zookeeper}"]
zookeeper-path = "${zookeeperPath}"
zookeeper-timeout = 30

[notifier.pager]
class-name = "http"
group-allowlist = "^nobody$"
interval = 30
threshold = 3
url-open = "http://127.0.0.1:9/open?key=secret"
url-close = "http://127.0.0.1:9/close/secret"
method-open = "PUT"
template-open = "${template}"
template-close = "${template}"
send-close = true
extras = { api_key = "secret", app = "burrow" }

[notifier.mail]
class-name = "email"
group-allowlist = "^nobody$"
server = "127.0.0.1"
port = 9
from = "burrow@example.org"
to = "ops@example.org"
template-open = "${template}"

[notifier.quiet]
class-name = "null"
group-allowlist = "^nobody$"
template-open = "${template}"
`
}
