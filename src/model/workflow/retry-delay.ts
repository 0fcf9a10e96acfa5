import type { Retrier } from './program.ts'

/** The longest that a delay can be: MaxDelaySeconds goes up to 31,622,400, IntervalSeconds to 99,999,999. */
const LONGEST_US = 99_999_999_000_000

/**
 * The wait before the nth retry of a retrier: the interval, each time multiplied by the back-off
 * rate, up to the longest delay; with jitter a uniform share of that. Fractions of a microsecond
 * stay.
 * Source: AWS Step Functions developer guide, "Handling errors", "Retrying after an error".
 */
export function retryDelayUs(
  { intervalUs, backoffRate, maxDelayUs }: Retrier,
  retry: number,
  draw: number,
): number {
  const most = maxDelayUs ?? LONGEST_US
  let delayUs = intervalUs
  for (let step = 1; step < retry && delayUs < most && backoffRate > 1; step++)
    delayUs *= backoffRate
  return Math.min(delayUs, most) * draw
}
