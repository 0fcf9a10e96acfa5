import { MICROSECONDS_PER_MINUTE, MICROSECONDS_PER_SECOND } from '../../../kernel/time.ts'
import { doubledUs } from '../doubling.ts'

const FIRST_US = MICROSECONDS_PER_SECOND
const LONGEST_US = 5 * MICROSECONDS_PER_MINUTE

/** How long an event waits that was throttled after `throttles` throttles before. */
export function throttleBackOffUs(throttles: number): number {
  return doubledUs(FIRST_US, LONGEST_US, throttles)
}
