/**
 * Lambda function URLs. Their limit, ten requests a second for each unit of reserved concurrency, is
 * the request-rate limit that Lambda's admission holds every synchronous call to.
 * Source: Lambda developer guide, "Creating and managing Lambda function URLs", "Throttling" and
 * "Monitoring Lambda function URLs".
 */
import { z } from 'zod'
import { type Answers, fatesOf } from './fate.ts'
import { latencyAssumptions, latencyKey } from './keys.ts'
import type { DoorProtocol } from './protocol.ts'

/** It has no limit and no timeout beside Lambda's own. */
const answers: Answers = [200, 429, 429, 502, 502, 504]

export const functionUrl: DoorProtocol = {
  kind: 'function-url',
  summary:
    'A Lambda function URL: throttles are 429 to the client, function errors 502; reserved concurrency allows ten times as many requests a second.',
  routeSummary: 'The function has a URL: the one whose events say so.',
  schema: z.strictObject({ protocol: z.literal('function-url'), latency: latencyKey }),
  routeKeys: {},
  answers,
  metrics: {
    requests: 'UrlRequestCount',
    fates: [
      { metric: 'Url4xxCount', of: fatesOf(answers, 4) },
      { metric: 'Url5xxCount', of: fatesOf(answers, 5) },
    ],
    latency: 'UrlRequestLatency',
    integrationLatency: null,
  },
  integrationTimeoutUs: () => Number.POSITIVE_INFINITY,
  countsForAccount: false,
  isOfOneFunction: true,
  assumptions: (config) => [
    {
      id: 'function-url-codes',
      statement: 'A function URL answers 502 where the function fails or times out.',
      confidence: 'assumed',
      source: 'not documented by AWS case by case',
    },
    ...latencyAssumptions(config),
  ],
}
