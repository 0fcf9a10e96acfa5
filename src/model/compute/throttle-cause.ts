/**
 * Why an attempt was refused: finer than AWS's `Reason`, because two different cures may share one.
 * Reasons: Lambda API reference, TooManyRequestsException; which limit maps to which reason is
 * inferred where the reference does not say. Exceptions of functions in a VPC: Lambda API
 * reference, Invoke; state reasons: the same, GetFunctionConfiguration, StateReasonCode.
 */
export interface ThrottleCause {
  readonly id: string
  /**
   * `Reason` in the 429 response; where it is no 429, or none is documented, the exception or the
   * function's state reason.
   */
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
// States of a function in a VPC: before any other limit.
export const FUNCTION_PENDING = 9
export const FUNCTION_INACTIVE = 10
export const FUNCTION_WITHOUT_INTERFACE = 11
export const FUNCTION_WITHOUT_ADDRESS = 12
// Of a network interface that a new environment needs.
export const INTERFACE_LIMIT = 13
export const SUBNET_ADDRESSES = 14
// Of functions on managed instances; the reason in their response is not documented.
export const MANAGED_CONCURRENCY = 15
export const MANAGED_CPU = 16

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
  { id: 'function-pending', reason: 'ResourceConflictException' },
  { id: 'function-inactive', reason: 'ResourceNotReadyException' },
  { id: 'function-without-interface', reason: 'EniLimitExceeded' },
  { id: 'function-without-address', reason: 'SubnetOutOfIPAddresses' },
  { id: 'network-interfaces', reason: 'ENILimitReachedException' },
  { id: 'subnet-addresses', reason: 'SubnetIPAddressLimitReachedException' },
  { id: 'managed-concurrency', reason: 'TooManyRequestsException' },
  { id: 'managed-cpu', reason: 'TooManyRequestsException' },
]
