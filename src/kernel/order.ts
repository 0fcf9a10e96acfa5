/**
 * The total order of events at one instant: by rank, then by insertion. Every interval is
 * therefore half-open, and no tie is left to chance.
 *
 * - control first: what happens at the end of a period, of the warm-up or of the run no longer
 *   belongs to it;
 * - releases before expiry and arrivals: a slot that becomes free serves the request that arrives
 *   at the same instant;
 * - expiry before arrivals: an environment that has been idle for its full timeout is gone;
 * - polls last: a poller sees everything that the instant brought.
 */
export const RANK_CONTROL = 0
export const RANK_RELEASE = 1
export const RANK_EXPIRY = 2
export const RANK_ARRIVAL = 3
export const RANK_POLL = 4

export type Rank = 0 | 1 | 2 | 3 | 4

/** 2^48 insertions per rank; rank * 2^48 + sequence is exact in a double. */
const RANK_SPAN = 281_474_976_710_656

/** One number that orders events of the same instant. */
export function tieKey(rank: Rank, sequence: number): number {
  return rank * RANK_SPAN + sequence
}
