/** `type: sqs`: a function reads a queue through an event source mapping. */

import { z } from 'zod'
import { MICROSECONDS_PER_SECOND } from '../../../kernel/time.ts'
import { type PlatformMonth, platformMonth } from '../../compute/platform-timeline.ts'
import type { EdgeFunction, EventEdge, EventSourceEntry, Fault } from '../../entry.ts'
import { meanShareOf } from '../../messages/filter.ts'
import { filterSchema } from '../../messages/schema.ts'
import type { QueueConfig } from '../../resources/queue/queue-entry.ts'
import { wholeNumber, wholeSeconds } from '../../units.ts'
import { backOffBaseUs, backOffFaults, backOffKeys, pollerNumberFaults } from './poller-keys.ts'
import { pollingMetrics } from './polling-metrics.ts'
import { SCALING, sqsAssumptions } from './sqs-assumptions.ts'
import { sqsBill } from './sqs-bill.ts'
import { SqsPoller } from './sqs-poller.ts'
import { BATCH_WITHOUT_WINDOW, capacityOf, concurrencyFaults, scalingOf } from './sqs-scaling.ts'
import type { SqsSettings } from './sqs-settings.ts'
import { MAXIMUM_CONCURRENCY_SINCE, sqsWarnings } from './sqs-warnings.ts'

const PARAMETERS = 'Lambda API reference, CreateEventSourceMapping'
const ERRORS = 'Lambda developer guide, "Handling errors for an SQS event source in Lambda"'

const PROVISIONED_SINCE = platformMonth(2025, 11)

const schema = z
  .strictObject({
    queue: z.string({ error: 'queue is the name of a queue' }).meta({
      description: 'The queue that is read.',
      source: PARAMETERS,
    }),
    batchSize: wholeNumber('batchSize', 1, 10_000).prefault(10).meta({
      description:
        'Messages of an invocation at most; more than 10 need a batching window, and a FIFO queue has at most 10.',
      source: PARAMETERS,
    }),
    maximumBatchingWindow: wholeSeconds('maximumBatchingWindow', 300).prefault('0s').meta({
      description:
        'How long messages are collected for a batch, 0s to 300s in whole seconds. Not for FIFO queues.',
      source: PARAMETERS,
    }),
    scalingConfig: z
      .strictObject({
        maximumConcurrency: wholeNumber('maximumConcurrency', 2, 1_000).optional().meta({
          description: 'Concurrent invocations of this event source at most.',
          defaultText: 'that of poller.maximumConcurrency',
          source: SCALING,
        }),
      })
      .prefault({})
      .meta({ description: 'Limits how far polling scales.', source: SCALING }),
    functionResponseTypes: z
      .array(
        z.literal('ReportBatchItemFailures', {
          error: 'the only response type is ReportBatchItemFailures',
        }),
      )
      .max(1)
      .prefault([])
      .meta({
        description:
          'ReportBatchItemFailures: only the messages on which the handler failed come back.',
        source: ERRORS,
      }),
    filter: filterSchema.optional(),
    enabled: z.boolean().prefault(true).meta({
      description: 'Whether the queue is read.',
      source: PARAMETERS,
    }),
    provisionedPollerConfig: z
      .strictObject({
        minimumPollers: wholeNumber('minimumPollers', 2, 200).prefault(2).meta({
          description: 'Pollers that are always there.',
          source: PARAMETERS,
        }),
        maximumPollers: wholeNumber('maximumPollers', 2, 10_000).prefault(200).meta({
          description:
            'Pollers at most; each stands for 10 concurrent invocations, 10 polls (ReceiveMessage calls) a second and 1 MB of payload a second.',
          source: PARAMETERS,
        }),
      })
      .optional()
      .meta({
        description:
          'Provisioned mode: pollers of its own. Their number grows while all invocations are in use, or what they may receive is, and messages remain.',
        source: SCALING,
      }),
    poller: z
      .strictObject({
        initialConcurrency: wholeNumber('initialConcurrency', 1, 100_000).optional().meta({
          description: 'Batches at once when messages appear.',
          defaultText: '5; provisioned: 10 x minimumPollers',
          source: SCALING,
        }),
        concurrencyPerMinute: wholeNumber('concurrencyPerMinute', 0, 1_000_000).optional().meta({
          description: 'How many more batches at once each minute, while a backlog remains.',
          defaultText: '300; provisioned: 1000; before 2023-11: 60',
          source: SCALING,
        }),
        maximumConcurrency: wholeNumber('maximumConcurrency', 1, 100_000).optional().meta({
          description: 'Batches at once at most.',
          defaultText: '1250; provisioned: 10 x maximumPollers; before 2023-11: 1000',
          source: SCALING,
        }),
        minimumConcurrency: wholeNumber('minimumConcurrency', 1, 100_000).optional().meta({
          description: 'What throttles and errors leave; they halve the number of batches at once.',
          defaultText: '2; provisioned: 10 x minimumPollers',
          source: 'that polling slows down is documented, how far is not; assumed',
        }),
        ...backOffKeys(
          '20s',
          'A throttled batch waits any time up to this, doubled with each throttle.',
        ),
      })
      .prefault({})
      .meta({
        description: 'How the pollers behave where AWS lets nobody configure it.',
        source: SCALING,
      }),
  })
  .superRefine((value, context) => {
    const { batchSize, maximumBatchingWindow, scalingConfig, provisionedPollerConfig } = value
    if (batchSize > BATCH_WITHOUT_WINDOW && maximumBatchingWindow < MICROSECONDS_PER_SECOND) {
      context.addIssue({
        code: 'custom',
        path: ['batchSize'],
        message:
          'a batchSize over 10 needs a maximumBatchingWindow of at least 1s (AWS answers InvalidParameterValueException)',
      })
    }
    if (provisionedPollerConfig !== undefined && scalingConfig.maximumConcurrency !== undefined) {
      context.addIssue({
        code: 'custom',
        path: ['provisionedPollerConfig'],
        message:
          'provisionedPollerConfig and scalingConfig.maximumConcurrency exclude each other (AWS answers InvalidParameterValueException)',
      })
    }
  })

export type SqsConfig = z.infer<typeof schema>

function settingsOf(config: SqsConfig, platform: PlatformMonth): SqsSettings {
  return {
    batchSize: config.batchSize,
    batchingWindowUs: config.maximumBatchingWindow,
    reportsItemFailures: config.functionResponseTypes.length > 0,
    filter: config.filter ?? null,
    isEnabled: config.enabled,
    scaling: scalingOf(config, platform),
    backOffBaseUs: backOffBaseUs(config.poller),
    backOffCapUs: config.poller.backOffCap,
  }
}

function check(
  { config }: EventEdge<SqsConfig>,
  { timeoutUs }: EdgeFunction,
  queue: QueueConfig | undefined,
  platform: PlatformMonth,
): Fault[] {
  const faults = [
    ...pollerNumberFaults(config.provisionedPollerConfig),
    ...concurrencyFaults(config, platform),
    ...backOffFaults(config.poller, ['poller']),
  ]
  const { maximumConcurrency } = config.scalingConfig
  if (queue !== undefined && queue.visibilityTimeout < timeoutUs) {
    faults.push({
      path: ['queue'],
      message: `InvalidParameterValueException: Queue visibility timeout: ${seconds(queue.visibilityTimeout)} seconds is less than Function timeout: ${seconds(timeoutUs)} seconds`,
    })
  }
  if (queue?.fifoQueue === true && config.batchSize > BATCH_WITHOUT_WINDOW) {
    faults.push({ path: ['batchSize'], message: 'batchSize of a FIFO queue is at most 10' })
  }
  if (queue?.fifoQueue === true && config.maximumBatchingWindow > 0) {
    faults.push({
      path: ['maximumBatchingWindow'],
      message: 'a FIFO queue has no batching window: leave maximumBatchingWindow out',
    })
  }
  if (maximumConcurrency !== undefined && platform < MAXIMUM_CONCURRENCY_SINCE) {
    faults.push(tooEarly('scalingConfig', 'scalingConfig.maximumConcurrency', '2023-01'))
  }
  if (config.provisionedPollerConfig !== undefined && platform < PROVISIONED_SINCE) {
    faults.push(tooEarly('provisionedPollerConfig', 'provisioned mode', '2025-11'))
  }
  return faults
}

function tooEarly(key: string, what: string, since: string): Fault {
  return { path: [key], message: `${what} exists since ${since}: choose a later platform` }
}

function seconds(durationUs: number): number {
  return durationUs / MICROSECONDS_PER_SECOND
}

const QUEUES = ['queues'] as const

export const sqs: EventSourceEntry<SqsConfig> = {
  kind: 'sqs',
  model: 'polling',
  summary: 'Reads a queue and invokes the function with batches of its messages.',
  schema,
  references: ({ queue, filter }) => [
    {
      path: ['queue'],
      to: queue,
      sections: QUEUES,
      role: 'the queue of an sqs event',
      sends: false,
      meanShare: meanShareOf(filter),
    },
  ],
  assumptions: sqsAssumptions,
  settable: ['scalingConfig.maximumConcurrency', 'batchSize', 'maximumBatchingWindow'],
  commands: {
    enable: { summary: 'Reads the queue again.', keys: {} },
    disable: {
      summary: 'Stops reading the queue; what has been received is still worked on.',
      keys: {},
    },
  },
  check: (edge, target, context) =>
    check(
      edge,
      target,
      context.configOf(edge.config.queue, QUEUES) as QueueConfig | undefined,
      context.platform,
    ),
  warnings: (edge, target, context) =>
    sqsWarnings(
      edge.config,
      target,
      context.configOf(edge.config.queue, QUEUES) as QueueConfig | undefined,
      context.platform,
    ),
  metrics: ({ provisionedPollerConfig }) =>
    pollingMetrics(
      ['DeletedEventCount', 'PollerConcurrencyTarget'],
      provisionedPollerConfig !== undefined,
    ),
  capacity: (config, { platform }) => capacityOf(config, platform),
  bill: ({ queue, provisionedPollerConfig }, { configOf }) => {
    const config = configOf(queue, QUEUES) as QueueConfig | undefined
    return sqsBill(config?.fifoQueue === true, provisionedPollerConfig !== undefined)
  },
  create: ({ name, path, config }, qualifier, world) =>
    new SqsPoller(
      {
        name,
        path,
        queue: config.queue,
        config,
        read: (changed) => settingsOf(changed as SqsConfig, world.settings.platform),
      },
      qualifier,
      world,
    ),
}
