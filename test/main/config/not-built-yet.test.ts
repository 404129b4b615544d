import { expect } from 'chai'
import { configFromToml } from '../../../main/config/load-config.ts'
import { type Feature, type NotBuiltYet, notBuiltYet } from '../../../main/config/not-built-yet.ts'
import { type Acceptance, accept, cluster, consumer, type Refusal, refuse, working } from './cases.ts'

/** All that ever was on the list, so that these tests hold when lines of it are removed. */
const nothingBuilt: Required<NotBuiltYet> = {
  'kafka-tls': 'this version does not connect to Kafka with TLS yet',
  'kafka-sasl': 'this version does not connect to Kafka with SASL yet',
  'kafka-iam': 'this version does not connect to Kafka with AWS IAM yet',
  https: 'this version does not serve HTTPS yet',
  'zookeeper-consumers': 'this version reads commits from Kafka only, not from ZooKeeper',
  notifiers: 'this version sends no notifications yet',
  zookeeper: 'this version does not use ZooKeeper yet',
  'groups-reaper': 'this version does not yet remove groups that Kafka no longer lists'
}

const refusals: readonly Refusal[] = [
  {
    what: 'HTTPS, even unnamed',
    toml: '[httpserver.a]\naddress = ":0"\ntls = ""',
    says: [
      'httpserver.a.tls: this version does not serve HTTPS yet (read ""; allowed: no tls key)',
      `httpserver.a.tls: unknown tls section '' (read ""; allowed: none: there is no section [tls.NAME])`
    ]
  },
  {
    what: 'commits in ZooKeeper',
    toml: `${cluster}${consumer.replace('"kafka"', '"kafka_zk"')}zookeeper-path = "/k"`,
    says: [
      'consumer.local.class-name: this version reads commits from Kafka only, not from ZooKeeper (read "kafka_zk"; allowed: kafka)'
    ]
  },
  {
    what: 'TLS, SASL and IAM, once for all who use the profile',
    toml: `${working}client-profile = "p"\n${cluster.replace('local', 'b')}client-profile = "P"
      [client-profile.P]\ntls = "t"\nsasl = "s"\niam = "i"
      [tls.T]\n[sasl.s]\nusername = "u"\npassword = "p"\n[iam.i]\nregion = "eu-west-1"`,
    says: [
      'client-profile.p.tls: this version does not connect to Kafka with TLS yet (read "t"; allowed: no tls key)',
      'client-profile.p.sasl: this version does not connect to Kafka with SASL yet (read "s"; allowed: no sasl key)',
      'client-profile.p.iam: this version does not connect to Kafka with AWS IAM yet (read "i"; allowed: no iam key)'
    ]
  }
]

const acceptances: readonly Acceptance[] = [
  {
    what: 'what a later version brings, with a warning for each',
    toml: `${working}[notifier.Pager]\nclass-name = "null"\n[notifier.mail]\nclass-name = "null"\n[zookeeper]\nservers = ["z:1"]`,
    value: c => c.consumers.length,
    is: 1,
    warnings: [
      'notifier.pager: this version sends no notifications yet',
      'notifier.mail: this version sends no notifications yet',
      'zookeeper: this version does not use ZooKeeper yet'
    ]
  },
  {
    what: 'the reaper, with a warning, and reaper 0 without',
    toml: `${working}groups = 1\n${cluster.replace('local', 'b')}groups-reaper-refresh = 600\n${consumer
      .replace('consumer.local', 'consumer.b')
      .replace('"local"', '"b"')}[cluster.c]\nclass-name = "kafka"\nservers = ["k:1"]\ngroups-reaper-refresh = 0`,
    value: c => c.clusters.map(each => each.groupsReaperRefreshSeconds),
    is: [0, 600, 0],
    warnings: [
      'cluster.b.groups-reaper-refresh: this version does not yet remove groups that Kafka no longer lists',
      'cluster.c: no section [consumer.NAME] reads its commits, so it will show no groups',
      'consumer.local.groups: unknown key, not used'
    ]
  }
]

describe('config: not-built-yet', () => {
  refuse(refusals, { notBuiltYet: nothingBuilt })
  accept(acceptances, { notBuiltYet: nothingBuilt })

  it('lists nothing but what the configuration asks about', () => {
    for (const [feature, sentence] of Object.entries(notBuiltYet)) {
      expect(nothingBuilt[feature as Feature]).to.equal(sentence)
    }
  })

  it('is what a start goes by', () => {
    const config = configFromToml(`${working}[notifier.n]\nclass-name = "null"`)
    const said = config.warnings.includes(`notifier.n: ${nothingBuilt.notifiers}`)
    expect(said).to.equal('notifiers' in notBuiltYet)
  })
})
