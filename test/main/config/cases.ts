import { expect } from 'chai'
import type { AppConfig } from '../../../main/config/app-config.ts'
import { configFromToml, type LoadOptions } from '../../../main/config/load-config.ts'
import { BurrowError } from '../../../shared/errors.ts'

/** Cases of configuration as tables: what is written, and every line that is said about it. */
export interface Refusal {
  readonly what: string
  readonly toml: string
  readonly environment?: Readonly<Record<string, string>>
  /** All mistakes, in their order. */
  readonly says: readonly string[]
}

export interface Acceptance {
  readonly what: string
  readonly toml: string
  readonly options?: LoadOptions
  readonly value: (config: AppConfig) => unknown
  readonly is: unknown
  /** All warnings, in any order. */
  readonly warnings?: readonly string[]
}

export const cluster = '[cluster.local]\nclass-name = "kafka"\nservers = ["k1:9092"]\n'
export const consumer = '[consumer.local]\nclass-name = "kafka"\ncluster = "local"\nservers = ["k1:9092"]\n'
/** The smallest configuration that watches something. */
export const working = `${cluster}${consumer}`

export const nothingWatched = 'cluster: there is no section [cluster.NAME], so nothing is watched'

/** Lines of the error, or none. */
export function mistakesOf(toml: string, options: LoadOptions = {}): string[] {
  try {
    configFromToml(toml, options)
    return []
  } catch (error) {
    expect(error).to.be.instanceOf(BurrowError)
    expect((error as BurrowError).code).to.equal('CONFIG_INVALID')
    return (error as BurrowError).message.split('\n')
  }
}

export function refuse(cases: readonly Refusal[], options: LoadOptions = {}): void {
  for (const { what, toml, environment, says } of cases) {
    it(`refuses ${what}`, () => {
      expect(mistakesOf(toml, environment ? { ...options, environment } : options)).to.deep.equal(says)
    })
  }
}

export function accept(cases: readonly Acceptance[], options: LoadOptions = {}): void {
  for (const { what, toml, value, is, warnings = [], ...more } of cases) {
    it(`takes ${what}`, () => {
      const config = configFromToml(toml, { ...options, ...more.options })
      expect(value(config)).to.deep.equal(is)
      // most cases are about one section and have no cluster
      const shown = config.warnings.filter(each => each !== nothingWatched || warnings.includes(each))
      expect(shown).to.have.members(warnings)
    })
  }
}
