/**
 * Events from a Kinesis data stream.
 * Source: Lambda developer guide, "Using Lambda to process records from Amazon Kinesis Data
 * Streams"; Kinesis Data Streams developer guide, "Develop enhanced fan-out consumers".
 */

import { z } from 'zod'
import type { EventSourceEntry } from '../../entry.ts'
import { meanShareOf } from '../../messages/filter.ts'
import { shardsOf } from '../../resources/stream/entry.ts'
import { pollingMetrics, SHARD_METRICS } from './polling-metrics.ts'
import type { PollingTraits } from './streams/consumer-settings.ts'
import {
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
  streamAgeWarnings,
  streamTypeFaults,
} from './streams/schema.ts'
import { StreamConsumer } from './streams/stream-consumer.ts'

const POLL_INTERVAL_US = 1_000_000
/** Third parties measured about 70 ms from the put to an enhanced fan-out consumer. */
const PUSH_DELAY_US = 70_000

const schema = z.strictObject({
  stream: z.string({ error: 'stream is the name of a stream' }).meta({
    description: 'The stream whose records it reads.',
    source: MAPPING,
  }),
  ...shardKeys,
  enhancedFanOut: z.boolean().prefault(false).meta({
    description: 'A consumer with 2 MB/s of its own per shard, to which records are pushed.',
    source: 'Kinesis Data Streams developer guide, "Develop enhanced fan-out consumers"',
  }),
})

type KinesisConfig = z.output<typeof schema>

function traitsOf({ enhancedFanOut }: KinesisConfig): PollingTraits {
  return {
    pollIntervalUs: POLL_INTERVAL_US,
    pushDelayUs: enhancedFanOut ? PUSH_DELAY_US : null,
    windowBeginsWithRecord: false,
    hasOffsets: false,
    pollers: null,
  }
}

export const kinesis: EventSourceEntry<KinesisConfig> = {
  kind: 'kinesis',
  model: 'polling',
  summary: 'Lambda polls the shards of a Kinesis data stream, in order within each key.',
  schema,
  settable: [...SETTABLE, 'parallelizationFactor'],
  commands: SWITCH_COMMANDS,
  references: (config) => [
    {
      path: ['stream'],
      to: config.stream,
      sections: ['streams'],
      role: 'the stream of a kinesis event',
      sends: false,
      meanShare: meanShareOf(config.filter),
    },
    ...destinationReferences(config),
  ],
  metrics: () => pollingMetrics([...SHARD_METRICS, 'IteratorAge'], false),
  capacity: (config, context) =>
    shardCapacity(
      config,
      context.configOf(config.stream, ['streams']),
      shardsOf,
      traitsOf(config).pushDelayUs ?? POLL_INTERVAL_US,
    ),
  assumptions: (config) =>
    consumerAssumptions(
      config,
      config.enhancedFanOut
        ? 'An enhanced fan-out consumer is pushed a record 70 ms after its put.'
        : 'Each shard is polled once a second from a drawn instant on, and on at once while records are left.',
    ),
  check: ({ config }, _target, context) => [
    ...consumerFaults(config),
    ...destinationFaults(config, context),
    ...streamTypeFaults(config.stream, 'kinesis', context),
  ],
  warnings: ({ config }, _target, context) => streamAgeWarnings(config, config.stream, context),
  create: ({ name, path, config }, qualifier, world) =>
    new StreamConsumer(
      {
        path,
        name,
        source: config.stream,
        section: 'streams',
        settings: settingsOf(config),
        traits: traitsOf(config),
        settingsOf: (changed) => settingsOf(changed as KinesisConfig),
      },
      qualifier,
      world,
    ),
}
