import { explainPartition } from '../../shared/rules/explain.ts'
import { forecastPartition } from '../../shared/rules/forecast.ts'
import { judgePartition, Rule, statusOfRule } from '../../shared/rules/lag-rules.ts'
import type { AlsoCheck } from './random-history.ts'

const settings = { minimumComplete: 0, endOffsetSeconds: 10, expireGroupSeconds: 604_800 }

/** An explanation says of the same data what the rules say; for compareOnRandomHistories. */
export const expectAgreement: AlsoCheck = (partition, allowedLag, nowSeconds, rule, where) => {
  const intervals = partition.offsets.length
  const explained = explainPartition('t', 0, partition, { ...settings, intervals, allowedLag }, nowSeconds)
  const decided = explained.tried.filter(({ decides }) => decides)
  const agrees =
    explained.rule === rule &&
    explained.status === statusOfRule(rule) &&
    decided.length === 1 &&
    explained.tried.at(-1) === decided[0] &&
    decided[0]!.rule === rule &&
    explained.tried.every(each => each.rule <= rule && !/undefined|NaN|Infinity/.test(each.sentence))
  if (!agrees) throw new Error(`${where}: rule ${rule}, explained as ${JSON.stringify(explained)}`)
}

/** Seconds around the forecast that are looked at one by one. */
const secondsAround = 3
/** Looks at the end offset after which nothing new can come: all that is remembered is the newest one. */
const looksBeyond = 2

/**
 * Moves the clock and looks at the end offset again and again, and compares with the forecast: STOP comes when time and looks are
 * both there, not one second and not one look before, and never if there is no forecast.
 */
export const expectForecast: AlsoCheck = (partition, allowedLag, nowSeconds, rule, where) => {
  const window = partition.offsets.filter(commit => commit !== null)
  const { brokerOffsets, currentLag } = partition
  const intervals = partition.offsets.length
  const forecast = forecastPartition(rule, { window, brokerOffsets, nowSeconds }, intervals)
  const ruleAt = (seconds: number, looks: number): Rule => {
    const newest = brokerOffsets.at(-1)
    const seen = newest === undefined ? [] : [...brokerOffsets, ...Array<number>(looks).fill(newest)].slice(-intervals)
    return judgePartition({ window, brokerOffsets: seen, currentLag, nowSeconds: seconds, allowedLag }).rule
  }
  const farSeconds = nowSeconds + 1_000_000
  const looksMax = 2 * intervals + looksBeyond
  if (!forecast) {
    for (let looks = 0; looks <= looksMax; looks++) {
      if (ruleAt(farSeconds, looks) !== rule)
        throw new Error(`${where}: rule ${rule} changes after ${looks} looks, and no forecast says so`)
    }
    return
  }
  const { stoppedAtSeconds, endOffsetLooks } = forecast
  for (let looks = 0; looks <= looksMax; looks++) {
    for (let seconds = stoppedAtSeconds - secondsAround; seconds <= stoppedAtSeconds + secondsAround; seconds++) {
      if (seconds < nowSeconds) continue
      const expected = seconds >= stoppedAtSeconds && looks >= endOffsetLooks ? Rule.Stopped : rule
      const found = ruleAt(seconds, looks)
      if (found === expected) continue
      const facts = JSON.stringify({ partition, allowedLag, nowSeconds, forecast })
      throw new Error(`${where}: at ${seconds} s after ${looks} looks rule ${found}, not ${expected}: ${facts}`)
    }
  }
}
