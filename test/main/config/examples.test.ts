import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect } from 'chai'
import { loadConfig } from '../../../main/config/load-config.ts'
import { tempFolder } from '../../support/temp-folder.ts'
import { mistakesOf } from './cases.ts'
import { caPem, serverKey, serverPem } from './pem-samples.ts'

/** The sections and keys that the example files of the original and of its packages have, with names of our own. */
const oldExample = `
[general]
pidfile="/run/lagwatch/lagwatch.pid"

[logging]
filename="/var/log/lagwatch/lagwatch.log"
level="info"
maxsize=100
maxbackups=30
maxage=10
use-localtime=false
use-compression=true

[zookeeper]
servers=[ "zk-a.example.org:2181", "zk-b.example.org:2181" ]
timeout=6
root-path="/lagwatch"

[client-profile.plain]
client-id="lagwatch-test"
kafka-version="0.10.0"

[cluster.dc1]
class-name="kafka"
servers=[ "kafka-a.example.org:10251", "kafka-b.example.org:10251" ]
client-profile="plain"
topic-refresh=120
offset-refresh=30

[consumer.dc1]
class-name="kafka"
cluster="dc1"
servers=[ "kafka-a.example.org:10251", "kafka-b.example.org:10251" ]
client-profile="plain"
group-blacklist="^(console-|quick-).*$"
group-whitelist=""

[httpserver.default]
address=":8000"

[storage.default]
class-name="inmemory"
workers=20
intervals=15
expire-group=604800
min-distance=1
`

describe('config: example files of the original', () => {
  it('refuses the one that Debian ships for its list keys alone, as Burrow 1.9.5 does', () => {
    expect(mistakesOf(oldExample)).to.deep.equal([
      'consumer.dc1.group-whitelist: Please change configurations to allowlist and denylist (read ""; allowed: group-allowlist)',
      'consumer.dc1.group-blacklist: Please change configurations to allowlist and denylist (read "^(console-|quick-).*$"; allowed: group-denylist)'
    ])
  })

  it('takes it with the newer names, and warns of two things', () => {
    const folder = tempFolder('config')
    const newer = oldExample.replace('group-blacklist', 'group-denylist').replace('group-whitelist', 'group-allowlist')
    writeFileSync(join(folder, 'burrow.toml'), newer)
    const { warnings, consumers, storage } = loadConfig(folder)
    expect(warnings).to.have.members([
      'zookeeper: not used, there is no section [notifier.NAME]',
      'storage.default.workers: not used; storage threads are set by threads.storage'
    ])
    expect([consumers[0]?.groupDenylist, storage.intervals]).to.deep.equal(['^(console-|quick-).*$', 15])
  })

  it('reads every section there is', () => {
    const folder = tempFolder('config')
    for (const [name, text] of Object.entries({ 'ca.pem': caPem, 'c.pem': serverPem, 'c.key': serverKey, t: 'x' })) {
      writeFileSync(join(folder, name), text)
    }
    const toml = completeExample.replaceAll('DIR', folder)
    writeFileSync(join(folder, 'burrow.toml'), toml)
    const config = loadConfig(folder)
    expect(config.warnings).to.have.members([
      'storage.main.workers: not used; storage threads are set by threads.storage',
      'storage.main.queue-depth: not used; queues between threads have fixed bounds',
      'client-profile.msk: used by no cluster and no consumer',
      'iam.cloud: nothing uses it'
    ])
    expect(config.clusters.map(({ profile }) => [profile.tls?.name, profile.sasl?.mechanism])).to.deep.equal([
      ['kafkaca', 'SCRAM-SHA-512']
    ])
    expect(config.zookeeperConsumers.map(({ name }) => name)).to.deep.equal(['dc1-old'])
    expect(config.notifiers.map(({ name, className }) => [name, className])).to.deep.equal([
      ['pager', 'http'],
      ['mail', 'email']
    ])
    expect(config.zookeeper?.tls?.name).to.equal('zkca')
  })
})

/** Spec 05 section 10, with files that are there. */
const completeExample = `
[general]
pidfile = "/run/lagwatch/lagwatch.pid"
stdout-logfile = "/var/log/lagwatch/console.log"
access-control-allow-origin = "https://ops.example.org"
env-var-prefix = "lagwatch"

[logging]
filename = "/var/log/lagwatch/lagwatch.log"
level = "info"
maxsize = 50
maxbackups = 7
maxage = 14
use-localtime = false
use-compression = true

[zookeeper]
servers = ["zk-a.example.org:2181", "zk-b.example.org:2181"]
timeout = 10
root-path = "/lagwatch"
tls = "zkca"

[tls.zkca]
cafile = "DIR/ca.pem"
certfile = "DIR/c.pem"
keyfile = "DIR/c.key"

[tls.kafkaca]
cafile = "DIR/ca.pem"
noverify = false

[tls.web]
certfile = "DIR/c.pem"
keyfile = "DIR/c.key"

[sasl.monitor]
mechanism = "SCRAM-SHA-512"
handshake-first = true
username = "monitor"
password = "change-me"

[iam.cloud]
region = "eu-west-1"
role-arn = "arn:aws:iam::111122223333:role/lag-reader"

[client-profile.onprem]
client-id = "lagwatch"
kafka-version = "3.6.0"
tls = "kafkaca"
sasl = "monitor"
dial-timeout = 15
read-timeout = 20

[client-profile.msk]
client-id = "lagwatch"
kafka-version = "2.8.0"
tls = "kafkaca"
iam = "cloud"

[storage.main]
class-name = "inmemory"
intervals = 12
expire-group = 259200
min-distance = 2
workers = 16
queue-depth = 8
group-allowlist = ""
group-denylist = "^tmp-"

[evaluator.main]
class-name = "caching"
expire-cache = 15
minimum-complete = 0.5
allowed-lag = 5

[httpserver.plain]
address = ":8080"
timeout = 60

[httpserver.secure]
address = "0.0.0.0:8443"
timeout = 60
tls = "web"

[cluster.dc1]
class-name = "kafka"
client-profile = "onprem"
servers = ["kafka-1.example.org:9093", "kafka-2.example.org:9093"]
offset-refresh = 15
topic-refresh = 90
groups-reaper-refresh = 600

[consumer.dc1]
class-name = "kafka"
cluster = "dc1"
client-profile = "onprem"
servers = ["kafka-1.example.org:9093", "kafka-2.example.org:9093"]
offsets-topic = "__consumer_offsets"
start-latest = true
backfill-earliest = true
group-allowlist = ""
group-denylist = "^(console-|test-)"

[consumer.dc1-old]
class-name = "kafka_zk"
cluster = "dc1"
servers = ["zk-a.example.org:2181"]
zookeeper-path = "/kafka/dc1"
zookeeper-timeout = 20

[notifier.pager]
class-name = "http"
interval = 30
threshold = 2
send-interval = 120
send-once = false
send-close = true
group-allowlist = "^prod-"
url-open = "https://pager.example.org/api/open?id={{.ID}}"
method-open = "POST"
template-open = "DIR/t"
url-close = "https://pager.example.org/api/close?id={{.ID}}"
method-close = "DELETE"
template-close = "DIR/t"
timeout = 5
keepalive = 30
disable-http-keepalive = false
username = "lagwatch"
password = "change-me"
extra-ca = "DIR/ca.pem"
noverify = false
headers = { X-Team = "streaming" }
extras = { api_key = "change-me", tier = "prod" }

[notifier.mail]
class-name = "email"
interval = 60
threshold = 3
server = "smtp.example.org"
port = 587
auth-type = "plain"
username = "lagwatch"
password = "change-me"
from = "lagwatch@example.org"
to = "oncall@example.org,archive@example.org"
template-open = "DIR/t"
`
