import { z } from 'zod'
import { MICROSECONDS_PER_MILLISECOND, MICROSECONDS_PER_SECOND } from '../../../kernel/time.ts'
import type { RetryModeEntry } from './entry.ts'
import { maxAttemptsByService, retryOn } from './keys.ts'

const DEFAULT_ATTEMPTS = 5
const DYNAMODB_ATTEMPTS = 10
const DYNAMODB_BASE_US = 50 * MICROSECONDS_PER_MILLISECOND

interface Options {
  readonly maxAttempts?: number | undefined
}

/**
 * boto's first retry mode: five attempts, waits drawn up to 1 s, 2 s, 4 s, ..., and no quota; of
 * DynamoDB ten attempts and waits of 50 ms, 100 ms, 200 ms, ..., which are not drawn.
 * Source: boto/botocore, data/_retry.json and retryhandler.py.
 */
export const legacy: RetryModeEntry<Options> = {
  kind: 'legacy',
  summary:
    'The first mode of boto3: 5 attempts, waits of up to 1 s that double, no quota; of a table 10 attempts, waits from 50 ms.',
  schema: z.strictObject({
    mode: z.literal('legacy'),
    maxAttempts: maxAttemptsByService(DEFAULT_ATTEMPTS, DYNAMODB_ATTEMPTS),
    retryOn,
  }),
  differsBySdk: false,
  create: ({ maxAttempts }, service) => {
    const isDynamodb = service === 'dynamodb'
    const baseUs = isDynamodb ? DYNAMODB_BASE_US : MICROSECONDS_PER_SECOND
    return {
      maxAttempts: maxAttempts ?? (isDynamodb ? DYNAMODB_ATTEMPTS : DEFAULT_ATTEMPTS),
      backOff: {
        baseUs: { throttling: baseUs, timeout: baseUs, other: baseUs },
        capUs: Number.POSITIVE_INFINITY,
        jitter: isDynamodb ? 'none' : 'full',
      },
      quota: null,
      isRateLimited: false,
    }
  },
}
