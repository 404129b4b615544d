import { expect } from 'chai'
import { windowSeries } from '../../../../main/httpserver/page/group/window-series.ts'

const partition = {
  topic: 't',
  partition: 0,
  status: 'OK',
  rule: 'making-progress',
  sentence: '',
  current_lag: 30,
  owner: '',
  client_id: '',
  complete: 1,
  tried: [],
  forecast: null,
  end_offsets: [100, 130]
} as const
const commit = (timestamp: number, offset: number, lag: number | null) => ({ timestamp, offset, lag, observedAt: 0 })

describe('page: what is drawn of a window', () => {
  it('commits in the order of their times, the end offset their lag was told from, and a point for now', () => {
    const commits = [null, commit(2000, 90, 10), commit(1000, 80, null), commit(3000, 100, 0)]
    expect(windowSeries({ ...partition, commits }, 5000)).to.deep.equal({
      times: [1, 2, 3, 5],
      lags: [null, 10, 0, 30],
      commits: [80, 90, 100, 100],
      endOffsets: [null, 100, 100, 130]
    })
  })

  it('a window without commits is nothing; a commit from the future has no point after it', () => {
    expect(windowSeries({ ...partition, commits: [null] }, 5000).times).to.deep.equal([])
    const ahead = { ...partition, current_lag: 0, end_offsets: [70], commits: [commit(1000, 80, 0)] }
    expect(windowSeries(ahead, 5000).endOffsets).to.deep.equal([80, 80])
    expect(windowSeries({ ...partition, commits: [commit(9000, 1, 1)] }, 5000).times).to.deep.equal([9])
  })
})
