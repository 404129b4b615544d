import { expect } from 'chai'
import { createClient } from 'node-zookeeper-client'
import { toStat } from '../../../main/zookeeper/connection.ts'

/** main/zookeeper/connection.ts stands on these. */
describe('zookeeper: insides of node-zookeeper-client', () => {
  const identity = { sessionId: Buffer.alloc(8, 1), sessionPassword: Buffer.alloc(16, 2) }
  const client = createClient('127.0.0.1:1', { sessionTimeout: 1000, ...identity })
  const insides = (client as unknown as { connectionManager: Record<string, unknown> }).connectionManager

  it('has the methods that are called or replaced, and takes a session', () => {
    for (const method of [
      'connect',
      'setState',
      'onSocketConnected',
      'onSocketData',
      'onSocketDrain',
      'onSocketClosed'
    ]) {
      expect(insides[method], method).to.be.a('function')
    }
    expect(insides.zxid).to.deep.equal(Buffer.alloc(8))
    expect(client.getSessionId()).to.deep.equal(identity.sessionId)
    expect(client.getSessionPassword()).to.deep.equal(identity.sessionPassword)
  })

  it('opens no socket when `connect` was replaced, not after a close either', () => {
    let opened = 0
    insides.connect = () => opened++
    ;(insides.setState as (state: number) => void)(1)
    ;(insides.onSocketClosed as (hasError: boolean) => void)(false)
    expect(opened).to.equal(1)
    expect(insides.socket).to.equal(undefined)
  })

  it('a transaction beyond 2^53 - 1 is refused, not rounded', () => {
    const int64 = (value: bigint) => {
      const bytes = Buffer.alloc(8)
      bytes.writeBigInt64BE(value)
      return bytes
    }
    const stat = (mzxid: bigint) => ({ mzxid: int64(mzxid), mtime: int64(894_859n) }) as Parameters<typeof toStat>[0]
    expect(toStat(stat(2n ** 53n - 1n))).to.deep.equal({ mzxid: Number.MAX_SAFE_INTEGER, mtimeMs: 894_859 })
    expect(() => toStat(stat(2n ** 53n))).to.throw('beyond 2^53 - 1')
  })
})
