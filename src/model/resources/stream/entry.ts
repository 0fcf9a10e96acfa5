/**
 * Streams: Kinesis data streams, and Kafka topics on Amazon MSK or elsewhere.
 * Sources: Kinesis Data Streams developer guide, "Quotas and limits" and "Choose the data stream
 * capacity mode"; Apache Kafka documentation, "Topic configs".
 */
import { z } from 'zod'
import { MICROSECONDS_PER_DAY, MICROSECONDS_PER_HOUR } from '../../../kernel/time.ts'
import type { Assumption } from '../../compiled-scenario.ts'
import { type PlatformMonth, platformMonth } from '../../compute/platform-timeline.ts'
import type { CheckContext, ResourceEntry } from '../../entry.ts'
import { shapeKeys, shapeOf } from '../../messages/schema.ts'
import { duration, durationBetween, size, wholeNumber } from '../../units.ts'
import { ON_DEMAND_BILL, provisionedBill } from './bill.ts'
import { BYTES_WRITTEN_PER_SECOND, RECORDS_PER_SECOND } from './limits.ts'
import { FIRST_SHARDS } from './on-demand-capacity.ts'
import { type InitialRecords, Stream } from './stream.ts'

const QUOTAS = 'Kinesis Data Streams developer guide, "Quotas and limits"'
const MODES = 'Kinesis Data Streams developer guide, "Choose the data stream capacity mode"'
const KAFKA = 'Apache Kafka documentation, "Topic configs"'

const BYTES_PER_KILOBYTE = 1_024

export const MOST_SHARDS = 20_000
const LARGE_RECORDS_SINCE = platformMonth(2025, 10)
const LARGEST_RECORD_BYTES = 10_485_760
const FORMER_LARGEST_RECORD_BYTES = 1_048_576
const KAFKA_LARGEST_MESSAGE_BYTES = 1_048_588
const LONGEST_INITIAL_BACKLOG = 20_000_000

/** A number of shards or partitions. */
export function shardNumber(what: string) {
  return wholeNumber(what, 1, MOST_SHARDS)
}

const schema = z
  .strictObject({
    type: z.enum(['kinesis', 'kafka']).prefault('kinesis').meta({
      description: 'kinesis: a Kinesis data stream. kafka: a topic, on Amazon MSK or elsewhere.',
    }),
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
      .prefault({ streamMode: 'PROVISIONED' })
      .meta({ description: 'The capacity mode of a Kinesis stream.', source: MODES }),
    partitions: shardNumber('partitions').optional().meta({
      description: 'Partitions of a Kafka topic.',
      defaultText: '1',
      source: KAFKA,
    }),
    maxMessageBytes: size.optional().meta({
      description: 'The largest message of a Kafka topic.',
      defaultText: '1048588B',
      source: KAFKA,
    }),
    retentionPeriod: durationBetween(1_000_000, 365 * MICROSECONDS_PER_DAY)
      .optional()
      .meta({
        description: 'How long records are kept: 24h to 8760h for Kinesis.',
        defaultText: '24h; Kafka 168h',
        source: `${QUOTAS}; ${KAFKA}`,
      }),
  })
  .superRefine((config, context) => {
    const isKafka = config.type === 'kafka'
    const foreign = isKafka ? ['shardCount'] : ['partitions', 'maxMessageBytes']
    for (const key of foreign) {
      if (config[key as keyof typeof config] === undefined) continue
      const hint = key === 'shardCount' ? ': write partitions' : ''
      context.addIssue({
        code: 'custom',
        path: [key],
        message: `a ${config.type} stream has no ${key}${hint}`,
      })
    }
    const isOnDemand = config.streamModeDetails.streamMode === 'ON_DEMAND'
    if (isOnDemand && isKafka) {
      const message = 'only a kinesis stream has a capacity mode'
      context.addIssue({ code: 'custom', path: ['streamModeDetails'], message })
    }
    if (isOnDemand && !isKafka && config.shardCount !== undefined) {
      const message = 'an ON_DEMAND stream has no shardCount (AWS: InvalidArgumentException)'
      context.addIssue({ code: 'custom', path: ['shardCount'], message })
    }
    const { retentionPeriod } = config
    if (!isKafka && retentionPeriod !== undefined && retentionPeriod < MICROSECONDS_PER_DAY) {
      const message = 'a kinesis stream keeps records for 24h to 8760h'
      context.addIssue({ code: 'custom', path: ['retentionPeriod'], message })
    }
  })

export type StreamConfig = z.output<typeof schema>

/** What may be in a stream or table at time 0. */
export const initialRecordsSchema = z.strictObject({
  records: z
    .int({ error: 'records is a whole number' })
    .min(0, { error: 'records is not negative' })
    .max(LONGEST_INITIAL_BACKLOG)
    .meta({ description: 'How many records are in it.' }),
  iteratorAge: duration.prefault('0s').meta({
    description: 'Age of the oldest; the others spread evenly over this time.',
  }),
  ...shapeKeys,
})

export type InitialRecordsConfig = z.output<typeof initialRecordsSchema>

export function initialRecords(initial: InitialRecordsConfig | undefined): InitialRecords | null {
  if (initial === undefined) return null
  return { records: initial.records, ageUs: initial.iteratorAge, shape: shapeOf(initial) }
}

/** How long a stream keeps its records, us. */
export function retentionOf({ type, retentionPeriod }: StreamConfig): number {
  return retentionPeriod ?? (type === 'kafka' ? 168 * MICROSECONDS_PER_HOUR : MICROSECONDS_PER_DAY)
}

function isOnDemand({ streamModeDetails }: StreamConfig): boolean {
  return streamModeDetails.streamMode === 'ON_DEMAND'
}

/** Shards or partitions at the start. */
export function shardsOf(config: StreamConfig): number {
  if (isOnDemand(config)) return FIRST_SHARDS
  return (config.type === 'kafka' ? config.partitions : config.shardCount) ?? 1
}

function largestRecordBytes(config: StreamConfig, platform: PlatformMonth): number {
  if (config.type === 'kafka') return config.maxMessageBytes ?? KAFKA_LARGEST_MESSAGE_BYTES
  return platform >= LARGE_RECORDS_SINCE ? LARGEST_RECORD_BYTES : FORMER_LARGEST_RECORD_BYTES
}

function assumptions(config: StreamConfig): Assumption[] {
  if (config.type === 'kafka') return []
  const told: Assumption[] = [
    {
      id: 'shard-burst',
      statement:
        'A shard takes at once what it may take in one second (1,000 records and 1 MB), and gives at once what it may give in one (5 calls and 2 MB).',
      confidence: 'assumed',
      source: QUOTAS,
    },
  ]
  if (isOnDemand(config)) {
    told.push({
      id: 'stream-on-demand',
      statement:
        'An on-demand stream has 4 shards at first and every minute as many as twice its highest mean write rate of a minute needs, up to 200.',
      confidence: 'assumed',
      source: MODES,
    })
  }
  return told
}

/**
 * Sources: Apache Kafka documentation, "Modifying topics": the number of partitions cannot be
 * reduced; Kinesis API reference, UpdateShardCount: only in provisioned mode.
 */
function reshardFault(
  name: string,
  context: CheckContext,
  { shardCount }: Readonly<Record<string, unknown>>,
): string | undefined {
  const config = context.configOf(name, ['streams']) as StreamConfig | undefined
  if (config !== undefined && isOnDemand(config)) {
    return `${name} is an ON_DEMAND stream, which has as many shards as its traffic needs (AWS refuses UpdateShardCount)`
  }
  if (config?.type !== 'kafka' || typeof shardCount !== 'number') return undefined
  const partitions = shardsOf(config)
  if (shardCount >= partitions) return undefined
  return `a Kafka topic never has fewer partitions than before: ${name} has ${partitions} (Kafka answers InvalidPartitionsException)`
}

export const stream: ResourceEntry<StreamConfig, InitialRecordsConfig> = {
  section: 'streams',
  scope: 'stream',
  summary: 'A stream of records in shards or partitions, each read in order.',
  schema,
  assumptions,
  // On demand it follows the traffic.
  intake: (config) => {
    if (config.type === 'kafka' || isOnDemand(config)) return []
    const shards = shardsOf(config)
    const kilobytes = BYTES_WRITTEN_PER_SECOND / BYTES_PER_KILOBYTE
    return [
      { limit: 'shard records', counts: 'records', perSecond: RECORDS_PER_SECOND * shards },
      { limit: 'shard KB in', counts: 'KB', perSecond: kilobytes * shards },
    ]
  },
  bill: (config) => {
    if (config.type === 'kafka') return []
    return isOnDemand(config) ? ON_DEMAND_BILL : provisionedBill(retentionOf(config))
  },
  initialSchema: initialRecordsSchema,
  commands: {
    reshard: {
      summary:
        'Gives the stream other shards, or the topic other partitions, of equal ranges (UpdateShardCount): readers finish the former ones first.',
      keys: {
        shardCount: shardNumber('shardCount').meta({ description: 'How many shards from now on.' }),
      },
      check: reshardFault,
    },
  },
  create: (name, config, initial, world) =>
    new Stream(
      {
        section: 'streams',
        scope: 'stream',
        name,
        shardCount: shardsOf(config),
        retentionUs: retentionOf(config),
        largestRecordBytes: largestRecordBytes(config, world.settings.platform),
        isLimited: config.type === 'kinesis',
        isOnDemand: isOnDemand(config),
      },
      initialRecords(initial),
      world,
    ),
}
