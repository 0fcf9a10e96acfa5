/**
 * API Gateway HTTP APIs.
 * Sources: Amazon API Gateway developer guide, "Quotas for configuring and running an HTTP API in API
 * Gateway" and "Work with metrics for HTTP APIs in API Gateway".
 */
import { z } from 'zod'
import { parseDuration, parsedBy, UnitError } from '../units.ts'
import { type Answers, fatesOf } from './fate.ts'
import {
  gatewayAssumptions,
  latencyAssumptions,
  latencyKey,
  methodKey,
  pathKey,
  routeThrottleKey,
  stageThrottleKey,
} from './keys.ts'
import type { DoorProtocol } from './protocol.ts'

const INTEGRATION_TIMEOUT_US = 30_000_000

const answers: Answers = [200, 429, 500, 500, 500, 503]

function fixedTimeout(text: string): number {
  if (parseDuration(text) === INTEGRATION_TIMEOUT_US) return INTEGRATION_TIMEOUT_US
  throw new UnitError(
    `the integration timeout of an HTTP API is fixed at 30s, not ${text}: leave it out, or use a rest-api`,
  )
}

export const httpApi: DoorProtocol = {
  kind: 'http-api',
  summary:
    'An API Gateway HTTP API: throttles and errors of Lambda are 500 to the client, its own timeout of 30 s is 503, its own limits 429.',
  routeSummary: 'The function is behind a route of an HTTP API.',
  schema: z.strictObject({
    protocol: z.literal('http-api'),
    integrationTimeout: z
      .string({ error: 'a duration is text with a unit such as 30s' })
      .meta({ typeText: 'duration', examples: ['30s'] })
      .transform(parsedBy(fixedTimeout))
      .prefault('30s')
      .meta({
        description: 'How long it waits for the function, placement and init included: always 30s.',
        source:
          'Amazon API Gateway developer guide, "Quotas for configuring and running an HTTP API in API Gateway"',
      }),
    throttle: stageThrottleKey,
    latency: latencyKey,
  }),
  routeKeys: { path: pathKey, method: methodKey, throttle: routeThrottleKey },
  answers,
  metrics: {
    requests: 'Count',
    fates: [
      { metric: '4xx', of: fatesOf(answers, 4) },
      { metric: '5xx', of: fatesOf(answers, 5) },
    ],
    latency: 'Latency',
    integrationLatency: 'IntegrationLatency',
  },
  integrationTimeoutUs: () => INTEGRATION_TIMEOUT_US,
  bill: [{ product: 'httpApiRequests', amount: ({ billedRequests }) => billedRequests }],
  countsForAccount: true,
  isOfOneFunction: false,
  assumptions: (config) => [
    ...gatewayAssumptions(config),
    {
      id: 'http-api-codes',
      statement:
        'An HTTP API answers 500 where Lambda throttles, fails or times out, and 503 at its own timeout.',
      confidence: 'assumed',
      source: 'reports of users; not documented by AWS',
    },
    ...latencyAssumptions(config),
  ],
}
