/** What leads to a function asynchronously or by polling, and what becomes of it. */
import { z } from 'zod'
import { EVENT_SOURCES } from '../../model/invocation/event-sources.ts'
import { durationBetween, share, shown } from '../../model/units.ts'

const SECOND_US = 1_000_000
const ASYNC_RETRIES =
  'Lambda developer guide, "How Lambda handles errors and retries with asynchronous invocation"'

/** Types of the design that no code stands behind yet. */
const LATER_TYPES: readonly string[] = ['mq', 'documentdb']

const common = {
  qualifier: z.string().optional().meta({
    description: 'The alias or version that is invoked.',
    defaultText: 'what the bare function name means',
    source: 'Lambda developer guide, "Managing Lambda function aliases"',
  }),
}

/** One event: the union of the listed types over `type`. */
export const eventSchema = z.discriminatedUnion(
  'type',
  EVENT_SOURCES.map(({ kind, schema }) =>
    schema.safeExtend({ type: z.literal(kind), ...common }),
  ) as unknown as [
    z.ZodObject<{ type: z.ZodLiteral<string>; qualifier: z.ZodOptional<z.ZodString> }>,
  ],
  {
    error: (issue) => {
      if (issue.code !== 'invalid_union') return undefined
      const { type } = issue.input as { type?: unknown }
      const known = EVENT_SOURCES.map(({ kind }) => kind).join(', ')
      if (type === undefined) return `missing required key \`type\`: known are ${known}`
      return typeof type === 'string' && LATER_TYPES.includes(type)
        ? `event type \`${type}\` is not supported yet`
        : `${shown(type)} is no known event type: known are ${known}`
    },
  },
)

/** A reference to a node; what it may lead to is checked where it stands. */
function reference(role: string) {
  return z.string({ error: `${role} is the name of a node` })
}

export const recordFailures = z.strictObject({
  poison: share.prefault('0%').meta({
    description: 'Share of messages on which the handler fails at every delivery.',
  }),
  transient: share.prefault('0%').meta({
    description: 'Share of deliveries on which the handler fails, whatever the message.',
  }),
  byAttribute: z
    .array(
      z.strictObject({
        attribute: z.string().meta({ description: 'Name of the attribute.' }),
        value: z.string().meta({ description: 'The value that it fails on.' }),
        share: share.prefault('100%').meta({ description: 'Of the deliveries with this value.' }),
      }),
    )
    .prefault([])
    .meta({ description: 'Values of attributes on which the handler fails.' }),
})

export const asynchronousConfig = z.strictObject({
  maximumRetryAttempts: z
    .int({ error: 'maximumRetryAttempts is 0, 1 or 2' })
    .min(0, { error: 'maximumRetryAttempts is 0, 1 or 2' })
    .max(2, { error: 'maximumRetryAttempts is 0, 1 or 2' })
    .prefault(2)
    .meta({
      description: 'Retries after a function error: after one minute, then after two.',
      source: ASYNC_RETRIES,
    }),
  maximumEventAge: durationBetween(60 * SECOND_US, 21_600 * SECOND_US)
    .prefault('6h')
    .meta({
      description: 'How old an event may get, 60s to 6h, before it is given up.',
      source: ASYNC_RETRIES,
    }),
  pollerWindow: z
    .int({ error: 'pollerWindow is a whole number' })
    .min(1)
    .max(10_000_000)
    .prefault(1_000)
    .meta({
      description:
        'How many throttled events of the function back off at once; more wait in order, untried.',
      source: 'not documented by AWS; assumed',
    }),
  duplicateDeliveries: share.prefault('0%').meta({
    description: 'Share of events that are delivered twice: delivery is at least once.',
    source: ASYNC_RETRIES,
  }),
  destinationConfig: z
    .strictObject({
      onSuccess: reference('a destination').optional().meta({
        description: 'A queue, topic, bus or function that is sent a record of each success.',
      }),
      onFailure: reference('a destination').optional().meta({
        description:
          'A queue, topic, bus, function or bucket that is sent a record of each event given up.',
      }),
    })
    .prefault({})
    .meta({
      description: 'Where records of asynchronous events go.',
      source: 'Lambda developer guide, "Capturing records of Lambda asynchronous invocations"',
    }),
})

export const deadLetterConfig = z.strictObject({
  deadLetterTarget: reference('a dead-letter target').meta({
    description: 'A standard queue or topic that is sent each event given up.',
  }),
})
