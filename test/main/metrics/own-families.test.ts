import { expect } from 'chai'
import { nativeFamilies, type OwnFigures, processFamilies } from '../../../main/metrics/own-families.ts'
import { Counters, counterNames, createCounterBlock } from '../../../shared/counters.ts'

const scrapes = { scrapes: 4, refused: 3, aborted: 2, failed: 1 }

describe('metrics of the program itself', () => {
  it('name what is up, what was counted and what was restarted', () => {
    const blocks = [createCounterBlock(), createCounterBlock()]
    for (const block of blocks) new Counters(block).add('stored_commits', 700_000)
    const figures: OwnFigures = {
      version: '1.2',
      ready: true,
      clusters: [
        { name: 'west"', up: false },
        { name: 'east', up: true }
      ],
      consumers: [{ name: 'm', cluster: 'east', ready: false }],
      threads: [{ kind: 'storage', count: 2, restarts: 1 }],
      loopDelayMaxSeconds: 0.0125,
      counters: blocks
    }
    const families = nativeFamilies(figures, scrapes)
    const lines = families.flatMap(({ text }) => text.split('\n')).filter(line => line !== '' && !line.startsWith('#'))
    expect(lines).to.include.members([
      `burrow_build_info{node="${process.version}",version="1.2"} 1`,
      'burrow_ready 1',
      'burrow_consumer_ready{cluster="east",consumer="m"} 0',
      'burrow_threads{kind="storage"} 2',
      'burrow_thread_restarts_total{kind="storage"} 1',
      'burrow_event_loop_delay_max_seconds 0.0125',
      'burrow_stored_commits_total 1.4e+06',
      'burrow_metrics_scrapes_total 4',
      'burrow_metrics_scrapes_refused_total 3',
      'burrow_metrics_scrapes_aborted_total 2',
      'burrow_metrics_scrapes_failed_total 1'
    ])
    const up = families.find(({ name }) => name === 'burrow_cluster_up')!
    expect(up.text).to.equal(
      '# HELP burrow_cluster_up 1 when the cluster answers.\n# TYPE burrow_cluster_up gauge\n' +
        'burrow_cluster_up{cluster="east"} 1\nburrow_cluster_up{cluster="west\\""} 0\n'
    )
  })

  it('have every counter, as counters, and no name twice', async () => {
    const families = [
      ...nativeFamilies(
        { version: '', ready: false, clusters: [], consumers: [], threads: [], loopDelayMaxSeconds: 0, counters: [] },
        scrapes
      ),
      ...(await processFamilies(0))
    ]
    const names = families.map(({ name }) => name)
    expect(new Set(names).size).to.equal(names.length)
    expect(names).to.include.members(counterNames.map(name => `burrow_${name}_total`))
    for (const { name, text } of families) {
      if (text === '') continue
      expect(text, name).to.match(/^# HELP \S+ [^\\\n]+\n# TYPE \S+ (gauge|counter)\n(?:\S.* \S+\n)+$/)
      expect(text.includes(' counter\n'), name).to.equal(name.endsWith('_total'))
    }
  })

  it('have what dashboards about processes look for', async () => {
    const families = await processFamilies(5)
    const values = new Map(families.map(({ name, text }) => [name, Number(text.trimEnd().split(' ').at(-1))]))
    expect(values.get('burrow_metrics_series_over_budget')).to.equal(5)
    expect(values.get('process_resident_memory_bytes')).to.be.greaterThan(1e6)
    expect(values.get('process_cpu_seconds_total')).to.be.greaterThan(0)
    const startedMs = values.get('process_start_time_seconds')! * 1000
    expect(Math.abs(startedMs - (Date.now() - process.uptime() * 1000))).to.be.lessThan(1000)
    if (process.platform === 'linux') expect(values.get('process_open_fds')).to.be.greaterThan(2)
  })
})
