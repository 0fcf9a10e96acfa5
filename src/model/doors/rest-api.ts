/**
 * API Gateway REST APIs with Lambda proxy integration.
 * Sources: Amazon API Gateway developer guide, "Amazon API Gateway quotas", "Gateway response types
 * for API Gateway" and "Amazon API Gateway dimensions and metrics"; Lambda developer guide, "Handling
 * Lambda errors with an API Gateway API".
 */
import { z } from 'zod'
import { durationBetween } from '../units.ts'
import { type Answers, fatesOf } from './fate.ts'
import {
  gatewayAssumptions,
  latencyAssumptions,
  latencyKey,
  methodKey,
  pathKey,
  routeThrottleKey,
  stageThrottleKey,
  usagePlanKey,
} from './keys.ts'
import type { DoorProtocol } from './protocol.ts'

export const SHORTEST_INTEGRATION_TIMEOUT_US = 50_000
export const LONGEST_INTEGRATION_TIMEOUT_US = 29_000_000

const answers: Answers = [200, 429, 500, 502, 502, 504]

export const restApi: DoorProtocol = {
  kind: 'rest-api',
  summary:
    'An API Gateway REST API: throttles of Lambda are 500 to the client, function errors 502, its own timeout 504, its own limits 429.',
  routeSummary: 'The function is behind a method of a REST API.',
  schema: z.strictObject({
    protocol: z.literal('rest-api'),
    integrationTimeout: durationBetween(
      SHORTEST_INTEGRATION_TIMEOUT_US,
      LONGEST_INTEGRATION_TIMEOUT_US,
    )
      .prefault('29s')
      .meta({
        description:
          'How long it waits for the function, placement and init included; then the client gets 504, and the function runs on.',
        source: 'Amazon API Gateway developer guide, "Amazon API Gateway quotas"',
      }),
    throttle: stageThrottleKey,
    usagePlan: usagePlanKey,
    latency: latencyKey,
  }),
  routeKeys: { path: pathKey, method: methodKey, throttle: routeThrottleKey },
  answers,
  metrics: {
    requests: 'Count',
    fates: [
      { metric: '4XXError', of: fatesOf(answers, 4) },
      { metric: '5XXError', of: fatesOf(answers, 5) },
    ],
    latency: 'Latency',
    integrationLatency: 'IntegrationLatency',
  },
  integrationTimeoutUs: ({ integrationTimeout }) => integrationTimeout!,
  bill: [{ product: 'restApiRequests', amount: ({ billedRequests }) => billedRequests }],
  countsForAccount: true,
  isOfOneFunction: false,
  assumptions: (config) => [...gatewayAssumptions(config), ...latencyAssumptions(config)],
}
