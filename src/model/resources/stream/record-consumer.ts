import type { LedgerOutcome } from '../../metrics/ledger.ts'
import type { Shard } from './shards.ts'

// How a record ended for one consumer; of several consumers the highest counts.
export const FILTERED = 0
export const SUCCEEDED = 1
export const DELIVERED_TO_DESTINATION = 2
export const DROPPED = 3
export const EXPIRED = 4

export type RecordOutcome = 0 | 1 | 2 | 3 | 4

/** Their names in ledger.csv. */
export const RECORD_OUTCOMES: readonly LedgerOutcome[] = [
  'filtered',
  'succeeded',
  'deliveredToDestination',
  'dropped',
  'expired',
]

/** Reads all records of a stream: what the stream asks of an event source mapping. */
export interface RecordConsumer {
  /** Whether it also reads what was in the stream at time 0. */
  readonly readsInitialRecords: boolean
  /** Records that it has taken and not settled. */
  readonly unfinished: number
  /** Of those, how many an invocation works on. */
  readonly running: number
  readonly meter: {
    /** Payload that it has read so far. */
    readonly bytesRead: number
  }
  /** The consumer's own copy of a record, in the order of arrival. */
  take(record: number, shard: Shard): void
  /** New shards take over from their parents. */
  addShards(shards: readonly Shard[]): void
  /** Settles unread records that are past the retention period. */
  expireUnread(): void
  /** Calls `visit` with each record that an invocation works on. */
  visitRunning(visit: (record: number) => void): void
}
