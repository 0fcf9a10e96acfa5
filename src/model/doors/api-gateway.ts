/**
 * What REST, HTTP and WebSocket APIs of API Gateway have in common: limits of a stage and of its
 * routes, an integration timeout, a Lambda authorizer.
 * Source: Amazon API Gateway developer guide, "Amazon API Gateway quotas".
 */
import { z } from 'zod'
import { formatDuration } from '../../kernel/time.ts'
import type { Assumption } from '../compiled-scenario.ts'
import { nodeName } from '../messages/delivery-schema.ts'
import { durationBetween, share, wholeNumber } from '../units.ts'
import { integrationTimeoutKey, latencyKey, rateLimit, THROTTLING } from './keys.ts'
import type { DoorConfig, DoorProtocol, PayloadLimits, RouteConfig } from './protocol.ts'

/** Lambda's, 6 MB each way; API Gateway itself would take 10 MB. */
export const LAMBDA_PAYLOAD: PayloadLimits = { request: 6_291_456, response: 6_291_456 }

const LONGEST_RESULT_TTL_US = 3_600_000_000
const AUTHORIZERS = 'Amazon API Gateway developer guide, "Use API Gateway Lambda authorizers"'

interface GatewayOptions
  extends Omit<DoorProtocol, 'schema' | 'routeKeys' | 'payload' | 'assumptions'> {
  /** Keys of the api and of its routes that only this kind has. */
  readonly keys?: z.ZodRawShape
  readonly routeKeys: z.ZodRawShape
  readonly payload?: PayloadLimits
  readonly timeout: {
    readonly defaultUs: number
    readonly longestUs: number
    readonly code: string
    readonly source: string
  }
  /** Whether the authorizer's answers may be kept. */
  readonly cachesAuthorizations: boolean
  readonly assumptions?: readonly Assumption[]
}

/** A kind of API Gateway, from what only it has. */
export function gatewayProtocol(options: GatewayOptions): DoorProtocol {
  const { keys, routeKeys, timeout, cachesAuthorizations, assumptions = [], ...own } = options
  const { defaultUs, longestUs, code, source } = timeout
  const timeoutKey = integrationTimeoutKey(longestUs, source)
  return {
    payload: LAMBDA_PAYLOAD,
    ...own,
    schema: z.strictObject({
      protocol: z.literal(options.kind),
      integrationTimeout: timeoutKey.meta({
        description: `How long it waits for the function, placement and init included; then the client gets ${code}, and the function runs on.`,
        defaultText: formatDuration(defaultUs),
      }),
      throttle: rateLimit.optional().meta({
        description:
          'Limit of the stage, shared by all routes that have none of their own; over it the client gets 429. Left out: none but that of the account.',
        source: THROTTLING,
      }),
      authorizer: authorizerKey(cachesAuthorizations),
      latency: latencyKey,
      ...keys,
    }),
    routeKeys: {
      throttle: rateLimit.optional().meta({
        description: 'Limit of this method or route, in place of that of the stage.',
        source: THROTTLING,
      }),
      integrationTimeout: timeoutKey.meta({
        description: 'How long the api waits for this function.',
        defaultText: 'that of the api',
      }),
      authorizationType: z
        .literal('NONE', { error: 'authorizationType may only be NONE: no authorizer' })
        .optional()
        .meta({
          description: 'NONE: requests by this route need no authorizer.',
          source: AUTHORIZERS,
        }),
      ...routeKeys,
    },
    integrationTimeoutUs: ({ integrationTimeout }) => integrationTimeout ?? defaultUs,
    countsForAccount: true,
    assumptions: (config) => [...gatewayAssumptions(config), ...assumptions],
  }
}

/** By what REST and HTTP APIs tell routes apart; one that names no path is any. */
export function methodAndPath({ path, method }: RouteConfig): string | undefined {
  return path === undefined ? undefined : `${method?.toUpperCase() ?? 'ANY'} ${path}`
}

function authorizerKey(isCached: boolean) {
  return z
    .strictObject({
      function: nodeName('function').meta({
        description: 'The function that authorizes; its concurrency counts as any other.',
      }),
      ...(isCached && {
        authorizerResultTtl: durationBetween(0, LONGEST_RESULT_TTL_US)
          .prefault('300s')
          .meta({ description: 'How long an answer holds for an identity; 0s: not at all.' }),
      }),
      identities: wholeNumber('identities', 1, 10_000_000)
        .prefault(1)
        .meta({
          description: isCached
            ? 'How many identities (tokens, users) the requests are of; each request is of one by chance, and its answer is kept for each.'
            : 'How many identities (tokens, users) the connections are of; each is of one by chance.',
        }),
      denied: share
        .prefault('0%')
        .meta({ description: 'Share of the identities that it denies: 403 to the client.' }),
      unauthenticated: share.prefault('0%').meta({
        description: 'Share of requests without an identity: 401, and the function is not asked.',
      }),
    })
    .optional()
    .meta({
      description: 'A Lambda authorizer, asked before the function of the route.',
      source: AUTHORIZERS,
    })
}

function gatewayAssumptions({ usagePlan, authorizer }: DoorConfig): readonly Assumption[] {
  const assumptions: Assumption[] = [
    {
      id: 'gateway-throttling',
      statement:
        "API Gateway's limits are exact token buckets, full at the start and refilled continuously; a refused request takes no time and no token.",
      confidence: 'inferred',
      source: `${THROTTLING}: best effort, not a hard ceiling`,
    },
  ]
  if (usagePlan !== undefined) {
    assumptions.push({
      id: 'usage-plan-keys',
      statement: 'Each producer of traffic to an API with a usage plan is one client key.',
      confidence: 'assumed',
      source: 'which clients share a key is not part of a scenario',
    })
  }
  if (authorizer !== undefined) {
    assumptions.push({
      id: 'authorizers',
      statement:
        'An authorizer is asked after the limits of the API; one that is throttled, fails or takes 10 s is 500 to the client; requests of an identity that come while it is being asked ask as well.',
      confidence: 'assumed',
      source: `${AUTHORIZERS}, for the timeout and the cache; the rest is not documented case by case`,
    })
  }
  return assumptions
}
