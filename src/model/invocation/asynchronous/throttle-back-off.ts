import { MICROSECONDS_PER_MINUTE, MICROSECONDS_PER_SECOND } from '../../../kernel/time.ts'

const FIRST_US = MICROSECONDS_PER_SECOND
const LONGEST_US = 5 * MICROSECONDS_PER_MINUTE
/** From here on doubling a second exceeds the longest back-off. */
const MOST_DOUBLINGS = 9

/** How long an event waits that was throttled after `throttles` throttles before. */
export function throttleBackOffUs(throttles: number): number {
  return throttles < MOST_DOUBLINGS ? FIRST_US * (1 << throttles) : LONGEST_US
}
