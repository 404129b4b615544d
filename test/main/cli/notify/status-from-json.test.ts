import { expect } from 'chai'
import { statusFromJson, statusFromText } from '../../../../main/cli/notify/status-from-json.ts'
import { BurrowError } from '../../../../shared/errors.ts'
import { statusToJson } from '../../../../shared/json/write-consumer.ts'
import { StatusConstant } from '../../../../shared/protocol/status.ts'
import { groupStatus, partitionStatus } from '../../notifier/fake-parts.ts'

const commit = { offset: 10, order: 0, timestampMs: 5, observedTimestampMs: 6_000, lag: null }

describe('cli: notify: status-from-json', () => {
  it('reads what /status writes', () => {
    const bad = partitionStatus({ start: commit, end: { ...commit, lag: 3 }, complete: 0.5 })
    for (const status of [
      groupStatus(StatusConstant.Error, { partitions: [bad, partitionStatus()], maxlag: bad, complete: 0.5 }),
      groupStatus(StatusConstant.OK),
      groupStatus(StatusConstant.Warning, { group: 'a"\u0000\ud83d\ude00</script>' })
    ]) {
      expect(statusFromJson(JSON.parse(statusToJson(status)))).to.deep.equal(status)
    }
  })

  it('refuses what is not Burrow’s, and says where', () => {
    const good = JSON.parse(statusToJson(groupStatus(StatusConstant.Error)))
    const refused = (value: unknown) => {
      try {
        statusFromJson(value)
      } catch (error) {
        return error instanceof BurrowError ? `${error.code} ${error.message}` : 'no BurrowError'
      }
      return 'taken'
    }
    for (const value of [undefined, null, [], 'x', 7]) {
      expect(refused(value)).to.match(/^PROTOCOL_DECODE the answer is not Burrow's: status is /)
    }
    for (const key of Object.keys(good)) {
      const { [key]: _, ...without } = good
      expect(refused(without), key).to.contain(`status.${key} is missing`)
      expect(refused({ ...good, [key]: { a: 1 } }), key).to.match(/PROTOCOL_DECODE/)
    }
    for (const key of Object.keys(good.partitions[0])) {
      const partitions = [{ ...good.partitions[0], [key]: ['x'] }]
      expect(refused({ ...good, partitions }), key).to.contain(`partitions[0].${key}`)
    }
    expect(refused({ ...good, status: 'FINE' })).to.contain('status.status')
  })

  it('knows statuses by their words', () => {
    expect(statusFromText('err')).to.equal(StatusConstant.Error)
    expect(statusFromText('WARN')).to.equal(StatusConstant.Warning)
    for (const none of ['', 'ERROR', 'constructor', '2']) expect(statusFromText(none)).to.equal(null)
  })
})
