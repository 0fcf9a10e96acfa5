/**
 * Lambda function URLs. Their limit, ten requests a second for each unit of reserved concurrency, is
 * the request-rate limit that Lambda's admission holds every synchronous call to.
 * Source: Lambda developer guide, "Creating and managing Lambda function URLs", "Throttling" and
 * "Monitoring Lambda function URLs".
 */
import { z } from 'zod'
import { LAMBDA_PAYLOAD } from './api-gateway.ts'
import { REFUSED_BY_LAMBDA, statusCodesOf } from './fate.ts'
import { latencyKey } from './keys.ts'
import type { DoorProtocol } from './protocol.ts'

export const functionUrl: DoorProtocol = {
  kind: 'function-url',
  summary:
    'A Lambda function URL: throttles are 429 to the client, function errors 502; reserved concurrency allows ten times as many requests a second.',
  routeSummary: 'The function has a URL: the one whose events say so.',
  schema: z.strictObject({ protocol: z.literal('function-url'), latency: latencyKey }),
  routeKeys: {},
  statusCodes: statusCodesOf({ [REFUSED_BY_LAMBDA]: 429 }),
  metrics: {
    requests: 'UrlRequestCount',
    errors: [
      { metric: 'Url4xxCount', of: 4 },
      { metric: 'Url5xxCount', of: 5 },
    ],
    latency: 'UrlRequestLatency',
  },
  payload: LAMBDA_PAYLOAD,
  isOfOneFunction: true,
  assumptions: () => [
    {
      id: 'function-url-codes',
      statement: 'A function URL answers 502 where the function fails or times out.',
      confidence: 'assumed',
      source: 'not documented by AWS case by case',
    },
  ],
}
