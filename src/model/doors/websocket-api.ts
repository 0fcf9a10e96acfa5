/**
 * API Gateway WebSocket APIs: the messages of connections that are there. Connections themselves
 * are not modelled.
 * Sources: Amazon API Gateway developer guide, "Quotas for configuring and running a WebSocket API in
 * API Gateway" and "Monitor WebSocket API execution with CloudWatch metrics".
 */
import { z } from 'zod'
import { durationBetween } from '../units.ts'
import {
  type Answers,
  FUNCTION_FAILED,
  FUNCTION_TIMED_OUT,
  fatesOf,
  INTEGRATION_TIMED_OUT,
  REFUSED_BY_LAMBDA,
} from './fate.ts'
import {
  gatewayAssumptions,
  latencyAssumptions,
  latencyKey,
  routeThrottleKey,
  stageThrottleKey,
} from './keys.ts'
import type { DoorProtocol } from './protocol.ts'
import { LONGEST_INTEGRATION_TIMEOUT_US, SHORTEST_INTEGRATION_TIMEOUT_US } from './rest-api.ts'

const answers: Answers = [200, 429, 500, 502, 502, 504]

export const websocketApi: DoorProtocol = {
  kind: 'websocket-api',
  summary: 'An API Gateway WebSocket API; each request is a message on a connection that is there.',
  routeSummary: 'The function is behind a route key of a WebSocket API.',
  schema: z.strictObject({
    protocol: z.literal('websocket-api'),
    integrationTimeout: durationBetween(
      SHORTEST_INTEGRATION_TIMEOUT_US,
      LONGEST_INTEGRATION_TIMEOUT_US,
    )
      .prefault('29s')
      .meta({
        description:
          'How long it waits for the function, placement and init included; the function runs on.',
        source:
          'Amazon API Gateway developer guide, "Quotas for configuring and running a WebSocket API in API Gateway"',
      }),
    throttle: stageThrottleKey,
    latency: latencyKey,
  }),
  routeKeys: {
    routeKey: z
      .string({ error: 'a route key is text such as $default' })
      .prefault('$default')
      .meta({
        description: 'The route key of the messages; it only names the route.',
        source:
          'Amazon API Gateway developer guide, "Create routes for WebSocket APIs in API Gateway"',
      }),
    throttle: routeThrottleKey,
  },
  answers,
  metrics: {
    requests: 'MessageCount',
    fates: [
      { metric: 'ClientError', of: fatesOf(answers, 4) },
      { metric: 'IntegrationError', of: [FUNCTION_FAILED, FUNCTION_TIMED_OUT] },
      { metric: 'ExecutionError', of: [REFUSED_BY_LAMBDA, INTEGRATION_TIMED_OUT] },
    ],
    latency: null,
    integrationLatency: 'IntegrationLatency',
  },
  integrationTimeoutUs: ({ integrationTimeout }) => integrationTimeout!,
  bill: [{ product: 'webSocketMessages', amount: ({ billedRequests }) => billedRequests }],
  countsForAccount: true,
  isOfOneFunction: false,
  assumptions: (config) => [
    ...gatewayAssumptions(config),
    {
      id: 'websocket-codes',
      statement:
        'What a REST API answers with a code, a WebSocket API tells its client by an error message of the same meaning; a function that fails or times out is an IntegrationError, a throttle of Lambda or the timeout of the API an ExecutionError.',
      confidence: 'assumed',
      source: 'not documented by AWS case by case',
    },
    ...latencyAssumptions(config),
  ],
}
