import { expect } from 'chai'
import { type Action, decide } from '../../../main/notifier/decide.ts'
import { StatusConstant } from '../../../shared/protocol/status.ts'

const { NotFound, OK, Warning, Error: Err } = StatusConstant
const nowMs = 1_000_000

interface Row {
  readonly threshold: number
  readonly status: StatusConstant
  readonly sendClose?: boolean
  readonly sendOnce?: boolean
  readonly sendIntervalMs?: number
  /** How long ago the last open message was sent; absent: none. */
  readonly lastAgoMs?: number
  readonly delivered?: boolean
  readonly is: Action
}

/** Spec 07 section 2.5, with what spec 09 decided instead where a comment says so. */
const table: readonly Row[] = [
  { threshold: 1, status: OK, is: 'nothing' }, // F5: was open
  { threshold: 1, status: OK, sendClose: true, is: 'nothing' }, // F5: was open
  { threshold: 1, status: OK, sendClose: true, sendOnce: true, is: 'nothing' }, // F4: was close, nothing was sent before
  { threshold: 1, status: OK, sendClose: true, sendOnce: true, lastAgoMs: 0, is: 'close' },
  { threshold: 1, status: Warning, is: 'open' },
  { threshold: 1, status: Warning, sendClose: true, is: 'open' },
  { threshold: 1, status: Warning, sendClose: true, sendOnce: true, lastAgoMs: 0, is: 'nothing' },
  { threshold: 1, status: Warning, sendClose: true, sendOnce: true, is: 'open' },
  { threshold: 3, status: Warning, is: 'nothing' },
  { threshold: 3, status: Warning, sendClose: true, is: 'nothing' },
  { threshold: 3, status: Err, is: 'open' },
  { threshold: 2, status: OK, is: 'nothing' },
  { threshold: 2, status: OK, sendClose: true, is: 'nothing' }, // F4: was close when an incident was open
  { threshold: 2, status: OK, sendClose: true, lastAgoMs: 0, is: 'close' },
  { threshold: 2, status: OK, sendClose: true, delivered: true, is: 'close' }, // the reminder after it failed
  { threshold: 2, status: OK, lastAgoMs: 0, is: 'nothing' },
  { threshold: 3, status: OK, sendClose: true, lastAgoMs: 0, is: 'close' },
  // F12: a group that is no more
  { threshold: 2, status: NotFound, sendClose: true, lastAgoMs: 0, is: 'close' },
  { threshold: 2, status: NotFound, sendClose: true, is: 'nothing' },
  { threshold: 1, status: NotFound, is: 'nothing' },
  // the interval is strict
  { threshold: 2, status: Warning, sendIntervalMs: 60_000, lastAgoMs: 60_000, is: 'nothing' },
  { threshold: 2, status: Warning, sendIntervalMs: 60_000, lastAgoMs: 60_001, is: 'open' },
  { threshold: 2, status: Warning, sendIntervalMs: 60_000, delivered: true, is: 'open' },
  { threshold: 2, status: Err, sendIntervalMs: 60_000, lastAgoMs: 59_000, is: 'nothing' },
  { threshold: 2, status: Err, sendOnce: true, lastAgoMs: 500_000, is: 'nothing' }
]

describe('main/notifier/decide', () => {
  for (const row of table) {
    const { is, ...given } = row
    it(`${JSON.stringify(given)}: ${is}`, () => {
      const { threshold, status, sendClose = false, sendOnce = false, sendIntervalMs = 0, lastAgoMs, delivered } = row
      const report = { lastOpenMs: lastAgoMs === undefined ? null : nowMs - lastAgoMs, delivered: delivered ?? false }
      expect(decide({ threshold, sendIntervalMs, sendOnce, sendClose }, report, status, nowMs)).to.equal(is)
    })
  }
})
