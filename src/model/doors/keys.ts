/** Keys and sentences that several protocols share. */
import { z } from 'zod'
import type { Assumption } from '../compiled-scenario.ts'
import { distributionSchema } from '../distributions/index.ts'
import { duration, rate, wholeNumber } from '../units.ts'
import type { DoorConfig } from './protocol.ts'

const THROTTLING =
  'Amazon API Gateway developer guide, "Throttle requests to your REST APIs for better throughput in API Gateway"'

const ROUTE_SOURCE = 'AWS SAM developer guide, "HttpApi", "Api" and "ALB" events'

export const latencyKey = distributionSchema(duration).optional().meta({
  description:
    'What the door itself adds before it invokes the function: a distribution or a duration.',
  defaultText: '0s',
  source: 'not documented by AWS; assumed',
})

const limit = z.strictObject({
  rate: rate
    .refine((perSecond) => perSecond > 0, { error: 'a rate limit is above 0' })
    .meta({ description: 'Requests a second in the long run.', source: THROTTLING }),
  burst: wholeNumber('burst', 1, 100_000_000).meta({
    description: 'Requests at once after a rest: the size of the token bucket, full at first.',
    source: THROTTLING,
  }),
})

export const stageThrottleKey = limit.optional().meta({
  description:
    'Limit of the stage, shared by all routes that have none of their own; over it the client gets 429. Left out: none but that of the account.',
  source: THROTTLING,
})

export const routeThrottleKey = limit.optional().meta({
  description: 'Limit of this method or route, in place of that of the stage.',
  source: THROTTLING,
})

export const usagePlanKey = z
  .strictObject({
    throttle: limit.optional().meta({ description: 'Rate and burst of each client key.' }),
    quota: z
      .strictObject({
        limit: wholeNumber('limit', 1, 1_000_000_000_000).meta({
          description: 'Requests that each client key has in a period.',
        }),
        period: z
          .enum(['DAY', 'WEEK', 'MONTH'], { error: 'period is DAY, WEEK or MONTH' })
          .meta({ description: 'Of the calendar in UTC.' }),
      })
      .optional()
      .meta({ description: 'How many requests each client key has in a period.' }),
  })
  .optional()
  .meta({
    description:
      'What each client key may do; each producer of traffic is one client key. Over it the client gets 429.',
    source:
      'Amazon API Gateway developer guide, "Usage plans and API keys for REST APIs in API Gateway"',
  })

export const pathKey = z
  .string({ error: 'a path is text such as /checkout' })
  .regex(/^\//, { error: 'a path begins with /' })
  .optional()
  .meta({
    description: 'The path of the route; it only names it.',
    defaultText: 'any',
    source: ROUTE_SOURCE,
  })

export const methodKey = z.string({ error: 'a method is text such as POST' }).optional().meta({
  description: 'The HTTP method of the route; it only names it.',
  defaultText: 'any',
  source: ROUTE_SOURCE,
})

/** What doors of all kinds assume. */
export function latencyAssumptions({ latency }: DoorConfig): readonly Assumption[] {
  if (latency !== undefined) return []
  return [
    {
      id: 'door-latency',
      statement: 'A front door adds no latency of its own to a request.',
      confidence: 'assumed',
      source: 'typically some milliseconds; `latency` of an api sets it',
      alternatives: ['5ms', '30ms'].map((label) => ({ label, set: { latency: label } })),
    },
  ]
}

/** What all sorts of API Gateway assume. */
export function gatewayAssumptions({ usagePlan }: DoorConfig): readonly Assumption[] {
  return [
    {
      id: 'gateway-throttling',
      statement:
        "API Gateway's limits are exact token buckets, full at the start and refilled continuously; a refused request takes no time and no token.",
      confidence: 'inferred',
      source: `${THROTTLING}: best effort, not a hard ceiling`,
    },
    ...(usagePlan === undefined
      ? []
      : [
          {
            id: 'usage-plan-keys',
            statement: 'Each producer of traffic to an API with a usage plan is one client key.',
            confidence: 'assumed' as const,
            source: 'which clients share a key is not part of a scenario',
          },
        ]),
  ]
}
