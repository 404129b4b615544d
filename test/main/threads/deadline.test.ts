import { expect } from 'chai'
import { withDeadline } from '../../../main/threads/deadline.ts'

describe('withDeadline', () => {
  it('gives the value of work that is in time', async () => {
    expect(await withDeadline(Promise.resolve(7), 1000, 'work')).to.equal(7)
  })

  it('passes on the rejection of the work', async () => {
    const error = new Error('no')
    const outcome = await withDeadline(Promise.reject(error), 1000, 'work').catch(reason => reason)
    expect(outcome).to.equal(error)
  })

  it('rejects with DEADLINE_EXCEEDED, naming the work', async () => {
    const outcome = await withDeadline(new Promise(() => undefined), 1, 'the slow thing').catch(reason => reason)
    expect(outcome).to.include({ code: 'DEADLINE_EXCEEDED' })
    expect((outcome as Error).message).to.contain('the slow thing')
  })
})
