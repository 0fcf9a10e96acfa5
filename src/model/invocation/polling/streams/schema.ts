/** The YAML that event source mappings of streams share. */
import { z } from 'zod'
import {
  formatDuration,
  MICROSECONDS_PER_DAY,
  MICROSECONDS_PER_MINUTE,
  MICROSECONDS_PER_SECOND,
} from '../../../../kernel/time.ts'
import type { Assumption } from '../../../compiled-scenario.ts'
import type { CheckContext, Fault, PollingCapacity, Reference } from '../../../entry.ts'
import { fifoFaults } from '../../../messages/delivery-schema.ts'
import { filterSchema } from '../../../messages/schema.ts'
import { retentionOf, type StreamConfig } from '../../../resources/stream/entry.ts'
import { streamKind } from '../../../resources/stream/kinds/index.ts'
import { durationBetween, wholeNumber, wholeSeconds } from '../../../units.ts'
import { backOffAlternatives, backOffBaseUs, backOffFaults, backOffKeys } from '../poller-keys.ts'
import type { ConsumerSettings } from './consumer-settings.ts'

export const MAPPING = 'Lambda API reference, CreateEventSourceMapping'
const ERRORS = 'Lambda developer guide, "Retain discarded batch records"'
const MOST_RETRIES = 10_000

/** Keys of every stream, Kafka included. */
export const consumerKeys = {
  batchSize: wholeNumber('batchSize', 1, 10_000).prefault(100).meta({
    description: 'The most records of one invocation; their payload is at most 6 MB.',
    source: MAPPING,
  }),
  startingPosition: z.enum(['TRIM_HORIZON', 'LATEST']).prefault('TRIM_HORIZON').meta({
    description: 'LATEST: does not read what is in the stream at the start.',
    source: MAPPING,
  }),
  maximumRecordAge: z
    .union([z.literal(-1), durationBetween(MICROSECONDS_PER_MINUTE, 7 * MICROSECONDS_PER_DAY)], {
      error: 'maximumRecordAge is -1 (any age) or a duration from 60s to 7d',
    })
    .prefault(-1)
    .meta({
      description: 'Older records are given up, 60s to 7d; -1: none.',
      source: MAPPING,
    }),
  bisectBatchOnFunctionError: z.boolean().prefault(false).meta({
    description: 'Retries the two halves of a failed batch one after the other.',
    source: MAPPING,
  }),
  functionResponseTypes: z
    .array(z.enum(['ReportBatchItemFailures']))
    .prefault([])
    .meta({
      description:
        'ReportBatchItemFailures: the handler names the records it failed on; the lowest one is where the retry starts.',
      source: MAPPING,
    }),
  destinationConfig: z
    .strictObject({
      onFailure: z.string({ error: 'onFailure is the name of a node' }).optional().meta({
        description: 'A queue, topic, bucket or Kafka topic that is told of each batch given up.',
        source: ERRORS,
      }),
    })
    .prefault({})
    .meta({ description: 'Where records that are given up go.', source: ERRORS }),
  filter: filterSchema.optional(),
  enabled: z.boolean().prefault(true).meta({
    description: 'false: records accumulate until the timeline enables it.',
    source: MAPPING,
  }),
  ...backOffKeys(
    '60s',
    'A failed or throttled batch waits any time up to this, doubled with each retry.',
  ),
}

const STREAMS = ['streams'] as const

export const retryAttempts = wholeNumber('maximumRetryAttempts', -1, MOST_RETRIES)

/** Keys of Kinesis and DynamoDB streams. */
export const shardKeys = {
  ...consumerKeys,
  maximumBatchingWindow: wholeSeconds('maximumBatchingWindow', 300).prefault('0s').meta({
    description:
      'How long records are gathered for a batch, 0s to 300s in whole seconds; begins when the last one has ended.',
    source: MAPPING,
  }),
  maximumRetryAttempts: retryAttempts.prefault(-1).meta({
    description: 'Retries of a failed batch before it is given up; -1: without end.',
    source: MAPPING,
  }),
  parallelizationFactor: wholeNumber('parallelizationFactor', 1, 10).prefault(1).meta({
    description: 'Batches of a shard at once; the records of one key stay in order.',
    source: MAPPING,
  }),
  tumblingWindow: wholeSeconds('tumblingWindow', 900).prefault('0s').meta({
    description: 'Length of the windows that state is kept for; a batch lies in one. 0s: none.',
    source: MAPPING,
  }),
}

/** What the keys of every stream come out as. */
export interface ConsumerConfig {
  readonly batchSize: number
  readonly maximumBatchingWindow: number
  readonly startingPosition: 'TRIM_HORIZON' | 'LATEST'
  readonly maximumRecordAge: number
  readonly maximumRetryAttempts: number
  readonly bisectBatchOnFunctionError: boolean
  readonly functionResponseTypes: readonly string[]
  readonly destinationConfig: { readonly onFailure?: string | undefined }
  readonly filter?: ConsumerSettings['filter'] | undefined
  readonly enabled: boolean
  readonly backOffBase?: number | undefined
  readonly backOffCap: number
  readonly parallelizationFactor?: number | undefined
  readonly tumblingWindow?: number | undefined
}

export const SETTABLE = ['batchSize', 'maximumBatchingWindow'] as const

/** `-1` is AWS's word for no limit. */
function limited(value: number): number {
  return value < 0 ? Number.POSITIVE_INFINITY : value
}

export function settingsOf(config: ConsumerConfig): ConsumerSettings {
  const tumblingWindowUs = config.tumblingWindow ?? 0
  return {
    batchSize: config.batchSize,
    batchingWindowUs: config.maximumBatchingWindow,
    parallelizationFactor: tumblingWindowUs > 0 ? 1 : (config.parallelizationFactor ?? 1),
    readsInitialRecords: config.startingPosition === 'TRIM_HORIZON',
    maximumRecordAgeUs: limited(config.maximumRecordAge),
    maximumRetryAttempts: limited(config.maximumRetryAttempts),
    bisects: config.bisectBatchOnFunctionError,
    tumblingWindowUs,
    reportsItemFailures: config.functionResponseTypes.length > 0,
    onFailure: config.destinationConfig.onFailure ?? null,
    filter: config.filter ?? null,
    isEnabled: config.enabled,
    backOffBaseUs: backOffBaseUs(config),
    backOffCapUs: config.backOffCap,
  }
}

/** Each shard has a batch of every lane in the function; a source that is faulty counts as one. */
export function shardCapacity<Source>(
  { batchSize, parallelizationFactor = 1, maximumBatchingWindow, enabled }: ConsumerConfig,
  source: unknown,
  shardsOf: (source: Source) => number,
  pollIntervalUs: number,
): PollingCapacity {
  const shards = source === undefined ? 1 : shardsOf(source as Source)
  const mostConcurrent = shards * parallelizationFactor
  const betweenPartialUs = Math.max(pollIntervalUs, maximumBatchingWindow)
  return {
    mostConcurrent,
    batchSize,
    partialBatchesPerSecond: (mostConcurrent * MICROSECONDS_PER_SECOND) / betweenPartialUs,
    isEnabled: enabled,
  }
}

export const FAILURE_DESTINATIONS = ['queues', 'topics', 'buckets', 'streams'] as const

/** Of streams, only Kafka topics are told of failures, and of queues only standard ones. */
export function destinationFaults(config: ConsumerConfig, context: CheckContext): Fault[] {
  return [...fifoFaults(destinationReferences(config), context), ...kinesisFaults(config, context)]
}

function kinesisFaults(
  { destinationConfig: { onFailure } }: ConsumerConfig,
  context: CheckContext,
): Fault[] {
  if (onFailure === undefined) return []
  const config = context.configOf(onFailure, FAILURE_DESTINATIONS) as { type?: unknown } | undefined
  if (config?.type !== 'kinesis') return []
  return [
    {
      path: ['destinationConfig', 'onFailure'],
      message: `${onFailure} is a kinesis stream: a failure destination is a queue, a topic, a bucket or a Kafka topic`,
    },
  ]
}

/** The failure destination, where there is one. */
export function destinationReferences({ destinationConfig }: ConsumerConfig): Reference[] {
  const { onFailure } = destinationConfig
  if (onFailure === undefined) return []
  return [
    {
      path: ['destinationConfig', 'onFailure'],
      to: onFailure,
      sections: FAILURE_DESTINATIONS,
      role: 'a failure destination',
      sends: true,
    },
  ]
}

/** Of what each stream's mapping says by itself. */
export function consumerFaults(config: ConsumerConfig): Fault[] {
  return [...backOffFaults(config, []), ...windowFaults(config)]
}

function windowFaults({ tumblingWindow, parallelizationFactor }: ConsumerConfig): Fault[] {
  if ((tumblingWindow ?? 0) === 0 || (parallelizationFactor ?? 1) === 1) return []
  return [
    {
      path: ['parallelizationFactor'],
      message:
        'a tumbling window needs parallelizationFactor 1 (AWS: InvalidParameterValueException)',
    },
  ]
}

/** A stream has events of one type only. */
export function streamTypeFaults(reference: string, type: string, context: CheckContext): Fault[] {
  const stream = context.configOf(reference, STREAMS) as StreamConfig | undefined
  if (stream === undefined || stream.type === type) return []
  const { eventType } = streamKind(stream.type)
  const message = `${reference} is a ${stream.type} stream: its events have type ${eventType}`
  return [{ path: ['stream'], message }]
}

/** Of a record age beyond what the stream keeps. */
export function streamAgeWarnings(
  config: ConsumerConfig,
  reference: string,
  context: CheckContext,
): string[] {
  const stream = context.configOf(reference, STREAMS) as StreamConfig | undefined
  return stream === undefined ? [] : ageWarnings(config, retentionOf(stream))
}

/** AWS accepts an age that is never reached. */
export function ageWarnings({ maximumRecordAge }: ConsumerConfig, retentionUs: number): string[] {
  if (maximumRecordAge <= retentionUs) return []
  return [
    `records are kept for ${formatDuration(retentionUs)}: a maximumRecordAge above that is never reached`,
  ]
}

export function consumerAssumptions(config: ConsumerConfig, polling: string): Assumption[] {
  const base = formatDuration(backOffBaseUs(config))
  const cap = formatDuration(config.backOffCap)
  return [
    {
      id: 'stream-back-off',
      statement: `A failed or throttled batch of a stream waits a uniformly drawn time of up to ${base}, doubled with each retry to at most ${cap}; bisecting and throttles use up no retries.`,
      confidence: 'assumed',
      source: 'AWS documents the retries, not the waits',
      alternatives: backOffAlternatives(config, ''),
    },
    {
      id: 'stream-polling',
      statement: polling,
      confidence: 'assumed',
      source: 'Lambda developer guide, "Polling and batching streams"',
    },
  ]
}

export const SWITCH_COMMANDS = {
  enable: { summary: 'The event source mapping polls again.', keys: {} },
  disable: {
    summary: 'The event source mapping stops polling; what it has sent ends.',
    keys: {},
  },
}
