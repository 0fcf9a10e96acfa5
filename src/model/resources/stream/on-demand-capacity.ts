import { BYTES_WRITTEN_PER_SECOND, RECORDS_PER_SECOND } from './limits.ts'

/** 4 MB/s. Source: Kinesis Data Streams developer guide, "Choose the data stream capacity mode". */
export const FIRST_SHARDS = 4
/** 200 MB/s, the default quota of an on-demand stream. */
const MOST_SHARDS = 200
const SECONDS = 60

/**
 * The capacity of an on-demand stream: twice its highest write rate so far. AWS looks at the last
 * 30 days; that it looks every minute, at the mean over the minute, is assumed.
 */
export class OnDemandCapacity {
  private records = 0
  private bytes = 0

  count(sizeBytes: number): void {
    this.records++
    this.bytes += sizeBytes
  }

  /** How many shards the stream has from now on. */
  shardsAfterMinute(current: number): number {
    const byRecords = this.records / (SECONDS * RECORDS_PER_SECOND)
    const byBytes = this.bytes / (SECONDS * BYTES_WRITTEN_PER_SECOND)
    this.records = 0
    this.bytes = 0
    const wanted = Math.ceil(2 * Math.max(byRecords, byBytes))
    return Math.min(MOST_SHARDS, Math.max(current, wanted))
  }
}
