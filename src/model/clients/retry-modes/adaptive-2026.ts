import { z } from 'zod'
import type { RetryModeEntry } from './entry.ts'
import { maxAttemptsByService, retryOn } from './keys.ts'
import {
  DEFAULT_ATTEMPTS,
  DYNAMODB_ATTEMPTS_2026,
  type Options2026,
  since2026,
} from './sdk-schemes.ts'

/** The adaptive mode with AWS_NEW_RETRIES_2026=true. */
export const adaptive2026: RetryModeEntry<Options2026> = {
  kind: 'adaptive-2026',
  summary: 'As standard-2026, and a client rate limiter slows down after throttles.',
  schema: z.strictObject({
    mode: z.literal('adaptive-2026'),
    maxAttempts: maxAttemptsByService(DEFAULT_ATTEMPTS, DYNAMODB_ATTEMPTS_2026),
    retryOn,
  }),
  differsBySdk: false,
  create: (options, service) => since2026(options, true, service),
}
