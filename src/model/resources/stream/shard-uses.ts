import type { LimitUse, Place } from '../../part.ts'
import { BYTES_READ_PER_SECOND, BYTES_WRITTEN_PER_SECOND, RECORDS_PER_SECOND } from './limits.ts'
import type { Shard } from './shards.ts'

const KILOBYTE = 1_024

/** How close the busiest shard came to what one may be written and read in a second. */
export function shardUses(place: Place, shards: readonly Shard[]): readonly LimitUse[] {
  const most = (use: (shard: Shard) => number): number => Math.max(0, ...shards.map(use))
  const kilobytes = (limit: string, bytes: number, available: number): LimitUse => ({
    ...place,
    limit,
    used: Math.ceil(bytes / KILOBYTE),
    available: available / KILOBYTE,
  })
  const records = most(({ writes }) => writes?.mostRecords.used ?? 0)
  const written = most(({ writes }) => writes?.mostBytes.used ?? 0)
  const read = most(({ reads }) => reads?.mostBytes.used ?? 0)
  return [
    { ...place, limit: 'shard records/s', used: records, available: RECORDS_PER_SECOND },
    kilobytes('shard KB/s in', written, BYTES_WRITTEN_PER_SECOND),
    kilobytes('shard KB/s out', read, BYTES_READ_PER_SECOND),
  ]
}
