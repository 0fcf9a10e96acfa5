/** The numbers of the SDKs' standard mode; the adaptive mode has the same and a rate limiter. */
import { MICROSECONDS_PER_MILLISECOND, MICROSECONDS_PER_SECOND } from '../../../kernel/time.ts'
import type { PerFailure } from '../failure.ts'
import type { RetryPolicy } from '../retry-policy.ts'
import type { RetriedService } from './entry.ts'
import type { Sdk } from './keys.ts'

export const DEFAULT_ATTEMPTS = 3
export const DYNAMODB_ATTEMPTS_2026 = 4

const CAP_US = 20 * MICROSECONDS_PER_SECOND
const QUOTA_CAPACITY = 500
const FIRST_ATTEMPT_REFUND = 1

interface Scheme {
  readonly baseUs: PerFailure
  readonly costs: PerFailure
}

function milliseconds(throttling: number, transient: number): PerFailure {
  return {
    throttling: throttling * MICROSECONDS_PER_MILLISECOND,
    timeout: transient * MICROSECONDS_PER_MILLISECOND,
    other: transient * MICROSECONDS_PER_MILLISECOND,
  }
}

/**
 * Before 2026. boto charges 10 for a timeout and 5 for everything else; the JavaScript SDK charges
 * 10 for every transient error and 5 for a throttle.
 * Source: boto/botocore, retries/standard.py; smithy-lang/smithy-typescript, util-retry.
 */
const BEFORE_2026: Readonly<Record<Sdk, Scheme>> = {
  python: {
    baseUs: milliseconds(1_000, 1_000),
    costs: { throttling: 5, timeout: 10, other: 5 },
  },
  javascript: {
    baseUs: milliseconds(500, 100),
    costs: { throttling: 5, timeout: 10, other: 10 },
  },
}

/** Of all SDKs. Source: AWS SDKs and tools reference guide, "Retry behavior"; the same files. */
const SINCE_2026: Scheme = {
  baseUs: milliseconds(1_000, 50),
  costs: { throttling: 5, timeout: 14, other: 14 },
}

/** The same, of requests to DynamoDB. */
const DYNAMODB_SINCE_2026: Scheme = { ...SINCE_2026, baseUs: milliseconds(1_000, 25) }

interface Options {
  readonly maxAttempts: number
  readonly sdk?: Sdk | undefined
}

export const DEFAULT_SDK: Sdk = 'python'

export function before2026({ maxAttempts, sdk }: Options, isRateLimited: boolean): RetryPolicy {
  return policy(BEFORE_2026[sdk ?? DEFAULT_SDK], maxAttempts, isRateLimited)
}

export interface Options2026 {
  readonly maxAttempts?: number | undefined
}

export function since2026(
  { maxAttempts }: Options2026,
  isRateLimited: boolean,
  service?: RetriedService,
): RetryPolicy {
  return service === 'dynamodb'
    ? policy(DYNAMODB_SINCE_2026, maxAttempts ?? DYNAMODB_ATTEMPTS_2026, isRateLimited)
    : policy(SINCE_2026, maxAttempts ?? DEFAULT_ATTEMPTS, isRateLimited)
}

function policy(
  { baseUs, costs }: Scheme,
  maxAttempts: number,
  isRateLimited: boolean,
): RetryPolicy {
  return {
    maxAttempts,
    backOff: { baseUs, capUs: CAP_US, jitter: 'full' },
    quota: { capacity: QUOTA_CAPACITY, costs, firstAttemptRefund: FIRST_ATTEMPT_REFUND },
    isRateLimited,
  }
}
