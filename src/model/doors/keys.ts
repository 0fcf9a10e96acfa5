/** Keys that several protocols share. */
import { z } from 'zod'
import { distributionSchema } from '../distributions/index.ts'
import { duration, durationBetween, rate, size, wholeNumber } from '../units.ts'

export const THROTTLING =
  'Amazon API Gateway developer guide, "Throttle requests to your REST APIs for better throughput in API Gateway"'

const ROUTE_SOURCE = 'AWS SAM developer guide, "HttpApi", "Api" and "ALB" events'

export const latencyKey = distributionSchema(duration).optional().meta({
  description:
    'What the door itself adds before it invokes the function: a distribution or a duration.',
  defaultText: '0s',
  source: 'not documented by AWS; assumed',
})

export const rateLimit = z.strictObject({
  rate: rate.meta({
    description: 'Requests a second in the long run; 0/s lets no more than the burst through.',
    source: THROTTLING,
  }),
  burst: wholeNumber('burst', 0, 100_000_000).meta({
    description:
      'Requests at once after a rest: the size of the token bucket, full at first; 0 lets nothing through.',
    source: THROTTLING,
  }),
})

export const SHORTEST_INTEGRATION_TIMEOUT_US = 50_000

/** How long an API Gateway waits for a function: of an api, or of one of its routes. */
export function integrationTimeoutKey(longestUs: number, source: string) {
  return durationBetween(SHORTEST_INTEGRATION_TIMEOUT_US, longestUs).optional().meta({ source })
}

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

const PAYLOADS =
  'Lambda developer guide, "Lambda quotas"; Elastic Load Balancing user guide, "Use Lambda functions as targets"'

/** How large what goes through a route is; every route has these keys. */
export const payloadKeys = {
  requestSize: distributionSchema(size).optional().meta({
    description: 'Size of each request that takes this route: a distribution or a size.',
    defaultText: '0B: never too large',
    source: PAYLOADS,
  }),
  responseSize: distributionSchema(size).optional().meta({
    description: 'Size of what the function answers: a distribution or a size.',
    defaultText: '0B: never too large',
    source: PAYLOADS,
  }),
}
