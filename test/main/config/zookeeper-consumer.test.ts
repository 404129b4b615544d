import { expect } from 'chai'
import { isZookeeperPath } from '../../../main/config/zookeeper-path.ts'
import { type Acceptance, accept, cluster, type Refusal, refuse } from './cases.ts'

const consumer = (keys: string) =>
  `${cluster}[consumer.Old]\nclass-name = "kafka_zk"\ncluster = "Local"\nservers = ["z1:2181"]\n${keys}`
const badPath = "Consumer 'old' has a bad zookeeper path configuration"
const pathForm = 'nothing, or a path such as /kafka/dc1, without a slash at its end'
const serversForm = 'a list of host:port, for example ["zk-1:2181", "zk-2:2181"]'

const refusals: readonly Refusal[] = [
  ...['/', '/kafka/', 'kafka', '/no spaces'].map(path => ({
    what: `the path ${path}`,
    toml: consumer(`zookeeper-path = "${path}"`),
    says: [`consumer.old.zookeeper-path: ${badPath} (read "${path}"; allowed: ${pathForm})`]
  })),
  {
    what: 'no servers',
    toml: consumer('').replace('["z1:2181"]', '[]'),
    says: [`consumer.old.servers: No Zookeeper servers specified for consumer old (read []; allowed: ${serversForm})`]
  },
  {
    what: 'a server without a port',
    toml: consumer('').replace('["z1:2181"]', '"z1"'),
    says: [
      `consumer.old.servers: Consumer 'old' has one or more improperly formatted servers (must be host:port): "z1" (read "z1"; allowed: ${serversForm})`
    ]
  },
  {
    what: 'a timeout of nothing',
    toml: consumer('zookeeper-timeout = 0'),
    says: ['consumer.old.zookeeper-timeout: out of range (read 0; allowed: a whole number from 1 to 2147483)']
  },
  {
    what: 'a cluster that is not there, and an old list key',
    toml: consumer('group-blacklist = "x"').replace('"Local"', '"other"'),
    says: [
      `consumer.old.cluster: Consumer 'old' references an unknown cluster 'other' (read "other"; allowed: local)`,
      'consumer.old.group-blacklist: Please change configurations to allowlist and denylist (read "x"; allowed: group-denylist)'
    ]
  }
]

const acceptances: readonly Acceptance[] = [
  {
    what: 'its defaults',
    toml: consumer(''),
    value: c => [c.zookeeperConsumers, c.consumers],
    is: [
      [
        {
          name: 'old',
          cluster: 'local',
          servers: ['z1:2181'],
          zookeeperPath: '',
          zookeeperTimeoutSeconds: 30,
          groupAllowlist: '',
          groupDenylist: ''
        }
      ],
      []
    ]
  },
  {
    what: 'all its keys',
    toml: consumer(
      'zookeeper-path = "/kafka/dc1"\nzookeeper-timeout = 20\ngroup-allowlist = "^a"\ngroup-denylist = "b"'
    ),
    value: c => c.zookeeperConsumers,
    is: [
      {
        name: 'old',
        cluster: 'local',
        servers: ['z1:2181'],
        zookeeperPath: '/kafka/dc1',
        zookeeperTimeoutSeconds: 20,
        groupAllowlist: '^a',
        groupDenylist: 'b'
      }
    ]
  },
  {
    what: 'keys of the other class, with warnings',
    toml: consumer('offsets-topic = "x"\nclient-profile = "nobody"\nofsets = 1'),
    value: c => c.zookeeperConsumers.length,
    is: 1,
    warnings: [
      'consumer.old.client-profile: only the class kafka uses it',
      'consumer.old.offsets-topic: only the class kafka uses it',
      'consumer.old.ofsets: unknown key, not used'
    ]
  }
]

describe('config: consumers of class kafka_zk', () => {
  refuse(refusals)
  accept(acceptances)

  it('knows the paths of ZooKeeper', () => {
    const good = ['/', '/a', '/a/b', '/a.b/c_d-e', '/_/-', '/A9']
    const bad = [
      '',
      'a',
      '//',
      '/a/',
      '/a//b',
      '/.a',
      '/a/..',
      '/no spaces/in/paths',
      '/no/trailing/slash/',
      '/ä',
      '/a\n'
    ]
    expect(good.filter(path => !isZookeeperPath(path))).to.deep.equal([])
    expect(bad.filter(isZookeeperPath)).to.deep.equal([])
  })
})
