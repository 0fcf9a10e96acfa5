/**
 * Simulated time: an integer number of microseconds held in a double, exact for 285 years.
 * Integers make ties meaningful, sums exact and output stable. Only absolute times are rounded;
 * durations keep their fraction.
 */
export type Microseconds = number

/**
 * The current instant of one run. Shared by reference: a time passed from function to function
 * would be allocated anew wherever a call is not inlined.
 *
 * NaN first, here and in other fields that will outgrow an int32: V8 then keeps the field as a
 * double from the start. A field that changes over throws away all code that was compiled for it.
 */
export class Clock {
  nowUs: Microseconds = Number.NaN

  constructor() {
    this.nowUs = 0
  }
}

export const MICROSECONDS_PER_MILLISECOND = 1_000
export const MICROSECONDS_PER_SECOND = 1_000_000
export const MICROSECONDS_PER_MINUTE = 60_000_000
export const MICROSECONDS_PER_HOUR = 3_600_000_000
export const MICROSECONDS_PER_DAY = 86_400_000_000

/** `12m30s`, `250ms`, `0s`: the spelling that scenarios accept, for messages. */
export function formatDuration(durationUs: Microseconds): string {
  if (!Number.isFinite(durationUs)) return String(durationUs)
  if (durationUs < 0) return `-${formatDuration(-durationUs)}`
  if (durationUs === 0) return '0s'
  if (durationUs < MICROSECONDS_PER_MILLISECOND) return `${durationUs}us`
  if (durationUs < MICROSECONDS_PER_SECOND) {
    return `${Math.round(durationUs) / MICROSECONDS_PER_MILLISECOND}ms`
  }
  const units: [string, number][] = [
    ['d', MICROSECONDS_PER_DAY],
    ['h', MICROSECONDS_PER_HOUR],
    ['m', MICROSECONDS_PER_MINUTE],
  ]
  let rest = Math.round(durationUs / 1_000) * 1_000
  let text = ''
  for (const [unit, length] of units) {
    const count = Math.floor(rest / length)
    if (count > 0) text += `${count}${unit}`
    rest -= count * length
  }
  return rest > 0 ? `${text}${rest / MICROSECONDS_PER_SECOND}s` : text
}
