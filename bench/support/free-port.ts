import { createServer } from 'node:net'

const host = '127.0.0.1'
// Below the range from which Linux takes the local ports of outgoing connections: a broker that is down for a moment must
// find its port free when it comes back.
const lowestPort = 20_000
const highestPort = 32_000
const triesMax = 200
const given = new Set<number>()

/** A loopback port that nobody listens on, never given twice in this process. */
export async function freePort(): Promise<number> {
  for (let attempt = 0; attempt < triesMax; attempt++) {
    const port = lowestPort + Math.floor(Math.random() * (highestPort - lowestPort))
    if (given.has(port) || !(await canListen(port))) continue
    given.add(port)
    return port
  }
  throw new Error(`no free port on ${host} in ${triesMax} tries`)
}

function canListen(port: number): Promise<boolean> {
  return new Promise(resolve => {
    const server = createServer()
    server.once('error', () => resolve(false))
    server.listen(port, host, () => server.close(() => resolve(true)))
  })
}
