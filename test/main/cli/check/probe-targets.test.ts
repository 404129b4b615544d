import { expect } from 'chai'
import { probeTargets, targetsMax } from '../../../../main/cli/check/probe-targets.ts'
import { configFromToml } from '../../../../main/config/load-config.ts'

const targetsOf = (toml: string) => probeTargets(configFromToml(toml))
const cluster = (name: string, servers: readonly string[], keys = '') =>
  `[cluster.${name}]\nclass-name = "kafka"\nservers = ${JSON.stringify(servers)}\n${keys}\n`

describe('cli: check: probe-targets', () => {
  it('names an address once, with all who use it, and apart if one of them uses TLS', () => {
    const { targets, leftOut } = targetsOf(`
      ${cluster('a', ['k1:9092', '[::1]:9092'])}
      ${cluster('b', ['k1:9092'], 'client-profile = "p"')}
      [consumer.a]\nclass-name = "kafka"\ncluster = "a"\nservers = ["k1:9092"]
      [consumer.old]\nclass-name = "kafka_zk"\ncluster = "a"\nservers = ["z:2181"]
      [client-profile.p]\nclient-id = "me"\ntls = "t"\n[tls.t]
      [zookeeper]\nservers = ["z:2181"]\n[notifier.n]\nclass-name = "null"`)
    expect(leftOut).to.equal(0)
    expect(
      targets.map(({ kind, host, port, tls, clientId, users }) => [kind, host, port, tls?.name, clientId, users])
    ).to.deep.equal([
      ['kafka', 'k1', 9092, undefined, 'burrow-lagchecker', ['cluster.a', 'consumer.a']],
      ['kafka', '::1', 9092, undefined, 'burrow-lagchecker', ['cluster.a']],
      ['kafka', 'k1', 9092, 't', 'me', ['cluster.b']],
      ['zookeeper', 'z', 2181, undefined, '', ['consumer.old', 'zookeeper']]
    ])
  })

  it('has a bound, and says how many are left out', () => {
    const servers = Array.from({ length: targetsMax + 3 }, (_, index) => `k${index}:9092`)
    const { targets, leftOut } = targetsOf(cluster('a', servers))
    expect([targets.length, leftOut]).to.deep.equal([targetsMax, 3])
  })
})
