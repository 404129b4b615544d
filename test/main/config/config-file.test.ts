import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect } from 'chai'
import type { AppConfig } from '../../../main/config/app-config.ts'
import { loadConfig } from '../../../main/config/load-config.ts'
import { BurrowError } from '../../../shared/errors.ts'
import { tempFolder } from '../../support/temp-folder.ts'
import { nothingWatched } from './cases.ts'

/** A folder with burrow.EXTENSION of these texts. */
function folderWith(textByExtension: Readonly<Record<string, string>>): string {
  const folder = tempFolder('config')
  for (const [extension, text] of Object.entries(textByExtension)) {
    writeFileSync(join(folder, `burrow.${extension}`), text)
  }
  return folder
}

function errorOf(folder: string, environment: Readonly<Record<string, string>> = {}): BurrowError {
  try {
    loadConfig(folder, { environment })
  } catch (error) {
    expect(error).to.be.instanceOf(BurrowError)
    expect((error as BurrowError).code).to.equal('CONFIG_INVALID')
    return error as BurrowError
  }
  throw new Error('nothing was thrown')
}

const toml = `[general]
pidfile = "here"
[cluster.Local]
class-name = "kafka"
servers = ["k1:9092", "k2:9092"]
offset-refresh = 15
[consumer.local]
class-name = "kafka"
cluster = "local"
servers = ["k1:9092", "k2:9092"]
start-latest = true
[evaluator.e]
class-name = "caching"
minimum-complete = 0.5
`
const json = `{
  "general": {"pidfile": "here"},
  "cluster": {"Local": {"class-name": "kafka", "servers": ["k1:9092", "k2:9092"], "offset-refresh": 15}},
  "consumer": {"local": {"class-name": "kafka", "cluster": "local", "servers": ["k1:9092", "k2:9092"], "start-latest": true}},
  "evaluator": {"e": {"class-name": "caching", "minimum-complete": 0.5}}
}`
const yaml = `# the same
general:
  pidfile: here
servers: &servers [k1:9092, k2:9092]
cluster:
  Local:
    class-name: kafka
    servers: *servers
    offset-refresh: 15
consumer:
  local:
    class-name: kafka
    cluster: local
    servers:
      - k1:9092
      - k2:9092
    start-latest: true
evaluator: {e: {class-name: caching, minimum-complete: 0.5}}
`

describe('config: config-file', () => {
  const same = (config: AppConfig) => ({ ...config, file: '', warnings: [] })

  it('reads the same from TOML, JSON and YAML', () => {
    const expected = same(loadConfig(folderWith({ toml })))
    expect(expected.clusters[0]?.offsetRefreshSeconds).to.equal(15)
    expect(same(loadConfig(folderWith({ json })))).to.deep.equal(expected)
    expect(same(loadConfig(folderWith({ yaml })))).to.deep.equal(expected)
    expect(same(loadConfig(folderWith({ yml: yaml })))).to.deep.equal(expected)
  })

  it('finds the file in a folder that the environment names, with a byte order mark', () => {
    const folder = tempFolder('config')
    mkdirSync(join(folder, 'inner'))
    writeFileSync(join(folder, 'inner', 'burrow.toml'), '\uFEFF[general]\npidfile = "here"\n')
    const environment = { TOP: folder, IN: 'inner' }
    expect(loadConfig(`$TOP/\${IN}`, { environment }).general.pidFile).to.equal('here')
    expect(loadConfig(join(folder, 'inner')).file).to.equal(join(folder, 'inner', 'burrow.toml'))
  })

  it("takes the first of the original's order, and says what it does not read", () => {
    const folder = folderWith({
      env: 'general.pidfile=e',
      yml: 'general: {pidfile: l}',
      ini: '',
      toml: '[general]\npidfile="t"'
    })
    const { general, file, warnings } = loadConfig(folder)
    expect([general.pidFile, file]).to.deep.equal(['t', join(folder, 'burrow.toml')])
    expect(warnings).to.deep.equal([
      `${folder}/burrow.yml: not read, burrow.toml comes first`,
      `${folder}/burrow.env: not read, burrow.toml comes first`,
      `${folder}/burrow.ini: not read, burrow.toml comes first`,
      nothingWatched
    ])
    writeFileSync(join(folder, 'burrow.json'), '{"general": {"pidfile": "j"}}')
    expect(loadConfig(folder).general.pidFile).to.equal('j')
  })

  for (const extension of ['properties', 'props', 'prop', 'hcl', 'tfvars', 'ini']) {
    it(`refuses burrow.${extension} in the words of the original`, () => {
      const folder = folderWith({ [extension]: 'a=b' })
      expect(errorOf(folder).message).to.equal(
        `While parsing config: decoder not found for this format: ${folder}/burrow.${extension} (allowed: burrow.json, burrow.toml, burrow.yaml, burrow.yml, burrow.dotenv, burrow.env)`
      )
    })
  }

  it("says Burrow's sentence when there is no file, with a hint; a folder of that name is none", () => {
    const folder = tempFolder('config')
    mkdirSync(join(folder, 'burrow.toml'))
    expect(errorOf(folder).message).to.equal(
      `Config File "burrow" Not Found in "[${folder}]": give the directory that holds burrow.toml with --config-dir DIR, or try \`burrow demo\`, which needs none`
    )
  })

  describe('TOML', () => {
    it('says file, line and column of a syntax error, and shows the line', () => {
      const { message, facts } = errorOf(folderWith({ toml: '[general]\npidfile = "x"\n[cluster.a\n' }))
      expect(message).to.match(/^While parsing config: .*burrow\.toml:3:11: /)
      expect(message).to.contain('3:  [cluster.a\n')
      expect(facts.mistakes).to.deep.equal([])
    })

    it('calls a section that is there twice a syntax error', () => {
      expect(errorOf(folderWith({ toml: '[a.b]\nx = 1\n[a.b]\ny = 1' })).message).to.match(/burrow\.toml:3:\d+: /)
    })
  })

  describe('JSON', () => {
    const says = (text: string) => errorOf(folderWith({ json: text })).message.replace(/^.*burrow\.json/, '')

    it('says line and column of a syntax error', () => {
      expect(says('{"general":\n {"pidfile": "x",}}')).to.match(/^:2:18: /)
      expect(says('')).to.match(/^: Unexpected end of JSON input$/)
    })

    it('takes an object alone', () => {
      for (const text of ['[1]', '5', 'null', '"x"']) expect(says(text)).to.equal(': not an object {...}')
    })

    it('takes null as nothing, and keys with dots as single settings, before those of sections', () => {
      const text = `{"general": {"pidfile": "nested", "stdout-logfile": null}, "general.pidfile": "flat", "logging": null,
        "Storage.Default.Intervals": 7, "cluster.local.servers": "a:1", "general.pidfle": "x", "cluster": null}`
      const { general, storage, clusters, warnings } = loadConfig(folderWith({ json: text }))
      expect([general.pidFile, general.stdoutLogFile, storage.intervals, clusters]).to.deep.equal(['flat', '', 7, []])
      expect(warnings).to.deep.equal([
        'cluster.local.servers: not used, a key with dots makes no module; write a section [cluster.NAME]',
        'general.pidfle: unknown key, not used; did you mean general.pidfile?',
        nothingWatched
      ])
    })

    it('refuses a module that is null, for its missing class', () => {
      expect(errorOf(folderWith({ json: '{"storage": {"s": null}}' })).message).to.match(
        /^storage\.s\.class-name: Unknown storage className provided: {2}\(nothing read/
      )
    })

    it('takes a prefix of variables from a key with dots', () => {
      const folder = folderWith({ json: '{"general.env-var-prefix": "x-y"}' })
      expect(loadConfig(folder, { environment: { X_Y_GENERAL_PIDFILE: 'p' } }).general.pidFile).to.equal('p')
    })
  })

  describe('YAML', () => {
    const says = (text: string) => errorOf(folderWith({ yaml: text })).message.replace(/^.*burrow\.yaml/, '')
    const pidFile = (text: string) => loadConfig(folderWith({ yaml: text })).general.pidFile

    it('takes an empty file, and one of comments', () => {
      for (const text of ['', '# nothing\n', '---\n']) expect(pidFile(text)).to.equal('burrow.pid')
    })

    it('says line and column of a syntax error', () => {
      expect(says('general:\n\tpidfile: x\n')).to.match(/^:2:1: Tabs are not allowed/)
      expect(says('general:\n  pidfile: x\n  pidfile: y\n')).to.match(/^:3:3: Map keys must be unique$/)
      expect(says('general: *nobody\n')).to.match(/^: Unresolved alias|^:1:\d+: /)
    })

    it('refuses a list, and several documents', () => {
      expect(says('- a\n- b\n')).to.equal(': not a table of sections')
      expect(says('x: 1\n---\nx: 2\n')).to.equal(': holds 2 documents; allowed: one')
    })

    it('takes merge keys and keys that are no text', () => {
      const text = 'x: &a\n  address: 127.0.0.1:0\nhttpserver:\n  1:\n    <<: *a\n    timeout: 5\n  true: *a\n'
      const { httpServers } = loadConfig(folderWith({ yaml: text }))
      expect(httpServers.map(({ name, address, timeoutSeconds }) => [name, address, timeoutSeconds])).to.deep.equal([
        ['1', '127.0.0.1:0', 5],
        ['true', '127.0.0.1:0', 300]
      ])
    })

    it('takes yes as text, as the original does, and so not as a flag', () => {
      expect(pidFile('general: {pidfile: yes}')).to.equal('yes')
      expect(says('logging: {use-compression: yes}')).to.match(/neither true nor false \(read "yes"/)
    })

    it('refuses a number with a leading 0, which would be octal to the original, and one with underscores', () => {
      expect(says('logging: {maxsize: 017}')).to.match(/a number that begins with 0 would be octal \(read "017"/)
      expect(says('logging: {maxsize: 1_000}')).to.match(/not a whole number \(read "1_000"/)
      expect(loadConfig(folderWith({ yaml: 'logging: {maxsize: 0x10}' })).logging.maxSizeMb).to.equal(16)
    })

    it('rounds no big number', () => {
      expect(says('logging: {maxsize: 9007199254740993}')).to.match(/out of range \(read 9007199254740993;/)
    })

    it('refuses a small text that would become a huge one', () => {
      const levels = Array.from({ length: 9 }, (_, n) => `l${n + 1}: &l${n + 1} [${Array(9).fill(`*l${n}`)}]`)
      expect(says(`l0: &l0 [x]\n${levels.join('\n')}\n`)).to.match(/^: Excessive alias count/)
    })

    it('takes null as nothing', () => {
      expect(pidFile('general:\nlogging: ~\n')).to.equal('burrow.pid')
      expect(pidFile('general:\n  pidfile:\n')).to.equal('burrow.pid')
    })
  })

  describe('dotenv', () => {
    // Each was tried with the original.
    const pidFile = (text: string, environment: Readonly<Record<string, string>> = {}) =>
      loadConfig(folderWith({ env: text }), { environment }).general.pidFile
    const says = (text: string) => errorOf(folderWith({ dotenv: text })).message.replace(/^.*burrow\.dotenv/, '')

    it('takes keys with dots, in any case', () => {
      expect(pidFile('general.pidfile=x.pid\n')).to.equal('x.pid')
      expect(pidFile('export GENERAL.PIDFILE: "y.pid" # why\n')).to.equal('y.pid')
      expect(pidFile('# nothing\n\n  general.pidfile = x y # why\r\n')).to.equal('x y')
      expect(pidFile('GENERAL_PIDFILE=x.pid\n')).to.equal('burrow.pid')
    })

    it('puts variables in, from the environment and then from the file, but not into single quotes', () => {
      expect(pidFile('general.pidfile=a$FOO.pid', { FOO: 'b' })).to.equal('ab.pid')
      expect(pidFile(`FOO=1\ngeneral.pidfile="a\${FOO}$BAR.pid"`)).to.equal('a1.pid')
      expect(pidFile("general.pidfile='a$FOO.pid'", { FOO: 'b' })).to.equal('a$FOO.pid')
      expect(pidFile('general.pidfile="a\\$FOO"', { FOO: 'b' })).to.equal('a$FOO')
    })

    it('takes values over several lines', () => {
      expect(pidFile('general.pidfile="a\nb\\nc"\nlogging.level=debug')).to.equal('a\nb\nc')
      expect(pidFile("general.pidfile='it\nis'")).to.equal('it\nis')
    })

    it('takes the odd forms that the original takes', () => {
      expect(pidFile('general.pidfile="a\\"b"\n')).to.equal('a"b')
      expect(pidFile('general.pidfile="a" b\n')).to.equal('"a" b')
      expect(pidFile('general.pidfile=a=b:c\n')).to.equal('a=b:c')
      expect(pidFile('general.pidfile: a b\n')).to.equal('a b')
      expect(pidFile("general.pidfile=it's\n")).to.equal("it's")
      expect(says('general.pidfile:a\n')).to.equal(":1: line `general.pidfile...` doesn't match format")
    })

    it('takes an empty value', () => {
      const folder = folderWith({ env: 'general.stdout.logfile=\nlogging.filename=\n' })
      expect(loadConfig(folder).logging.filename).to.equal('')
    })

    it('defines no module, and says so', () => {
      const folder = folderWith({ env: 'cluster.local.servers=a:1\nstorage.default.intervals=3' })
      const { clusters, storage, warnings } = loadConfig(folder)
      expect([clusters.length, storage.intervals]).to.deep.equal([0, 3])
      expect(warnings[0]).to.equal(
        'cluster.local.servers: not used, a key with dots makes no module; write a section [cluster.NAME]'
      )
    })

    it('refuses lines of another form, without showing what may be a password', () => {
      expect(says('\na b c geheim\n')).to.equal(":2: line `a...` doesn't match format")
      expect(says('sasl.s.pass-word=geheim\n')).to.equal(":1: line `sasl.s.pass-word...` doesn't match format")
      expect(says('a=1\ngeneral.pidfile="geheim\nx=1\n')).to.equal(':2: missing quotes')
    })
  })
})
