/**
 * DynamoDB tables, as far as their streams go: every write is a record of the change stream.
 * Source: DynamoDB developer guide, "Change data capture for DynamoDB Streams".
 */
import { z } from 'zod'
import { MICROSECONDS_PER_DAY } from '../../kernel/time.ts'
import type { ResourceEntry } from '../entry.ts'
import {
  type InitialRecordsConfig,
  initialRecords,
  initialRecordsSchema,
  MOST_SHARDS,
  shardNumber,
} from './stream/entry.ts'
import { Stream } from './stream/stream.ts'

/** The largest item (DynamoDB developer guide, "Quotas"). */
const LARGEST_ITEM_BYTES = 409_600
/** DynamoDB developer guide: records of the last 24 hours are available. */
export const TABLE_RETENTION_US = MICROSECONDS_PER_DAY

const schema = z.strictObject({
  streamShards: shardNumber('streamShards').prefault(1).meta({
    description: 'Shards of its change stream; about one for each partition of the table.',
    source: 'assumed; AWS chooses the number',
  }),
})

export const table: ResourceEntry<z.output<typeof schema>, InitialRecordsConfig> = {
  section: 'tables',
  scope: 'table',
  summary: 'A DynamoDB table with a stream of its changes; its capacity is not modelled.',
  schema,
  assumptions: ({ streamShards }) => [
    {
      id: 'table-stream-shards',
      statement: `The change stream of a table has ${streamShards} shard${streamShards === 1 ? '' : 's'} all the time.`,
      confidence: 'assumed',
      source: 'DynamoDB developer guide, "Change data capture for DynamoDB Streams"',
      alternatives: [
        {
          label: 'twice as many shards',
          set: { streamShards: Math.min(2 * streamShards, MOST_SHARDS) },
        },
      ],
    },
  ],
  initialSchema: initialRecordsSchema,
  create: (name, { streamShards }, initial, world) =>
    new Stream(
      {
        section: 'tables',
        scope: 'table',
        name,
        shardCount: streamShards,
        retentionUs: TABLE_RETENTION_US,
        largestRecordBytes: LARGEST_ITEM_BYTES,
        isLimited: false,
        isOnDemand: false,
      },
      initialRecords(initial),
      world,
    ),
}
