import { expect } from 'chai'
import { createLogger, LEVELS } from 'kafkajs/src/loggers/index.js'
import ConnectionPool from 'kafkajs/src/network/connectionPool.js'

/** What security leans on in kafkajs beside what transport.ts does. */
describe('workers/kafka/security: the insides of kafkajs are there', () => {
  const sasl = { mechanism: 'OAUTHBEARER', authenticationProvider: () => ({ authenticate: async () => {} }) }
  const opened: object[] = []
  const pool = new ConnectionPool({
    host: 'k.example',
    port: 9,
    clientId: 'test',
    logger: createLogger({ level: LEVELS.WARN, logCreator: () => () => {} }),
    socketFactory: (wish: object) => {
      opened.push(wish)
      throw new Error('no socket today')
    },
    sasl,
    connectionTimeout: 1000,
    requestTimeout: 1000,
    enforceRequestTimeout: false
  })
  const inside = pool.pool as unknown as readonly {
    connect(): Promise<void>
    isAuthenticated(): boolean
    authenticatedAt: [number, number] | null
    sessionLifetime: object
    reauthenticationThreshold: number
    sasl: object
  }[]

  it('a socket factory is given host, port and what to call, and its error is passed on', async () => {
    const error = await inside[0]!.connect().catch((reason: unknown) => reason)
    expect(String(error)).to.contain('no socket today')
    expect(opened[0]).to.include({ host: 'k.example', port: 9 }).and.to.have.property('onConnect').that.is.a('function')
  })

  it('both connections hold the login, which is a good one for the length of the session less a threshold', () => {
    for (const connection of inside) expect(connection.sasl).to.equal(sasl)
    const connection = inside[1]!
    expect(String(connection.sessionLifetime)).to.equal('0')
    connection.authenticatedAt = process.hrtime()
    expect(connection.isAuthenticated()).to.equal(true)
    const { constructor: Long } = connection.sessionLifetime
    connection.sessionLifetime = (Long as unknown as { fromValue(text: string): object }).fromValue('60000')
    expect(String(connection.sessionLifetime)).to.equal('60000')
    expect(connection.isAuthenticated()).to.equal(true)
    Object.defineProperty(connection, 'reauthenticationThreshold', { get: () => 60_000 })
    expect(connection.isAuthenticated()).to.equal(false)
  })
})
