import { expect } from 'chai'
import { StatusConstant } from '../../../shared/protocol/status.ts'
import { withoutControls } from '../../../shared/template/without-controls.ts'
import { groupStatus, notificationOf, partitionStatus } from '../../main/notifier/fake-parts.ts'

describe('shared/template/without-controls', () => {
  it('takes the control characters out of all names, and nothing else', () => {
    const result = groupStatus(StatusConstant.Warning, {
      group: 'a\r\nBcc: b',
      partitions: [partitionStatus({ owner: 'o\u2028\u0085x', currentLag: 7 })]
    })
    const { data } = notificationOf('open', result, { key: 'v\n' })
    const clean = withoutControls({ ...data, result })
    expect(clean.group).to.equal('a\ufffd\ufffdBcc: b')
    expect(clean.extras).to.deep.equal({ key: 'v\ufffd' })
    expect(clean.result.partitions[0]).to.deep.include({ owner: 'o\ufffd\ufffdx', currentLag: 7, start: null })
    expect(clean).to.deep.include({ startMs: data.startMs, cluster: 'local' })
  })
})
