import { spawnSync } from 'node:child_process'
import { expect } from 'chai'
import { type Simulator, startSimulator } from '../../main/simulator/simulator.ts'
import { Child } from '../support/child-process.ts'

const kcatBoundMs = 60_000

/** kcat is librdkafka: another family of clients, with versions and features that kafkajs never asks for. */
describe('simulator: kcat', () => {
  let simulator: Simulator
  before(async function () {
    if (spawnSync('kcat', ['-V']).error) {
      if (process.env.CI === 'true') throw new Error('kcat is not there (Debian: apt-get install kcat)')
      console.error('\n!!! KCAT NOT FOUND: the simulator is not tried with librdkafka !!!\n')
      this.skip()
    }
    simulator = await startSimulator({ brokers: 2, offsetsPartitions: 3 })
    simulator.cluster.createTopic('t', 2)
  })
  after(() => simulator?.stop())

  async function kcat(args: readonly string[], input = ''): Promise<string> {
    const child = new Child('kcat', ['-b', simulator.servers[0]!, ...args], { input })
    const late = setTimeout(() => child.kill('SIGKILL'), kcatBoundMs)
    const { code } = await child.exited
    clearTimeout(late)
    expect(code, child.said()).to.equal(0)
    return child.stdout
  }

  it('lists brokers, topics and leaders', async () => {
    const text = await kcat(['-L'])
    expect(text).to.include('2 brokers:')
    expect(text).to.include('topic "t" with 2 partitions')
    expect(text).to.match(/partition 1, leader 2/)
  })

  for (const codec of ['none', 'gzip', 'snappy', 'lz4']) {
    it(`produces and consumes (${codec})`, async () => {
      const from = simulator.cluster.endOffset('t', 1)
      await kcat(['-P', '-t', 't', '-p', '1', '-z', codec, '-K', ':'], 'k1:one\nk2:two\nk3:three\n')
      const read = await kcat(['-C', '-t', 't', '-p', '1', '-o', `${from}`, '-e', '-q', '-f', '%o %k %s\n'])
      expect(read.trim().split('\n')).to.deep.equal([`${from} k1 one`, `${from + 1} k2 two`, `${from + 2} k3 three`])
    })
  }

  it('asks for offsets', async () => {
    const end = simulator.cluster.endOffset('t', 1)
    expect(await kcat(['-Q', '-t', 't:1:-1'])).to.include(`[1] offset ${end}`)
  })

  it('consumes as a group and leaves its commits', async () => {
    simulator.cluster.createTopic('grouped', 3)
    await kcat(['-P', '-t', 'grouped', '-p', '2'], 'a\nb\n')
    const args = ['-X', 'auto.offset.reset=earliest', '-c', '2', '-q', '-G', 'kcat-group', 'grouped']
    expect((await kcat(args)).trim().split('\n')).to.deep.equal(['a', 'b'])
    const committed = simulator.cluster.groups.find('kcat-group')?.offsetsByTopic.get('grouped')?.get(2)
    expect(committed?.offset).to.equal(2)
  })
})
