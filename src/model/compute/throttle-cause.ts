/**
 * Why an attempt was refused: finer than AWS's `Reason`, because two different cures may share one.
 * Reasons: Lambda API reference, TooManyRequestsException; which limit maps to which reason is
 * inferred where the reference does not say.
 */
export interface ThrottleCause {
  readonly id: string
  /** `Reason` in the 429 response. */
  readonly reason: string
}

export const ADMITTED = 0
export const RESERVED_ZERO = 1
export const ACCOUNT_RATE = 2
export const RESERVED_RATE = 3
export const RESERVED_CONCURRENCY = 4
export const ACCOUNT_CONCURRENCY = 5
export const SCALING_ENVIRONMENTS = 6
export const SCALING_REQUESTS = 7
export const REGIONAL_BURST = 8

export const THROTTLE_CAUSES: readonly ThrottleCause[] = [
  { id: 'none', reason: '' },
  { id: 'reserved-zero', reason: 'ReservedFunctionConcurrentInvocationLimitExceeded' },
  { id: 'account-rate', reason: 'FunctionInvocationRateLimitExceeded' },
  { id: 'reserved-rate', reason: 'ReservedFunctionInvocationRateLimitExceeded' },
  { id: 'reserved-concurrency', reason: 'ReservedFunctionConcurrentInvocationLimitExceeded' },
  { id: 'account-concurrency', reason: 'ConcurrentInvocationLimitExceeded' },
  { id: 'scaling-rate', reason: 'FunctionInvocationRateLimitExceeded' },
  { id: 'scaling-request-rate', reason: 'FunctionInvocationRateLimitExceeded' },
  { id: 'regional-burst', reason: 'FunctionInvocationRateLimitExceeded' },
]
