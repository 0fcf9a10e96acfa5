import type { UninvokedOutcome } from '../time-parts.ts'

/** What becomes of a request that comes to a front door. */
export const ANSWERED = 0
/** Over a rate of the door itself. */
export const OVER_RATE = 1
/** Over the quota of a usage plan. */
export const OVER_QUOTA = 2
export const REQUEST_TOO_LARGE = 3
/** It has nothing by which the authorizer could know it. */
export const UNAUTHORIZED = 4
/** The authorizer said no. */
export const ACCESS_DENIED = 5
/** The authorizer was throttled, failed or took too long. */
export const AUTHORIZER_FAILED = 6
/** Lambda refused the invocation for concurrency or rate. */
export const REFUSED_BY_LAMBDA = 7
/** The function failed: exception, crash, out of memory, failed init. */
export const FUNCTION_FAILED = 8
export const FUNCTION_TIMED_OUT = 9
export const RESPONSE_TOO_LARGE = 10
/** The door did not wait longer; the function runs on and is billed. */
export const INTEGRATION_TIMED_OUT = 11
/** The client did not wait longer, and the door noticed. */
export const CLIENT_CLOSED = 12

/** A service that is no function did not take the request: its API is over a quota. */
export const REFUSED_BY_SERVICE = 13
/** What a service did for the request has failed, which it answers as any other result. */
export const SERVICE_FAILED = 14

export type Fate = 0 | 1 | 2 | 3 | 4 | 5 | 6 | 7 | 8 | 9 | 10 | 11 | 12 | 13 | 14

/** HTTP status codes by fate: what the client is answered. */
export type StatusCodes = readonly number[]

const COMMON: Readonly<Record<Fate, number>> = {
  [ANSWERED]: 200,
  [OVER_RATE]: 429,
  [OVER_QUOTA]: 429,
  [REQUEST_TOO_LARGE]: 413,
  [UNAUTHORIZED]: 401,
  [ACCESS_DENIED]: 403,
  [AUTHORIZER_FAILED]: 500,
  [REFUSED_BY_LAMBDA]: 500,
  [FUNCTION_FAILED]: 502,
  [FUNCTION_TIMED_OUT]: 502,
  [RESPONSE_TOO_LARGE]: 502,
  [INTEGRATION_TIMED_OUT]: 504,
  [CLIENT_CLOSED]: 460,
  [REFUSED_BY_SERVICE]: 400,
  [SERVICE_FAILED]: 200,
}

/** The codes of a door that differs from most in these. */
export function statusCodesOf(own: Partial<Record<Fate, number>> = {}): StatusCodes {
  return Object.values({ ...COMMON, ...own })
}

export const THROTTLING_CODE = 429

/** Whether the client waited until somebody gave up, to a client that cannot tell who. */
export function isTimeout(fate: Fate): boolean {
  return fate === FUNCTION_TIMED_OUT || fate === INTEGRATION_TIMED_OUT
}

/** Whether the door itself turned it away, and no function of a route was asked. */
export function isRefusal(fate: Fate): boolean {
  return fate >= OVER_RATE && fate <= ACCESS_DENIED
}

/** What became of a request for which no function was invoked. */
export function uninvokedOutcome(fate: Fate): UninvokedOutcome {
  if (fate === ANSWERED) return 'succeeded'
  if (fate === SERVICE_FAILED) return 'failed'
  return fate === INTEGRATION_TIMED_OUT ? 'timedOut' : 'refused'
}

/** The fates whose code begins with this digit. */
export function fatesOf(statusCodes: StatusCodes, firstDigit: number): readonly Fate[] {
  return statusCodes.flatMap((code, fate) =>
    Math.floor(code / 100) === firstDigit ? [fate as Fate] : [],
  )
}
