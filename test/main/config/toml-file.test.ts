import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect } from 'chai'
import { loadConfig } from '../../../main/config/load-config.ts'
import { parseToml } from '../../../main/config/toml-file.ts'
import { BurrowError } from '../../../shared/errors.ts'
import { tempFolder } from '../../support/temp-folder.ts'

function errorOf(action: () => unknown): BurrowError {
  try {
    action()
  } catch (error) {
    expect(error).to.be.instanceOf(BurrowError)
    expect((error as BurrowError).code).to.equal('CONFIG_INVALID')
    return error as BurrowError
  }
  throw new Error('nothing was thrown')
}

describe('config: toml-file', () => {
  it('finds burrow.toml in a folder that the environment names', () => {
    const folder = tempFolder('config')
    mkdirSync(join(folder, 'inner'))
    writeFileSync(join(folder, 'inner', 'burrow.toml'), '\uFEFF[general]\npidfile = "here"\n')
    const environment = { TOP: folder, IN: 'inner' }
    expect(loadConfig(`$TOP/\${IN}`, { environment }).general.pidFile).to.equal('here')
    expect(loadConfig(join(folder, 'inner')).file).to.equal(join(folder, 'inner', 'burrow.toml'))
  })

  it("says Burrow's sentence when there is no file, with a hint", () => {
    const folder = tempFolder('config')
    expect(errorOf(() => loadConfig(folder)).message).to.equal(
      `Config File "burrow" Not Found in "[${folder}]": give the directory that holds burrow.toml with --config-dir DIR, or try \`burrow demo\`, which needs none`
    )
  })

  it('says so when the file is there in a form that this version does not read', () => {
    const folder = tempFolder('config')
    writeFileSync(join(folder, 'burrow.yaml'), 'general: {}')
    writeFileSync(join(folder, 'burrow.json'), '{}')
    expect(errorOf(() => loadConfig(folder)).message).to.equal(
      `Config File "burrow" Not Found in "[${folder}]": found burrow.json, burrow.yaml, but this version reads burrow.toml only`
    )
  })

  it('warns when the original would have read another file', () => {
    const folder = tempFolder('config')
    writeFileSync(join(folder, 'burrow.toml'), '')
    writeFileSync(join(folder, 'burrow.json'), '{}')
    expect(loadConfig(folder).warnings[0]).to.equal(
      `${join(folder, 'burrow.json')}: not read, burrow.toml is used; the original would take burrow.json`
    )
  })

  it('says file, line and column of a syntax error, and shows the line', () => {
    const folder = tempFolder('config')
    writeFileSync(join(folder, 'burrow.toml'), '[general]\npidfile = "x"\n[cluster.a\n')
    const { message, facts } = errorOf(() => loadConfig(folder))
    expect(message).to.match(/^While parsing config: .*burrow\.toml:3:11: /)
    expect(message).to.contain('3:  [cluster.a\n')
    expect(facts.mistakes).to.deep.equal([])
  })

  it('calls a section that is there twice a syntax error', () => {
    expect(errorOf(() => parseToml('[a.b]\nx = 1\n[a.b]\ny = 1', 'burrow.toml')).message).to.match(
      /^While parsing config: burrow\.toml:3:\d+: /
    )
  })

  it('cannot read a folder of that name, and says so', () => {
    const folder = tempFolder('config')
    mkdirSync(join(folder, 'burrow.toml'))
    expect(errorOf(() => loadConfig(folder)).message).to.match(/^cannot read .*burrow\.toml: EISDIR/)
  })
})
