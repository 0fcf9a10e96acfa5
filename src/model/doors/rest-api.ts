/**
 * API Gateway REST APIs with Lambda proxy integration.
 * Sources: Amazon API Gateway developer guide, "Amazon API Gateway quotas", "Gateway response types
 * for API Gateway" and "Amazon API Gateway dimensions and metrics"; Lambda developer guide, "Handling
 * Lambda errors with an API Gateway API".
 */
import { z } from 'zod'
import { formatDuration } from '../../kernel/time.ts'
import { platformMonth } from '../compute/platform-timeline.ts'
import { wholeNumber } from '../units.ts'
import { gatewayProtocol, methodAndPath } from './api-gateway.ts'
import {
  ACCESS_DENIED,
  AUTHORIZER_FAILED,
  type Fate,
  INTEGRATION_TIMED_OUT,
  OVER_QUOTA,
  OVER_RATE,
  REFUSED_BY_SERVICE,
  REQUEST_TOO_LARGE,
  type StatusCodes,
  statusCodesOf,
  UNAUTHORIZED,
} from './fate.ts'
import { methodKey, pathKey, rateLimit } from './keys.ts'
import type { DoorConfig } from './protocol.ts'

const QUOTAS = 'Amazon API Gateway developer guide, "Amazon API Gateway quotas"'

/** As long as a function may run: how far the quota may be raised is AWS's to say. */
const LONGEST_TIMEOUT_US = 900_000_000
const USUAL_QUOTA_US = 29_000_000
const QUOTA_RAISED_SINCE = platformMonth(2024, 6)

/** What the types of gateway responses are about; all others are the default of their digit. */
const RESPONSE_TYPES: Readonly<Record<string, Fate>> = {
  THROTTLED: OVER_RATE,
  QUOTA_EXCEEDED: OVER_QUOTA,
  REQUEST_TOO_LARGE,
  UNAUTHORIZED,
  ACCESS_DENIED,
  AUTHORIZER_FAILURE: AUTHORIZER_FAILED,
  INTEGRATION_TIMEOUT: INTEGRATION_TIMED_OUT,
}
const DEFAULTS: Readonly<Record<string, number>> = { DEFAULT_4XX: 4, DEFAULT_5XX: 5 }

const statusCodes = statusCodesOf()

function descriptionOf(type: string): string {
  const fate = RESPONSE_TYPES[type]
  return fate === undefined
    ? `In place of all ${DEFAULTS[type]}XX that have no entry of their own.`
    : `In place of ${statusCodes[fate]}.`
}

const gatewayResponse = z
  .strictObject({
    statusCode: wholeNumber('statusCode', 400, 599).meta({
      description: 'What the client gets in place of the usual code.',
    }),
  })
  .optional()

const usagePlanKey = z
  .strictObject({
    throttle: rateLimit.optional().meta({ description: 'Rate and burst of each client key.' }),
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

export const restApi = gatewayProtocol({
  kind: 'rest-api',
  summary:
    'An API Gateway REST API: throttles of Lambda are 500 to the client, function errors 502, its own timeout 504, its own limits 429.',
  routeSummary: 'The function is behind a method of a REST API.',
  keys: {
    usagePlan: usagePlanKey,
    endpointConfiguration: z
      .strictObject({
        type: z
          .enum(['REGIONAL', 'EDGE', 'PRIVATE'], { error: 'type is REGIONAL, EDGE or PRIVATE' })
          .meta({ description: 'An EDGE API waits 29 s at most.' }),
      })
      .prefault({ type: 'REGIONAL' })
      .meta({ description: 'Where clients reach it.', source: QUOTAS }),
    gatewayResponses: z
      .strictObject(
        Object.fromEntries(
          [...Object.keys(RESPONSE_TYPES), ...Object.keys(DEFAULTS)].map((type) => [
            type,
            gatewayResponse.meta({ description: descriptionOf(type) }),
          ]),
        ),
      )
      .prefault({})
      .meta({
        description:
          'Other codes by type of response: { THROTTLED: { statusCode: 503 } }. DEFAULT_4XX and DEFAULT_5XX change all of theirs that have no entry of their own; throttles of Lambda and function errors have only DEFAULT_5XX.',
        source: 'Amazon API Gateway developer guide, "Gateway response types for API Gateway"',
      }),
  },
  routeKeys: { path: pathKey, method: methodKey },
  timeout: {
    defaultUs: USUAL_QUOTA_US,
    longestUs: LONGEST_TIMEOUT_US,
    code: '504',
    source: QUOTAS,
  },
  cachesAuthorizations: true,
  integratesServices: true,
  statusCodes,
  statusCodesFor: ({ gatewayResponses = {} }) => customised(gatewayResponses),
  metrics: {
    requests: 'Count',
    errors: [
      { metric: '4XXError', of: 4 },
      { metric: '5XXError', of: 5 },
    ],
    latency: 'Latency',
    integrationLatency: 'IntegrationLatency',
  },
  routeIdentity: methodAndPath,
  bill: [{ product: 'restApiRequests', amount: (door) => door.usage().increments }],
  timeoutFault: (timeoutUs, { endpointConfiguration }, { platform, gatewayTimeoutUs }) => {
    if (timeoutUs <= USUAL_QUOTA_US) return undefined
    if (platform < QUOTA_RAISED_SINCE) {
      return 'a REST API waits 29s at most before June 2024 (`platform`)'
    }
    if (endpointConfiguration?.type === 'EDGE') {
      return 'an edge-optimised API waits 29s at most: a REGIONAL or PRIVATE one may wait longer'
    }
    if (timeoutUs <= gatewayTimeoutUs) return undefined
    return `${formatDuration(timeoutUs)} is over the account's quota of ${formatDuration(gatewayTimeoutUs)}: \`account.apiGateway.integrationTimeout\` says how far AWS has raised it`
  },
})

function customised(responses: NonNullable<DoorConfig['gatewayResponses']>): StatusCodes {
  return statusCodes.map((code, fate) => {
    // What a service has answered is passed on by an integration response.
    if (fate === REFUSED_BY_SERVICE) return code
    const own = Object.keys(RESPONSE_TYPES).find((type) => RESPONSE_TYPES[type] === fate)
    const general = Object.keys(DEFAULTS).find((type) => DEFAULTS[type] === Math.floor(code / 100))
    return responses[own ?? '']?.statusCode ?? responses[general ?? '']?.statusCode ?? code
  })
}
