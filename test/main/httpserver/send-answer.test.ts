import { IncomingMessage, ServerResponse } from 'node:http'
import { Socket } from 'node:net'
import { expect } from 'chai'
import { sendAnswer } from '../../../main/httpserver/send-answer.ts'
import { waitFor } from '../../support/wait-for.ts'

const chunksMax = 1000

describe('an answer that is made while it is sent', () => {
  it('is not made to its end for a client that has left, though only its writes say so', async () => {
    const response = new ServerResponse(new IncomingMessage(new Socket()))
    // As Node 26 does on a connection that is gone: `destroyed` and `close` come when nobody has chunks at once any more.
    response.write = (_chunk: unknown, ...rest: unknown[]) => {
      const done = rest.at(-1) as (error: Error) => void
      queueMicrotask(() => done(new Error('ECONNRESET')))
      return false
    }
    let made = 0
    async function* chunks(): AsyncGenerator<Uint8Array> {
      while (made++ < chunksMax) yield Buffer.alloc(10)
    }
    const closed: boolean[] = []
    const stream = { chunks: chunks(), deadlineMs: 10_000, close: (complete: boolean) => closed.push(complete) }
    sendAnswer({ status: 200, headers: {}, body: [], stream }, true, response)
    await waitFor(() => closed.length > 0, 'the end')
    expect([made, closed]).to.deep.equal([1, [false]])
  })
})
