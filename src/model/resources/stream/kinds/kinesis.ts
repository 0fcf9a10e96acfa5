/**
 * Kinesis data streams.
 * Sources: Kinesis Data Streams developer guide, "Quotas and limits" and "Choose the data stream
 * capacity mode"; Kinesis API reference, UpdateShardCount.
 */
import { z } from 'zod'
import { MICROSECONDS_PER_DAY } from '../../../../kernel/time.ts'
import type { Assumption } from '../../../compiled-scenario.ts'
import { platformMonth } from '../../../compute/platform-timeline.ts'
import type { Fault } from '../../../entry.ts'
import { ON_DEMAND_BILL, provisionedBill } from '../bill.ts'
import { BYTES_WRITTEN_PER_SECOND, RECORDS_PER_SECOND } from '../limits.ts'
import { FIRST_SHARDS } from '../on-demand-capacity.ts'
import { type StreamKind, shardNumber } from './kind.ts'

const QUOTAS = 'Kinesis Data Streams developer guide, "Quotas and limits"'
const MODES = 'Kinesis Data Streams developer guide, "Choose the data stream capacity mode"'

const BYTES_PER_KILOBYTE = 1_024
const LARGE_RECORDS_SINCE = platformMonth(2025, 10)
const LARGEST_RECORD_BYTES = 10_485_760
const FORMER_LARGEST_RECORD_BYTES = 1_048_576

interface KinesisConfig {
  readonly shardCount?: number | undefined
  readonly streamModeDetails?: { readonly streamMode: 'PROVISIONED' | 'ON_DEMAND' } | undefined
}

function isOnDemand({ streamModeDetails }: KinesisConfig): boolean {
  return streamModeDetails?.streamMode === 'ON_DEMAND'
}

function shardsOf(config: KinesisConfig): number {
  return isOnDemand(config) ? FIRST_SHARDS : (config.shardCount ?? 1)
}

function faults(config: KinesisConfig, retentionUs: number): readonly Fault[] {
  const found: Fault[] = []
  if (isOnDemand(config) && config.shardCount !== undefined) {
    const message = 'an ON_DEMAND stream has no shardCount (AWS: InvalidArgumentException)'
    found.push({ path: ['shardCount'], message })
  }
  if (retentionUs < MICROSECONDS_PER_DAY) {
    const message = 'a kinesis stream keeps records for 24h to 8760h'
    found.push({ path: ['retentionPeriod'], message })
  }
  return found
}

const SHARD_BURST: Assumption = {
  id: 'shard-burst',
  statement:
    'A shard takes at once what it may take in one second (1,000 records and 1 MB), and gives at once what it may give in one (5 calls and 2 MB).',
  confidence: 'assumed',
  source: QUOTAS,
}

const ON_DEMAND: Assumption = {
  id: 'stream-on-demand',
  statement:
    'An on-demand stream has 4 shards at first and every minute as many as twice its highest mean write rate of a minute needs, up to 200.',
  confidence: 'assumed',
  source: MODES,
}

export const kinesis: StreamKind<KinesisConfig> = {
  kind: 'kinesis',
  summary: 'a Kinesis data stream',
  keys: {
    shardCount: shardNumber('shardCount').optional().meta({
      description:
        'Shards of a Kinesis stream in provisioned mode; the quota depends on the region.',
      defaultText: '1',
      source: QUOTAS,
    }),
    streamModeDetails: z
      .strictObject({
        streamMode: z.enum(['PROVISIONED', 'ON_DEMAND']).meta({
          description: 'ON_DEMAND: starts with 4 shards and follows the traffic.',
        }),
      })
      .optional()
      .meta({
        description: 'The capacity mode of a Kinesis stream.',
        defaultText: '{ streamMode: PROVISIONED }',
        source: MODES,
      }),
  },
  synonyms: { partitions: 'shardCount' },
  eventType: 'kinesis',
  defaultRetentionUs: MICROSECONDS_PER_DAY,
  isLimited: true,
  faults,
  shardsOf,
  isOnDemand,
  largestRecordBytes: (_config, platform) =>
    platform >= LARGE_RECORDS_SINCE ? LARGEST_RECORD_BYTES : FORMER_LARGEST_RECORD_BYTES,
  assumptions: (config) => (isOnDemand(config) ? [SHARD_BURST, ON_DEMAND] : [SHARD_BURST]),
  intake: (config) => {
    if (isOnDemand(config)) return []
    const shards = shardsOf(config)
    const kilobytes = BYTES_WRITTEN_PER_SECOND / BYTES_PER_KILOBYTE
    return [
      { limit: 'shard records', counts: 'records', perSecond: RECORDS_PER_SECOND * shards },
      { limit: 'shard KB in', counts: 'KB', perSecond: kilobytes * shards },
    ]
  },
  bill: (config, retentionUs) =>
    isOnDemand(config) ? ON_DEMAND_BILL : provisionedBill(retentionUs),
  reshardFault: (name, config) => {
    if (!isOnDemand(config)) return undefined
    return `${name} is an ON_DEMAND stream, which has as many shards as its traffic needs (AWS refuses UpdateShardCount)`
  },
}
