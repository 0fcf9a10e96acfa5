/**
 * API Gateway HTTP APIs.
 * Sources: Amazon API Gateway developer guide, "Quotas for configuring and running an HTTP API in API
 * Gateway" and "Work with metrics for HTTP APIs in API Gateway".
 */
import { piecesOf } from '../pricing/charge.ts'
import { gatewayProtocol, methodAndPath } from './api-gateway.ts'
import {
  FUNCTION_FAILED,
  FUNCTION_TIMED_OUT,
  INTEGRATION_TIMED_OUT,
  RESPONSE_TOO_LARGE,
  statusCodesOf,
} from './fate.ts'
import { methodKey, pathKey } from './keys.ts'

const LONGEST_TIMEOUT_US = 30_000_000
const INCREMENT_BYTES = 524_288

export const httpApi = gatewayProtocol({
  kind: 'http-api',
  summary:
    'An API Gateway HTTP API: throttles and errors of Lambda are 500 to the client, its own timeout of 30 s is 503, its own limits 429.',
  routeSummary: 'The function is behind a route of an HTTP API.',
  routeKeys: { path: pathKey, method: methodKey },
  timeout: {
    defaultUs: LONGEST_TIMEOUT_US,
    longestUs: LONGEST_TIMEOUT_US,
    code: '503',
    source:
      'Amazon API Gateway developer guide, "Quotas for configuring and running an HTTP API in API Gateway"; API reference, Integration',
  },
  cachesAuthorizations: true,
  integratesServices: true,
  statusCodes: statusCodesOf({
    [FUNCTION_FAILED]: 500,
    [FUNCTION_TIMED_OUT]: 500,
    [RESPONSE_TOO_LARGE]: 500,
    [INTEGRATION_TIMED_OUT]: 503,
  }),
  metrics: {
    requests: 'Count',
    errors: [
      { metric: '4xx', of: 4 },
      { metric: '5xx', of: 5 },
    ],
    latency: 'Latency',
    integrationLatency: 'IntegrationLatency',
  },
  routeIdentity: methodAndPath,
  usage: () => ({
    increments: (request, response) => piecesOf(Math.max(request, response), INCREMENT_BYTES),
  }),
  bill: [{ product: 'httpApiRequests', amount: (door) => door.usage().increments }],
  assumptions: [
    {
      id: 'http-api-codes',
      statement:
        'An HTTP API answers 500 where Lambda throttles, fails or times out, and 503 at its own timeout.',
      confidence: 'assumed',
      source: 'reports of users; not documented by AWS',
    },
  ],
})
