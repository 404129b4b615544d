/** `November 22, 2026 at 12:50pm (UTC)`, the form of Burrow's last words (spec 05 section 9). Local time. */
export function burrowDate(at: Date): string {
  const parts = new Intl.DateTimeFormat('en-US', {
    year: 'numeric',
    month: 'long',
    day: 'numeric',
    hour: 'numeric',
    minute: '2-digit',
    hour12: true,
    timeZoneName: 'short'
  }).formatToParts(at)
  const part = (type: Intl.DateTimeFormatPartTypes) => parts.find(each => each.type === type)?.value ?? ''
  const time = `${part('hour')}:${part('minute')}${part('dayPeriod').toLowerCase()}`
  return `${part('month')} ${part('day')}, ${part('year')} at ${time} (${part('timeZoneName')})`
}
