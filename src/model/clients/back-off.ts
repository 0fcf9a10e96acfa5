import { MICROSECONDS_PER_DAY } from '../../kernel/time.ts'
import type { Failure, PerFailure } from './failure.ts'

/** Which part of a wait is drawn; `full` is what AWS recommends. */
export const JITTERS = ['full', 'equal', 'none'] as const

export type Jitter = (typeof JITTERS)[number]

/**
 * Truncated exponential back-off: the wait before retry i (from 1) is drawn from a range that
 * begins with `baseUs`, doubles with every retry, and ends at `capUs`.
 */
export interface BackOff {
  readonly baseUs: PerFailure
  /** Infinity: it doubles for ever. */
  readonly capUs: number
  readonly jitter: Jitter
}

/** No run is longer, and times beyond it would lose their microseconds. */
const LONGEST_WAIT_US = 366 * MICROSECONDS_PER_DAY

/** The share of the wait that is drawn (AWS architecture blog, "Exponential Backoff And Jitter"). */
const DRAWN_SHARES: Readonly<Record<Jitter, number>> = { full: 1, equal: 0.5, none: 0 }

/** The longest wait before retry `retry` (from 1), us. */
export function longestWaitUs({ baseUs, capUs }: BackOff, retry: number, failure: Failure): number {
  const cap = Math.min(capUs, LONGEST_WAIT_US)
  let waitUs = baseUs[failure]
  for (let doubled = 1; doubled < retry && waitUs < cap; doubled++) waitUs *= 2
  return Math.min(waitUs, cap)
}

/** The wait before retry `retry` (from 1), us; `draw` in [0, 1) is its jitter. */
export function waitUs(backOff: BackOff, retry: number, failure: Failure, draw: number): number {
  const drawn = DRAWN_SHARES[backOff.jitter]
  return longestWaitUs(backOff, retry, failure) * (1 - drawn + drawn * draw)
}
