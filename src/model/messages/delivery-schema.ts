/** The YAML of what deliveries share: retry policies, dead-letter queues, references. */
import { z } from 'zod'
import { MICROSECONDS_PER_MINUTE } from '../../kernel/time.ts'
import type { Assumption } from '../compiled-scenario.ts'
import type { CheckContext, ConfigPath, Fault, Reference } from '../entry.ts'
import { durationBetween, wholeNumber } from '../units.ts'
import {
  EVENTBRIDGE_RETRIES,
  LONGEST_EVENTBRIDGE_AGE_US,
  MOST_EVENTBRIDGE_RETRIES,
  type RetrySchedule,
} from './retry-schedule.ts'

const RETRY_POLICY = 'Amazon EventBridge user guide, "How EventBridge retries delivering events"'

/** A reference to a node; what it may lead to is checked where all nodes are known. */
export function nodeName(what: string) {
  return z.string({ error: `${what} is the name of a node` })
}

const deadLetterTarget = nodeName('a dead-letter target').meta({
  description: 'A standard queue that takes what could not be delivered.',
  source:
    'Amazon SNS developer guide, "Amazon SNS dead-letter queues"; Amazon EventBridge user guide, "Using dead-letter queues to process undelivered events"',
})

/** Of a subscription of a topic. */
export const redrivePolicy = z.strictObject({ deadLetterTarget }).meta({
  description: 'Where messages go that could not be delivered; left out: they are dropped.',
  source: 'Amazon SNS developer guide, "Amazon SNS dead-letter queues"',
})

/** Of a target of a bus, and of a schedule. */
export const eventBridgeDeliveryKeys = {
  retryPolicy: z
    .strictObject({
      maximumRetryAttempts: wholeNumber('maximumRetryAttempts', 0, MOST_EVENTBRIDGE_RETRIES)
        .prefault(MOST_EVENTBRIDGE_RETRIES)
        .meta({ description: 'Retries before an event is given up.', source: RETRY_POLICY }),
      maximumEventAge: durationBetween(MICROSECONDS_PER_MINUTE, LONGEST_EVENTBRIDGE_AGE_US)
        .prefault('24h')
        .meta({
          description: 'How old an event may get before it is given up, 60s to 24h.',
          source: RETRY_POLICY,
        }),
    })
    .prefault({})
    .meta({
      description: 'How long to go on while the target does not answer.',
      source: RETRY_POLICY,
    }),
  deadLetterConfig: z.strictObject({ deadLetterTarget }).optional().meta({
    description: 'Where events go that could not be delivered; left out: they are dropped.',
    source:
      'Amazon EventBridge user guide, "Using dead-letter queues to process undelivered events"',
  }),
}

export interface EventBridgeDeliveryConfig {
  readonly retryPolicy: {
    readonly maximumRetryAttempts: number
    /** us */
    readonly maximumEventAge: number
  }
  readonly deadLetterConfig?: { readonly deadLetterTarget: string } | undefined
}

export function eventBridgeSchedule({ retryPolicy }: EventBridgeDeliveryConfig): RetrySchedule {
  const { maximumRetryAttempts, maximumEventAge } = retryPolicy
  return {
    ...EVENTBRIDGE_RETRIES,
    maximumRetries: maximumRetryAttempts,
    maximumAgeUs: maximumEventAge,
  }
}

/** Sections that a dead-letter queue may be in. */
export const DEAD_LETTER_SECTIONS = ['queues'] as const

export const DEAD_LETTER_ROLE = 'a dead-letter target'

/** None where there is no dead-letter queue. `path` is where its name stands. */
export function deadLetterReferences(path: ConfigPath, to: string | undefined): Reference[] {
  if (to === undefined) return []
  return [{ path, to, sections: DEAD_LETTER_SECTIONS, role: DEAD_LETTER_ROLE, sends: true }]
}

/** Of a target of a bus, or of a schedule; `path` is where its keys stand. */
export function eventBridgeDeadLetters(
  { deadLetterConfig }: EventBridgeDeliveryConfig,
  path: ConfigPath = [],
): Reference[] {
  const place = [...path, 'deadLetterConfig', 'deadLetterTarget']
  return deadLetterReferences(place, deadLetterConfig?.deadLetterTarget)
}

/**
 * The dead-letter queues of SNS and EventBridge are standard queues, and so are the queues that a
 * standard topic delivers to (Amazon SNS developer guide, "Amazon SNS dead-letter queues") and
 * those that Lambda sends records of events to (Lambda developer guide, "Capturing records of
 * Lambda asynchronous invocations" and "Adding a dead-letter queue").
 */
export function fifoFaults(
  references: readonly Reference[],
  context: CheckContext,
): readonly Fault[] {
  return references.flatMap(({ path, to, role }) => {
    const queue = context.configOf(to, ['queues']) as { readonly fifoQueue?: boolean } | undefined
    if (queue?.fifoQueue !== true) return []
    const message = `\`${to}\` is a FIFO queue, and ${role} is a standard queue (AWS refuses the parameter)`
    return [{ path, message }]
  })
}

export const EVENTBRIDGE_BACK_OFF: Assumption = {
  id: 'eventbridge-back-off',
  statement:
    'EventBridge tries again after 1s, doubling to 10m, of which up to half is taken off at random.',
  confidence: 'assumed',
  source: RETRY_POLICY,
}
