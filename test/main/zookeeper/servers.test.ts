import { expect } from 'chai'
import { parseServer, readTlsOptions, ServerList } from '../../../main/zookeeper/servers.ts'

describe('zookeeper: servers', () => {
  it('are host:port; IPv6 addresses have brackets', () => {
    expect(parseServer('zk-1.example:2181')).to.deep.equal({ host: 'zk-1.example', port: 2181 })
    expect(parseServer('[::1]:2181')).to.deep.equal({ host: '::1', port: 2181 })
    for (const bad of [
      '',
      'zk',
      '::1:2181',
      '[zk]:2181',
      '[1.2.3.4]:2181',
      'zk:0',
      'zk:65536',
      'zk:x',
      'zk:1/chroot'
    ]) {
      expect(() => parseServer(bad), bad).to.throw('not a ZooKeeper server')
    }
  })

  it('are tried one after the other, each once a round', () => {
    const list = new ServerList(['a:1', 'b:1', 'c:1'])
    const round = () => [list.next().host, list.next().host, list.next().host].toSorted().join('')
    expect(round()).to.equal('abc')
    expect(list.roundDone).to.equal(true)
    expect(round()).to.equal('abc')
    list.next()
    expect(list.roundDone).to.equal(false)
    list.succeeded()
    expect(round()).to.equal('abc')
    expect(() => new ServerList([])).to.throw('no ZooKeeper servers')
  })

  it('a TLS file that cannot be read is said at once', () => {
    const settings = { name: 'x', certFile: '', keyFile: '', caFile: '/nowhere/ca.pem', noVerify: false }
    expect(() => readTlsOptions(settings)).to.throw('/nowhere/ca.pem')
    expect(readTlsOptions(null)).to.equal(null)
    expect(readTlsOptions({ ...settings, caFile: '' })).to.deep.equal({})
  })
})
