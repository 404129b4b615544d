import { expect } from 'chai'
import { kafkaProbes, serversMax } from '../../../../main/cli/check/kafka-probes.ts'
import { configFromToml } from '../../../../main/config/load-config.ts'

const probesOf = (toml: string) => kafkaProbes(configFromToml(toml))
const cluster = (name: string, servers: readonly string[], keys = '') =>
  `[cluster.${name}]\nclass-name = "kafka"\nservers = ${JSON.stringify(servers)}\n${keys}\n`

describe('cli: check: kafka-probes', () => {
  it('tries once who reaches a cluster in the same way, and apart who logs in otherwise', () => {
    const { probes, serversLeftOut } = probesOf(`
      ${cluster('a', ['k1:9092', '[::1]:9092'], 'groups-reaper-refresh = 60')}
      ${cluster('b', ['k1:9092'], 'client-profile = "p"')}
      [consumer.a]\nclass-name = "kafka"\ncluster = "a"\nservers = ["[::1]:9092", "k1:9092"]
      [consumer.c]\nclass-name = "kafka"\ncluster = "b"\nservers = ["k1:9092"]\noffsets-topic = "mine"
      [client-profile.p]\nclient-id = "me"\ntls = "t"\n[tls.t]`)
    expect(serversLeftOut).to.equal(0)
    expect(
      probes.map(({ id, cluster: of, servers, users, offsetsTopics, sweeps, reaps }) => [
        id,
        of,
        servers,
        users,
        offsetsTopics,
        sweeps,
        reaps
      ])
    ).to.deep.equal([
      [0, 'a', ['k1:9092', '[::1]:9092'], ['cluster.a', 'consumer.a'], ['__consumer_offsets'], true, true],
      [1, 'b', ['k1:9092'], ['cluster.b'], [], true, false],
      [2, 'b', ['k1:9092'], ['consumer.c'], ['mine'], false, false]
    ])
    expect(probes.map(({ profile }) => profile.tls?.name)).to.deep.equal([undefined, 't', undefined])
  })

  it('has a bound, and says how many are left out', () => {
    const servers = Array.from({ length: serversMax + 3 }, (_, index) => `k${index}:9092`)
    const { probes, serversLeftOut } = probesOf(cluster('a', servers))
    expect([probes[0]?.servers.length, serversLeftOut]).to.deep.equal([serversMax, 3])
  })
})
