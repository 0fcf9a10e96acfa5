/**
 * What a shard takes and gives per second.
 * Source: Kinesis Data Streams developer guide, "Quotas and limits": 1,000 records and 1 MB written,
 * 2 MB and 5 GetRecords calls read per second and shard.
 */
import { MICROSECONDS_PER_SECOND } from '../../../kernel/time.ts'
import { BusiestSecond } from '../../compute/busiest-second.ts'
import { TokenBucket } from '../../compute/token-bucket.ts'

export const RECORDS_PER_SECOND = 1_000
export const BYTES_WRITTEN_PER_SECOND = 1_048_576
const CALLS_PER_SECOND = 5
export const BYTES_READ_PER_SECOND = 2_097_152

/** Writes to one shard: at once as much as one second allows (assumed). */
export class WriteLimit {
  private readonly records = new TokenBucket(RECORDS_PER_SECOND)
  private readonly bytes = new TokenBucket(BYTES_WRITTEN_PER_SECOND)
  readonly mostRecords = new BusiestSecond(RECORDS_PER_SECOND)
  readonly mostBytes = new BusiestSecond(BYTES_WRITTEN_PER_SECOND)

  /** Whether a record fits now; then it has been counted. */
  admits(nowUs: number, sizeBytes: number): boolean {
    // A record of more than a second's worth needs all of it, and the next ones wait (assumed).
    const needed = Math.min(sizeBytes, BYTES_WRITTEN_PER_SECOND)
    if (!this.records.hasToken(nowUs)) {
      this.mostRecords.refuse()
      return false
    }
    if (this.bytes.tokens(nowUs) < needed) {
      this.mostBytes.refuse()
      return false
    }
    this.records.take()
    this.bytes.takeSeveral(sizeBytes)
    this.mostRecords.count(nowUs, 1)
    this.mostBytes.count(nowUs, sizeBytes)
    return true
  }
}

/** Polls regularly also while nothing is there to read. */
export interface EmptyPolls {
  /** How often since it was asked last. */
  takeEmptyPolls(nowUs: number): number
}

/**
 * Reads from one place: what is read is owed, and the next read waits until less than a second's
 * worth is. Where calls are limited, too, a single read of more than that is worked off completely
 * before the next one, as AWS says it: 10 MB from a shard, and calls within the next 5 seconds fail.
 * Either way as much is read in the long run as the rate allows.
 */
export class ReadBudget {
  /** Who polls this place. */
  readonly pollers: EmptyPolls[] = []
  readonly mostBytes: BusiestSecond
  /** When all calls, and all bytes, are worked off. */
  private callsPaidUs = 0
  private bytesPaidUs = 0
  /** When a read of more than a second's worth is worked off. */
  private longReadPaidUs = 0
  private readUs = 0
  private bytesPerSecond: number
  private readonly callUs: number

  /** `limitsCalls`: five calls per second. */
  constructor(bytesPerSecond: number, limitsCalls: boolean) {
    this.bytesPerSecond = bytesPerSecond
    this.mostBytes = new BusiestSecond(bytesPerSecond)
    this.callUs = limitsCalls ? MICROSECONDS_PER_SECOND / CALLS_PER_SECOND : 0
  }

  setRate(bytesPerSecond: number): void {
    this.bytesPerSecond = bytesPerSecond
  }

  /** The earliest instant of the next read; not after `nowUs`: now. */
  nextReadUs(): number {
    const callUs = this.callsPaidUs + this.callUs - MICROSECONDS_PER_SECOND
    return Math.ceil(Math.max(callUs, this.bytesFreeUs))
  }

  /** A read has to wait. */
  noteWait(nowUs: number): void {
    if (this.bytesFreeUs > nowUs) this.mostBytes.refuse()
  }

  private get bytesFreeUs(): number {
    return Math.max(this.bytesPaidUs - MICROSECONDS_PER_SECOND, this.longReadPaidUs)
  }

  take(nowUs: number, bytes: number): void {
    // What has gathered since the last read may come at once: the limit is on what a second brings.
    const sinceUs = Math.max(MICROSECONDS_PER_SECOND, nowUs - this.readUs)
    this.mostBytes.count(nowUs, (bytes * MICROSECONDS_PER_SECOND) / sinceUs)
    this.readUs = nowUs
    const workUs = (bytes * MICROSECONDS_PER_SECOND) / this.bytesPerSecond
    this.bytesPaidUs = Math.max(this.bytesPaidUs, nowUs) + workUs
    if (this.callUs > 0 && workUs > MICROSECONDS_PER_SECOND) this.longReadPaidUs = this.bytesPaidUs
    this.callsPaidUs = Math.max(this.callsPaidUs, nowUs) + this.callUs
  }

  /** Polls that found nothing count as calls; those over the limit failed and cost nothing. */
  chargeEmptyPolls(nowUs: number): void {
    // One poller alone stays far below the limit.
    if (this.pollers.length < 2) return
    let count = 0
    for (const poller of this.pollers) count += poller.takeEmptyPolls(nowUs)
    const paidUs = this.callsPaidUs + count * this.callUs
    this.callsPaidUs = Math.min(paidUs, nowUs + MICROSECONDS_PER_SECOND)
  }
}
