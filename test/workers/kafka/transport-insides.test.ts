import { expect } from 'chai'
import Broker from 'kafkajs/src/broker/index.js'
import { createLogger, LEVELS } from 'kafkajs/src/loggers/index.js'
import ConnectionPool from 'kafkajs/src/network/connectionPool.js'
import RequestQueue from 'kafkajs/src/network/requestQueue/index.js'
import Encoder from 'kafkajs/src/protocol/encoder.js'
import { openPlainSocket } from '../../../workers/kafka/plain-sockets.ts'

/** transport.ts leans on these. If one fails after an upgrade of kafkajs, transport.ts must be read again beside its code. */
describe('workers/kafka: the insides of kafkajs that transport.ts uses are there', () => {
  const logger = createLogger({ level: LEVELS.WARN, logCreator: () => () => {} })
  const pool = new ConnectionPool({
    host: '127.0.0.1',
    port: 9,
    clientId: 'test',
    logger,
    socketFactory: openPlainSocket,
    connectionTimeout: 1,
    requestTimeout: 1,
    enforceRequestTimeout: false
  })

  it('a pool of two connections: fetches go over the second', async () => {
    expect(pool.pool).to.have.length(2)
    expect(pool.send).to.be.a('function')
    const used: number[] = []
    const inside = pool as unknown as {
      getConnection(index: number): unknown
      getConnectionByRequest(r: object): unknown
    }
    inside.getConnection = index => used.push(index)
    inside.getConnectionByRequest({ request: { apiKey: 1 } })
    inside.getConnectionByRequest({ request: { apiKey: 3 } })
    expect(used).to.deep.equal([1, 0])
  })

  it('connections with what we watch and end', () => {
    for (const connection of pool.pool) {
      expect(connection.processData).to.be.a('function')
      expect(connection.rejectRequests).to.be.a('function')
      expect(connection.isConnected()).to.equal(false)
      expect(connection.connectionStatus).to.equal('disconnected')
      expect(connection.socket).to.equal(undefined)
      expect(connection.chunks).to.deep.equal([])
    }
  })

  it('a broker that connects, keeps versions and disconnects', () => {
    const broker = new Broker({ connectionPool: pool, logger, authenticationTimeout: 1 })
    expect(broker.versions).to.equal(null)
    expect(broker.connect).to.be.a('function')
    expect(broker.disconnect).to.be.a('function')
  })

  it('an encoder that takes bytes as they are', () => {
    const encoder = new Encoder(1)
    encoder.writeBufferInternal(Buffer.from([1, 2, 3]))
    expect((encoder as unknown as { buffer: Buffer }).buffer).to.deep.equal(Buffer.from([1, 2, 3]))
  })

  it('a request queue whose check we replace', () => {
    for (const name of ['scheduleCheckPendingRequests', 'checkPendingRequests'] as const) {
      expect(RequestQueue.prototype[name]).to.be.a('function')
    }
  })
})
