/** How services that deliver to others try again when the other does not answer: as data. */
import { pow } from '../../kernel/elementary.ts'
import {
  MICROSECONDS_PER_DAY,
  MICROSECONDS_PER_MINUTE,
  MICROSECONDS_PER_SECOND,
} from '../../kernel/time.ts'

export interface RetrySchedule {
  /** Waits before the first, second, ... retry, us; the last holds for all further ones. */
  readonly waitsUs: readonly number[]
  /** The share of each wait that is drawn: 0 none, 0.5 from half of it to all of it. */
  readonly jitterShare: number
  readonly maximumRetries: number
  /** After this time the delivery is given up, us; Infinity: never. */
  readonly maximumAgeUs: number
}

const SNS_LONGEST_WAIT_S = 20
const SNS_BACK_OFFS = 10

/** 1 s to 20 s, each the same factor longer than the one before. */
function snsBackOffUs(step: number): number {
  const seconds = pow(SNS_LONGEST_WAIT_S, step / (SNS_BACK_OFFS - 1))
  return Math.round(seconds * MICROSECONDS_PER_SECOND)
}

/**
 * To Lambda and SQS: 3 attempts without delay, 2 one second apart, 10 with exponential back-off
 * from 1 to 20 s, 100,000 every 20 s: 100,015 attempts over 23 days, of which the first is no retry.
 * Source: Amazon SNS developer guide, "Amazon SNS message delivery retries".
 */
export const SNS_RETRIES: RetrySchedule = {
  waitsUs: [
    0,
    0,
    MICROSECONDS_PER_SECOND,
    MICROSECONDS_PER_SECOND,
    ...Array.from({ length: SNS_BACK_OFFS }, (_, step) => snsBackOffUs(step)),
    SNS_LONGEST_WAIT_S * MICROSECONDS_PER_SECOND,
  ],
  jitterShare: 0,
  maximumRetries: 2 + 2 + SNS_BACK_OFFS + 100_000,
  maximumAgeUs: Number.POSITIVE_INFINITY,
}

export const MOST_EVENTBRIDGE_RETRIES = 185
export const LONGEST_EVENTBRIDGE_AGE_US = MICROSECONDS_PER_DAY

/**
 * Exponential back-off with jitter, up to 185 retries and 24 hours. Its steps are not documented:
 * 1 s doubling to 10 minutes, of which half is drawn, is what makes 185 retries take almost the
 * 24 hours (assumed).
 * Source: Amazon EventBridge user guide, "How EventBridge retries delivering events".
 */
export const EVENTBRIDGE_RETRIES: RetrySchedule = {
  waitsUs: [
    ...Array.from({ length: 10 }, (_, step) => (1 << step) * MICROSECONDS_PER_SECOND),
    10 * MICROSECONDS_PER_MINUTE,
  ],
  jitterShare: 0.5,
  maximumRetries: MOST_EVENTBRIDGE_RETRIES,
  maximumAgeUs: LONGEST_EVENTBRIDGE_AGE_US,
}

/** The wait before retry number `retry` (from 1); `draw` in [0, 1) is its jitter. */
export function retryWaitUs(
  { waitsUs, jitterShare }: RetrySchedule,
  retry: number,
  draw: number,
): number {
  const waitUs = waitsUs[Math.min(retry, waitsUs.length) - 1]!
  return Math.round(waitUs * (1 - jitterShare * draw))
}
