/**
 * Events from a Kafka topic, on Amazon MSK or self-managed.
 * Source: Lambda developer guide, "Using Lambda with Amazon MSK" and "Apache Kafka event poller
 * scaling modes".
 */

import { z } from 'zod'
import { type PlatformMonth, platformMonth } from '../../compute/platform-timeline.ts'
import type { EventSourceEntry, Fault } from '../../entry.ts'
import { meanShareOf } from '../../messages/filter.ts'
import { shardsOf } from '../../resources/stream/entry.ts'
import { durationBetween, wholeNumber } from '../../units.ts'
import { pollerNumberFaults } from './poller-keys.ts'
import { pollingMetrics, SHARD_METRICS } from './polling-metrics.ts'
import type { PollerSettings, PollingTraits } from './streams/consumer-settings.ts'
import {
  type ConsumerConfig,
  consumerAssumptions,
  consumerFaults,
  consumerKeys,
  destinationFaults,
  destinationReferences,
  MAPPING,
  retryAttempts,
  SETTABLE,
  SWITCH_COMMANDS,
  settingsOf,
  shardCapacity,
  streamAgeWarnings,
  streamTypeFaults,
} from './streams/schema.ts'
import { StreamConsumer } from './streams/stream-consumer.ts'

const SCALING = 'Lambda developer guide, "Apache Kafka event poller scaling modes"'
const POLL_INTERVAL_US = 100_000
const BYTES_PER_SECOND_PER_POLLER = 5_242_880
const MOST_MINIMUM_POLLERS = 200
const MOST_POLLERS = 2_000
const RETRIES_WITH_DESTINATION = 10
const RETRIES_SINCE = platformMonth(2025, 11)

/** How Lambda might scale the pollers of a topic instead. */
const OTHER_POLLERS = [
  { label: 'no growth', key: 'pollerGrowthFactor', value: 1 },
  { label: 'tenfold growth', key: 'pollerGrowthFactor', value: 10 },
  { label: 'one batch per poller', key: 'batchesPerPoller', value: 1 },
] as const

const schema = z.strictObject({
  stream: z.string({ error: 'stream is the name of a stream' }).meta({
    description: 'The stream of type kafka whose records it reads.',
    source: MAPPING,
  }),
  ...consumerKeys,
  maximumBatchingWindow: durationBetween(0, 300_000_000).prefault('500ms').meta({
    description: 'How long records are gathered for a batch; begins with its first record.',
    source: MAPPING,
  }),
  maximumRetryAttempts: retryAttempts.optional().meta({
    description: 'Retries of a failed batch before it is given up; -1: without end.',
    defaultText: '-1; 10 with a failure destination in provisioned mode',
    source: MAPPING,
  }),
  provisionedPollerConfig: z
    .strictObject({
      minimumPollers: wholeNumber('minimumPollers', 1, MOST_MINIMUM_POLLERS)
        .prefault(1)
        .meta({ description: 'Event pollers that are always there.', source: SCALING }),
      maximumPollers: wholeNumber('maximumPollers', 1, MOST_POLLERS)
        .prefault(200)
        .meta({ description: 'Event pollers at most; no more than partitions.', source: SCALING }),
    })
    .optional()
    .meta({
      description: 'Provisioned mode: each poller brings up to 5 MB/s and 5 batches at once.',
      source: SCALING,
    }),
  batchesPerPoller: wholeNumber('batchesPerPoller', 1, 100)
    .prefault(5)
    .meta({
      description: 'Batches that one poller works on at once.',
      source: `${SCALING}; without provisioned mode assumed`,
    }),
  pollerGrowthFactor: z
    .number({ error: 'pollerGrowthFactor is a number from 1 to 10' })
    .min(1)
    .max(10)
    .prefault(2)
    .meta({
      description:
        'By how much the number of pollers grows in a minute in which the offset lag exceeds what they work on.',
      source: 'not documented by AWS; assumed',
    }),
})

type MskConfig = z.output<typeof schema>

function settings(config: MskConfig) {
  return settingsOf(completed(config))
}

/** With the default that depends on other keys. */
function completed(config: MskConfig): ConsumerConfig {
  const hasDestination =
    config.provisionedPollerConfig !== undefined && config.destinationConfig.onFailure !== undefined
  const maximumRetryAttempts =
    config.maximumRetryAttempts ?? (hasDestination ? RETRIES_WITH_DESTINATION : -1)
  return { ...config, maximumRetryAttempts }
}

function pollersOf(config: MskConfig): PollerSettings {
  const { provisionedPollerConfig, batchesPerPoller, pollerGrowthFactor } = config
  return {
    isProvisioned: provisionedPollerConfig !== undefined,
    minimum: provisionedPollerConfig?.minimumPollers ?? 1,
    maximum: provisionedPollerConfig?.maximumPollers ?? MOST_POLLERS,
    batchesPerPoller,
    bytesPerSecondPerPoller: BYTES_PER_SECOND_PER_POLLER,
    growthFactor: pollerGrowthFactor,
  }
}

function traitsOf(config: MskConfig): PollingTraits {
  return {
    pollIntervalUs: POLL_INTERVAL_US,
    pushDelayUs: null,
    windowBeginsWithRecord: true,
    hasOffsets: true,
    pollers: pollersOf(config),
  }
}

/**
 * Without provisioned mode, and before it had them, a batch is retried until it succeeds or its
 * records expire (Lambda developer guide, "Error handling for Kafka event sources").
 */
function retryFaults(config: MskConfig, platform: PlatformMonth): Fault[] {
  const isHandled = config.provisionedPollerConfig !== undefined && platform >= RETRIES_SINCE
  if (isHandled) return []
  const { maximumRetryAttempts, maximumRecordAge, functionResponseTypes } = config
  const written: Readonly<Record<string, boolean>> = {
    maximumRetryAttempts: maximumRetryAttempts !== undefined,
    maximumRecordAge: maximumRecordAge >= 0,
    bisectBatchOnFunctionError: config.bisectBatchOnFunctionError,
    functionResponseTypes: functionResponseTypes.length > 0,
  }
  return Object.keys(written)
    .filter((key) => written[key])
    .map((key) => ({
      path: [key],
      message: `${key} of a Kafka event needs provisioned mode (provisionedPollerConfig) on a platform of 2025-11 or later; without it a batch is retried until it succeeds or expires`,
    }))
}

export const msk: EventSourceEntry<MskConfig> = {
  kind: 'msk',
  model: 'polling',
  summary: 'Lambda polls the partitions of a Kafka topic, one batch of each at a time.',
  schema,
  settable: SETTABLE,
  commands: SWITCH_COMMANDS,
  references: (config) => [
    {
      path: ['stream'],
      to: config.stream,
      sections: ['streams'],
      role: 'the stream of an msk event',
      sends: false,
      meanShare: meanShareOf(config.filter),
    },
    ...destinationReferences(completed(config)),
  ],
  metrics: ({ provisionedPollerConfig }) =>
    pollingMetrics(
      [...SHARD_METRICS, 'CommittedEventCount', 'OffsetLag'],
      provisionedPollerConfig !== undefined,
    ),
  capacity: (config, context) =>
    shardCapacity(
      completed(config),
      context.configOf(config.stream, ['streams']),
      shardsOf,
      POLL_INTERVAL_US,
    ),
  assumptions: (config) => [
    ...consumerAssumptions(
      completed(config),
      'Each partition of a topic is polled every 100 ms from a drawn instant on, and on at once while records are left; a batching window begins with its first record.',
    ),
    {
      id: 'kafka-pollers',
      statement: `The pollers of a Kafka event work on ${config.batchesPerPoller} batches each; every minute they become ${config.pollerGrowthFactor} times as many while more records wait than they hold, half as many after a throttle, and one less without a lag.`,
      confidence: 'assumed',
      source: SCALING,
      alternatives: OTHER_POLLERS.filter(({ key, value }) => config[key] !== value).map(
        ({ label, key, value }) => ({ label, set: { [key]: value } }),
      ),
    },
  ],
  check: ({ config }, _target, context) => [
    ...consumerFaults(completed(config)),
    ...pollerNumberFaults(config.provisionedPollerConfig),
    ...destinationFaults(completed(config), context),
    ...retryFaults(config, context.platform),
    ...streamTypeFaults(config.stream, 'kafka', context),
  ],
  warnings: ({ config }, _target, context) =>
    streamAgeWarnings(completed(config), config.stream, context),
  bill: ({ provisionedPollerConfig }) =>
    provisionedPollerConfig === undefined
      ? []
      : [
          {
            product: 'lambdaKafkaPollers',
            amount: ({ pollers }: StreamConsumer, { lengthUs }) => pollers!.unitTime(lengthUs),
          },
        ],
  create: ({ name, path, config }, qualifier, world) =>
    new StreamConsumer(
      {
        path,
        name,
        source: config.stream,
        section: 'streams',
        settings: settings(config),
        traits: traitsOf(config),
        settingsOf: (changed) => settings(changed as MskConfig),
      },
      qualifier,
      world,
    ),
}
