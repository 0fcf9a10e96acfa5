import { z } from 'zod'
import { MICROSECONDS_PER_SECOND } from '../../../kernel/time.ts'
import type { RetryModeEntry } from './entry.ts'
import { maxAttempts, retryOn } from './keys.ts'

const DEFAULT_ATTEMPTS = 5

/**
 * boto's first retry mode: five attempts, waits drawn up to 1 s, 2 s, 4 s, ..., and no quota.
 * Source: boto/botocore, data/_retry.json and retryhandler.py.
 */
export const legacy: RetryModeEntry<{ readonly maxAttempts: number }> = {
  kind: 'legacy',
  summary: 'The first mode of boto3: 5 attempts, waits of up to 1 s that double, no quota.',
  schema: z.strictObject({
    mode: z.literal('legacy'),
    maxAttempts: maxAttempts(DEFAULT_ATTEMPTS),
    retryOn,
  }),
  differsBySdk: false,
  create: (options) => ({
    maxAttempts: options.maxAttempts,
    backOff: {
      baseUs: {
        throttling: MICROSECONDS_PER_SECOND,
        timeout: MICROSECONDS_PER_SECOND,
        other: MICROSECONDS_PER_SECOND,
      },
      capUs: Number.POSITIVE_INFINITY,
      jitter: 'full',
    },
    quota: null,
    isRateLimited: false,
  }),
}
