/** Names the random streams of one producer: `purpose` to generator, for one seed and replication. */
export interface ArrivalContext {
  /** The name that belongs to `purpose`: `seed/replication/producer/purpose`. */
  readonly streamName: (purpose: string) => string
  /** The run's end: nothing at or after it is needed. */
  readonly durationUs: number
  /** Wall-clock time of simulated time 0, epoch milliseconds (daily patterns). */
  readonly startsAtMs: number
}

/**
 * Open traffic: says when the next request arrives, whatever happens to it.
 * Times are integer microseconds and never decrease.
 */
export interface ArrivalProcess {
  /** The next arrival, or Infinity when there will be none. Never called again after Infinity. */
  next(): number
  /**
   * Only for processes fed from a file: true when `next` cannot answer before `refill` has run.
   * Checked before every `next`; left out by processes that can always answer.
   */
  readonly starved?: boolean
  /** Reads the next chunk of the file. */
  refill?(): Promise<void>
}
