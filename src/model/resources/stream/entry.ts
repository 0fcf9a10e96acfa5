/** Streams: records in shards or partitions. The folder `kinds` has what is special to each type. */
import { z } from 'zod'
import { MICROSECONDS_PER_DAY } from '../../../kernel/time.ts'
import type { CheckContext, ResourceEntry } from '../../entry.ts'
import { shapeKeys, shapeOf } from '../../messages/schema.ts'
import { duration, durationBetween } from '../../units.ts'
import { DEFAULT_KIND, STREAM_KINDS, streamKind } from './kinds/index.ts'
import { shardNumber } from './kinds/kind.ts'
import { type InitialRecords, Stream } from './stream.ts'

const RETENTION_SOURCE =
  'Kinesis Data Streams developer guide, "Quotas and limits"; Apache Kafka documentation, "Topic configs"'
const LONGEST_INITIAL_BACKLOG = 20_000_000

/** By key that not every type has: the types that have it. */
const KINDS_WITH = new Map<string, readonly string[]>(
  STREAM_KINDS.flatMap(({ keys }) =>
    Object.keys(keys).map((key): [string, readonly string[]] => [
      key,
      STREAM_KINDS.filter((kind) => key in kind.keys).map(({ kind }) => kind),
    ]),
  ),
)

const schema = z
  .strictObject({
    type: z
      .enum(STREAM_KINDS.map(({ kind }) => kind))
      .prefault(DEFAULT_KIND)
      .meta({
        description: STREAM_KINDS.map(({ kind, summary }) => `${kind}: ${summary}.`).join(' '),
      }),
    ...STREAM_KINDS.reduce<z.ZodRawShape>((all, { keys }) => Object.assign(all, keys), {}),
    retentionPeriod: durationBetween(1_000_000, 365 * MICROSECONDS_PER_DAY)
      .optional()
      .meta({
        description: 'How long records are kept: 24h to 8760h for Kinesis.',
        defaultText: '24h; Kafka 168h',
        source: RETENTION_SOURCE,
      }),
  })
  .superRefine((config, context) => {
    const { type } = config
    const { synonyms, faults } = streamKind(type)
    for (const key of Object.keys(config)) {
      const kinds = KINDS_WITH.get(key)
      if (kinds === undefined || kinds.includes(type)) continue
      const hint = key in synonyms ? `: write ${synonyms[key]}` : ''
      const message = `a ${type} stream has no ${key}${hint}`
      context.addIssue({ code: 'custom', path: [key], message })
    }
    for (const { path, message } of faults?.(config, retentionOf(config)) ?? []) {
      context.addIssue({ code: 'custom', path: [...path], message })
    }
  })

/** Beside these, the keys of its type. */
export interface StreamConfig {
  readonly type: string
  readonly retentionPeriod?: number | undefined
}

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
  return retentionPeriod ?? streamKind(type).defaultRetentionUs
}

/** Shards or partitions at the start. */
export function shardsOf(config: StreamConfig): number {
  return streamKind(config.type).shardsOf(config)
}

function reshardFault(
  name: string,
  context: CheckContext,
  { shardCount }: Readonly<Record<string, unknown>>,
): string | undefined {
  const config = context.configOf(name, ['streams']) as StreamConfig | undefined
  if (config === undefined || typeof shardCount !== 'number') return undefined
  return streamKind(config.type).reshardFault?.(name, config, shardCount)
}

export const stream: ResourceEntry<StreamConfig, InitialRecordsConfig> = {
  section: 'streams',
  scope: 'stream',
  summary: 'A stream of records in shards or partitions, each read in order.',
  schema,
  assumptions: (config) => streamKind(config.type).assumptions?.(config) ?? [],
  intake: (config) => streamKind(config.type).intake?.(config) ?? [],
  bill: (config) => streamKind(config.type).bill?.(config, retentionOf(config)) ?? [],
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
  create: (name, config, initial, world) => {
    const kind = streamKind(config.type)
    return new Stream(
      {
        section: 'streams',
        scope: 'stream',
        name,
        shardCount: kind.shardsOf(config),
        retentionUs: retentionOf(config),
        largestRecordBytes: kind.largestRecordBytes(config, world.settings.platform),
        isLimited: kind.isLimited,
        isOnDemand: kind.isOnDemand?.(config) === true,
      },
      initialRecords(initial),
      world,
    )
  },
}
