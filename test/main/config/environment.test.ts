import { expect } from 'chai'
import { Environment } from '../../../main/config/environment.ts'

describe('config: environment', () => {
  it('names variables as the original does', () => {
    const names = (prefix: string, path: string) => new Environment(prefix, {}).variableOf(path)
    expect(names('burrow', 'general.pidfile')).to.equal('BURROW_GENERAL_PIDFILE')
    expect(names('burrow', 'cluster.local.offset-refresh')).to.equal('BURROW_CLUSTER_LOCAL_OFFSET_REFRESH')
    expect(names('x-y', 'client-profile.a.b.tls')).to.equal('X_Y_CLIENT_PROFILE_A_B_TLS')
    expect(names('', 'general.pidfile')).to.equal('GENERAL_PIDFILE')
  })

  it('finds values, and takes an empty variable for none', () => {
    const environment = new Environment('burrow', { BURROW_A_B: 'x', BURROW_A_C: '' })
    expect(environment.find('a.b')).to.deep.equal({ value: 'x', variable: 'BURROW_A_B' })
    expect(environment.find('a.c')).to.equal(null)
    expect(environment.find('a.d')).to.equal(null)
  })

  it('keeps what was used, for a setting or a section', () => {
    const environment = new Environment('burrow', { BURROW_A_B: 'x', BURROW_C: 'y', BURROW_D: 'z', BURROW_E: '' })
    environment.find('a.b')
    environment.find('e')
    environment.hides(['c', 'q'])
    expect([...environment.pathByVariable]).to.deep.equal([
      ['BURROW_A_B', 'a.b'],
      ['BURROW_C', 'c']
    ])
  })

  it('says which variable hides a section: of the section itself or of one above', () => {
    const environment = new Environment('burrow', { BURROW_A: 'x', BURROW_B_C: 'x' })
    expect(environment.hides(['a'])).to.equal('BURROW_A')
    expect(environment.hides(['a', 'z'])).to.equal('BURROW_A')
    expect(environment.hides(['b', 'c'])).to.equal('BURROW_B_C')
    expect(environment.hides(['b'])).to.equal(null)
    expect(environment.hides(['b', 'd'])).to.equal(null)
  })
})
