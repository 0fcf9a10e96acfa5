/** The section `queues`: Amazon SQS queues, standard and FIFO. */
import { z } from 'zod'
import {
  formatDuration,
  MICROSECONDS_PER_DAY,
  MICROSECONDS_PER_HOUR,
  MICROSECONDS_PER_MINUTE,
} from '../../../kernel/time.ts'
import type { Assumption } from '../../compiled-scenario.ts'
import { type PlatformMonth, platformMonth } from '../../compute/platform-timeline.ts'
import type { CheckContext, Fault, ResourceEntry } from '../../entry.ts'
import { shapeKeys, shapeOf } from '../../messages/schema.ts'
import { bareName } from '../../node-names.ts'
import { duration, durationBetween, rate, share, size, wholeNumber } from '../../units.ts'
import type { RunSettings } from '../../world.ts'
import { fifoCallsPerSecond, GROUP_CALLS_PER_SECOND } from './fifo-quotas.ts'
import { Queue } from './queue.ts'
import type { QueueBacklog, QueueSettings } from './queue-settings.ts'

const ATTRIBUTES = 'Amazon SQS API reference, SetQueueAttributes'
const QUOTAS = 'Amazon SQS developer guide, "Message quotas"'
const HIGH_THROUGHPUT =
  'Amazon SQS developer guide, "High throughput for FIFO queues in Amazon SQS"'
const REDRIVE = 'Amazon SQS developer guide, "Using dead-letter queues in Amazon SQS"'

const KILOBYTE = 1_024
const LARGEST_MESSAGE = 1_024 * KILOBYTE
const LARGEST_MESSAGE_BEFORE = 256 * KILOBYTE
const LARGE_MESSAGES_SINCE = platformMonth(2025, 8)
const IN_FLIGHT_LIMIT = 120_000
const FIFO_IN_FLIGHT_LIMIT_BEFORE = 20_000
const FIFO_IN_FLIGHT_RAISED = platformMonth(2024, 11)
/** StartMessageMoveTask moves no faster. */
const FASTEST_MOVE_PER_SECOND = 500

const schema = z
  .strictObject({
    visibilityTimeout: durationBetween(0, 12 * MICROSECONDS_PER_HOUR)
      .prefault('30s')
      .meta({
        description: 'How long a received message stays invisible to others, 0s to 12h.',
        source: ATTRIBUTES,
      }),
    messageRetentionPeriod: durationBetween(MICROSECONDS_PER_MINUTE, 14 * MICROSECONDS_PER_DAY)
      .prefault('4d')
      .meta({
        description: 'How old a message may get before it is deleted, 60s to 14d.',
        source: ATTRIBUTES,
      }),
    delay: durationBetween(0, 15 * MICROSECONDS_PER_MINUTE)
      .prefault('0s')
      .meta({
        description: 'How long a new message stays invisible, 0s to 15m (DelaySeconds).',
        source: ATTRIBUTES,
      }),
    redrivePolicy: z
      .strictObject({
        deadLetterTarget: z.string({ error: 'deadLetterTarget is the name of a queue' }).meta({
          description: 'The queue that is sent what has been received too often.',
        }),
        maxReceiveCount: wholeNumber('maxReceiveCount', 1, 1_000).meta({
          description: 'How often a message is received before it is moved.',
        }),
      })
      .optional()
      .meta({ description: 'Where messages go that keep failing.', source: REDRIVE }),
    fifoQueue: z.boolean().prefault(false).meta({
      description: 'Whether the order within each message group is kept.',
      source: ATTRIBUTES,
    }),
    fifoThroughputLimit: z
      .enum(['perQueue', 'perMessageGroupId'], {
        error: 'fifoThroughputLimit is perQueue or perMessageGroupId',
      })
      .optional()
      .meta({
        description:
          'perQueue: 300 calls a second of each action. perMessageGroupId: high throughput, by region, with 300 calls a second for each message group.',
        defaultText: 'perQueue',
        source: `${QUOTAS}; ${HIGH_THROUGHPUT}`,
      }),
    deduplicationScope: z
      .enum(['queue', 'messageGroup'], {
        error: 'deduplicationScope is queue or messageGroup',
      })
      .optional()
      .meta({
        description:
          'Where a repeated message is looked for. Producers here repeat none; high throughput needs messageGroup.',
        defaultText: 'messageGroup with perMessageGroupId, else queue',
        source: ATTRIBUTES,
      }),
    maximumMessageSize: size
      .refine((value) => value >= KILOBYTE && value <= LARGEST_MESSAGE, {
        error: 'maximumMessageSize is from 1KB to 1MB',
      })
      .optional()
      .meta({
        description: 'Larger messages are refused; 1KB to 1MB.',
        defaultText: '1MB; before 2025-08: 256KB',
        source: QUOTAS,
      }),
    duplicateDeliveries: share.prefault('0%').meta({
      description:
        'Share of processed messages that come once more: delivery is at least once. Standard queues only.',
      source:
        'Amazon SQS developer guide, "Amazon SQS at-least-once delivery"; how often is not documented',
    }),
  })
  .superRefine((value, context) => {
    const { fifoQueue, fifoThroughputLimit, deduplicationScope, duplicateDeliveries } = value
    for (const key of ['fifoThroughputLimit', 'deduplicationScope'] as const) {
      if (fifoQueue || value[key] === undefined) continue
      const message = `${key} belongs to a FIFO queue: write fifoQueue: true as well`
      context.addIssue({ code: 'custom', path: [key], message })
    }
    if (fifoThroughputLimit === 'perMessageGroupId' && deduplicationScope === 'queue') {
      const message =
        'AWS allows fifoThroughputLimit: perMessageGroupId only with deduplicationScope: messageGroup'
      context.addIssue({ code: 'custom', path: ['deduplicationScope'], message })
    }
    if (fifoQueue && duplicateDeliveries > 0) {
      const message = 'a FIFO queue delivers no duplicates: leave duplicateDeliveries out'
      context.addIssue({ code: 'custom', path: ['duplicateDeliveries'], message })
    }
  })

export type QueueConfig = z.infer<typeof schema>

const initialSchema = z.strictObject({
  messages: wholeNumber('messages', 0, 20_000_000).meta({
    description: 'Messages that are visible at the start.',
  }),
  age: duration.prefault('0s').meta({ description: 'How old they are.' }),
  receiveCount: wholeNumber('receiveCount', 0, 1_000)
    .prefault(0)
    .meta({ description: 'How often they have been received before.' }),
  ...shapeKeys,
})

type QueueInitial = z.infer<typeof initialSchema>

function settingsOf(config: QueueConfig, { platform, region }: RunSettings): QueueSettings {
  const { fifoQueue, redrivePolicy } = config
  const isHighThroughput = config.fifoThroughputLimit === 'perMessageGroupId'
  return {
    visibilityTimeoutUs: config.visibilityTimeout,
    retentionUs: config.messageRetentionPeriod,
    delayUs: config.delay,
    redrive:
      redrivePolicy === undefined
        ? null
        : {
            target: redrivePolicy.deadLetterTarget,
            maxReceiveCount: redrivePolicy.maxReceiveCount,
          },
    isFifo: fifoQueue,
    maximumMessageBytes: config.maximumMessageSize ?? largestMessage(platform),
    duplicateShare: config.duplicateDeliveries,
    inFlightLimit:
      fifoQueue && platform < FIFO_IN_FLIGHT_RAISED ? FIFO_IN_FLIGHT_LIMIT_BEFORE : IN_FLIGHT_LIMIT,
    callsPerSecond: fifoQueue ? fifoCallsPerSecond(region, isHighThroughput) : null,
    groupCallsPerSecond: isHighThroughput ? GROUP_CALLS_PER_SECOND : null,
  }
}

function largestMessage(platform: PlatformMonth): number {
  return platform >= LARGE_MESSAGES_SINCE ? LARGEST_MESSAGE : LARGEST_MESSAGE_BEFORE
}

function backlogOf(initial: QueueInitial | undefined): QueueBacklog | undefined {
  if (initial === undefined) return undefined
  const { messages, age, receiveCount } = initial
  return { messages, ageUs: age, receiveCount, shape: shapeOf(initial) }
}

const QUEUES = ['queues'] as const
const TARGET_PATH = ['redrivePolicy', 'deadLetterTarget'] as const

/** Only dead-letter queues of queues can be redriven (Amazon SQS API reference, StartMessageMoveTask). */
function redriveFault(name: string, context: CheckContext): string | undefined {
  const isDeadLetterQueue = context
    .referencesTo('queues', name)
    .some(({ path }) => path.startsWith('queues.') && path.endsWith(TARGET_PATH.join('.')))
  if (isDeadLetterQueue) return undefined
  return `${name} is the dead-letter queue of no queue: AWS redrives only such`
}

function check(name: string, config: QueueConfig, context: CheckContext): Fault[] {
  const faults: Fault[] = []
  const { maximumMessageSize = 0, redrivePolicy, fifoQueue } = config
  if (maximumMessageSize > largestMessage(context.platform)) {
    const message = 'maximumMessageSize is at most 256KB before 2025-08: choose a later platform'
    faults.push({ path: ['maximumMessageSize'], message })
  }
  if (redrivePolicy === undefined) return faults
  const target = configOf(context, redrivePolicy.deadLetterTarget)
  if (target !== undefined && target.fifoQueue !== fifoQueue) {
    const sort = fifoQueue ? 'a FIFO queue' : 'a standard queue'
    const message = `InvalidParameterValueException: the dead-letter queue of ${sort} must be ${sort} as well`
    faults.push({ path: TARGET_PATH, message })
  }
  if (returnsTo(name, config, context)) {
    const message = `dead-letter queues lead in a circle: from ${name} back to it`
    faults.push({ path: TARGET_PATH, message })
  }
  return faults
}

function warnings(name: string, config: QueueConfig, context: CheckContext): string[] {
  if (config.redrivePolicy === undefined || config.fifoQueue) return []
  const { deadLetterTarget } = config.redrivePolicy
  const target = configOf(context, deadLetterTarget)
  if (target === undefined || target.messageRetentionPeriod >= config.messageRetentionPeriod) {
    return []
  }
  return [
    `messages keep their age in a standard dead-letter queue, and ${deadLetterTarget} deletes them at ${formatDuration(target.messageRetentionPeriod)}, before ${name} would at ${formatDuration(config.messageRetentionPeriod)}: give it a longer messageRetentionPeriod`,
  ]
}

/** Whether the chain of dead-letter queues of a queue comes back to it. */
function returnsTo(name: string, config: QueueConfig, context: CheckContext): boolean {
  const seen = new Set<string>()
  let next = config.redrivePolicy?.deadLetterTarget
  while (next !== undefined) {
    const target = bareName(next)
    if (target === name) return true
    if (seen.has(target)) return false
    seen.add(target)
    next = configOf(context, next)?.redrivePolicy?.deadLetterTarget
  }
  return false
}

function configOf(context: CheckContext, reference: string): QueueConfig | undefined {
  return context.configOf(reference, QUEUES) as QueueConfig | undefined
}

const SEND_BATCHES: Assumption = {
  id: 'fifo-send-batches',
  statement:
    'Messages that one producer sends to a FIFO queue at one instant go in calls of ten, single ones in a call each.',
  confidence: 'assumed',
  source: 'Amazon SQS API reference, SendMessageBatch',
}

const GROUP_RATE: Assumption = {
  id: 'fifo-group-rate',
  statement: `With high throughput each message group of a FIFO queue is sent and received in ${GROUP_CALLS_PER_SECOND} calls a second each, as if no other group lay in its partition.`,
  confidence: 'assumed',
  source: `${HIGH_THROUGHPUT}; which groups share a partition is not documented`,
}

export const queue: ResourceEntry<QueueConfig, QueueInitial> = {
  section: 'queues',
  scope: 'queue',
  summary: 'An Amazon SQS queue, standard or FIFO.',
  schema,
  references: ({ redrivePolicy }) =>
    redrivePolicy === undefined
      ? []
      : [
          {
            path: TARGET_PATH,
            to: redrivePolicy.deadLetterTarget,
            sections: QUEUES,
            role: 'a dead-letter target',
            sends: true,
          },
        ],
  intake: ({ fifoQueue, fifoThroughputLimit }, { region }) => {
    if (!fifoQueue) return []
    const perSecond = fifoCallsPerSecond(region, fifoThroughputLimit === 'perMessageGroupId')
    return [{ limit: 'send calls', counts: 'calls', perSecond }]
  },
  assumptions: ({ fifoQueue, fifoThroughputLimit }) => [
    ...(fifoQueue ? [SEND_BATCHES] : []),
    ...(fifoThroughputLimit === 'perMessageGroupId' ? [GROUP_RATE] : []),
  ],
  check,
  warnings,
  commands: {
    redrive: {
      summary: 'Moves what is visible in a dead-letter queue to other queues.',
      keys: {
        to: z.string({ error: 'to is the name of a queue' }).optional().meta({
          description: 'The queue that it is moved to.',
          defaultText: 'where each message came from',
        }),
        rate: rate
          .refine((value) => value > 0 && value <= FASTEST_MOVE_PER_SECOND, {
            error: 'a redrive moves more than 0 and at most 500 messages a second',
          })
          .prefault('500/s')
          .meta({
            description: 'Messages per second.',
            source: 'Amazon SQS API reference, StartMessageMoveTask',
          }),
      },
      references: ({ to }) =>
        typeof to === 'string'
          ? [{ path: ['to'], to, sections: QUEUES, role: 'the target of a redrive', sends: true }]
          : [],
      check: redriveFault,
    },
  },
  bill: ({ fifoQueue }) => [
    {
      product: fifoQueue ? 'sqsFifoRequests' : 'sqsRequests',
      amount: ({ meter }: Queue) => meter.requests.count,
    },
  ],
  initialSchema,
  create: (name, config, initial, world) =>
    new Queue(name, settingsOf(config, world.settings), backlogOf(initial), world),
}
