/**
 * Events from the change stream of a DynamoDB table.
 * Source: Lambda developer guide, "Using AWS Lambda with Amazon DynamoDB": shards are polled four
 * times a second; at most two functions read one shard.
 */

import { z } from 'zod'
import type { EventSourceEntry } from '../../entry.ts'
import { meanShareOf } from '../../messages/filter.ts'
import { bareName } from '../../node-names.ts'
import { TABLE_RETENTION_US } from '../../resources/table/entry.ts'
import { pollingMetrics, SHARD_METRICS } from './polling-metrics.ts'
import type { PollingTraits } from './streams/consumer-settings.ts'
import {
  ageWarnings,
  consumerAssumptions,
  consumerFaults,
  destinationFaults,
  destinationReferences,
  MAPPING,
  SETTABLE,
  SWITCH_COMMANDS,
  settingsOf,
  shardCapacity,
  shardKeys,
} from './streams/schema.ts'
import { StreamConsumer } from './streams/stream-consumer.ts'

const POLL_INTERVAL_US = 250_000
const MOST_READERS = 2
const READER = 'the table of a dynamodb event'

const TRAITS: PollingTraits = {
  pollIntervalUs: POLL_INTERVAL_US,
  pushDelayUs: null,
  windowBeginsWithRecord: false,
  hasOffsets: false,
  pollers: null,
}

const schema = z.strictObject({
  table: z.string({ error: 'table is the name of a table' }).meta({
    description: 'The table whose changes it reads.',
    source: MAPPING,
  }),
  ...shardKeys,
})

type DynamodbConfig = z.output<typeof schema>

export const dynamodb: EventSourceEntry<DynamodbConfig> = {
  kind: 'dynamodb',
  model: 'polling',
  summary: 'Lambda polls the change stream of a DynamoDB table, in order within each key.',
  schema,
  settable: [...SETTABLE, 'parallelizationFactor'],
  commands: SWITCH_COMMANDS,
  references: (config) => [
    {
      path: ['table'],
      to: config.table,
      sections: ['tables'],
      role: READER,
      sends: false,
      meanShare: meanShareOf(config.filter),
    },
    ...destinationReferences(config),
  ],
  metrics: () => pollingMetrics([...SHARD_METRICS, 'IteratorAge'], false),
  capacity: (config, context) =>
    shardCapacity(
      config,
      context.configOf(config.table, ['tables']),
      ({ streamShards }: { readonly streamShards: number }) => streamShards,
      POLL_INTERVAL_US,
    ),
  assumptions: (config) =>
    consumerAssumptions(
      config,
      'Each shard of a change stream is polled four times a second from a drawn instant on, and on at once while records are left.',
    ),
  check: ({ config }, _target, context) => [
    ...consumerFaults(config),
    ...destinationFaults(config, context),
  ],
  warnings: (edge, _target, context) => {
    const texts = ageWarnings(edge.config, TABLE_RETENTION_US)
    const readers = context
      .referencesTo('tables', bareName(edge.config.table))
      .filter(({ role }) => role === READER)
    // Said once, at the first of them.
    if (readers.length <= MOST_READERS || !readers[0]!.path.startsWith(edge.path)) return texts
    return [
      ...texts,
      `${readers.length} functions read the stream of table ${edge.config.table}: with more than ${MOST_READERS} readers of a shard, AWS throttles them, which is not modelled`,
    ]
  },
  create: ({ name, path, config }, qualifier, world) =>
    new StreamConsumer(
      {
        path,
        name,
        source: config.table,
        section: 'tables',
        settings: settingsOf(config),
        traits: TRAITS,
        settingsOf: (changed) => settingsOf(changed as DynamodbConfig),
      },
      qualifier,
      world,
    ),
}
