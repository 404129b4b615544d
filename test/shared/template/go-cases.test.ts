import { existsSync } from 'node:fs'
import { expect } from 'chai'
import { dataByName, goCases, rendered } from './template-fixtures.ts'

/** Without the system's tz database the letters of zones (CET) are not known, to us as to Go. */
const hasZones = existsSync('/usr/share/zoneinfo/Europe/Berlin')

describe('shared/template: as Go renders it', () => {
  it('has cases', () => {
    expect(goCases.length).to.be.greaterThan(600)
    expect(goCases.filter(({ error }) => error !== undefined).length).to.be.greaterThan(250)
  })

  for (const { name, template, data, output, error, ours } of goCases) {
    const test = hasZones || dataByName[data]!.timeZone === 'UTC' ? it : it.skip
    test(`${name} (${data})`, () => {
      expect(rendered(template, data)).to.equal(ours ?? output ?? error)
    })
  }
})
