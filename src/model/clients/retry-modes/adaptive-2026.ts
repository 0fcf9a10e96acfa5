import { z } from 'zod'
import type { RetryModeEntry } from './entry.ts'
import { maxAttempts, retryOn } from './keys.ts'
import { DEFAULT_ATTEMPTS, since2026 } from './sdk-schemes.ts'

/** The adaptive mode with AWS_NEW_RETRIES_2026=true. */
export const adaptive2026: RetryModeEntry<{ readonly maxAttempts: number }> = {
  kind: 'adaptive-2026',
  summary: 'As standard-2026, and a client rate limiter slows down after throttles.',
  schema: z.strictObject({
    mode: z.literal('adaptive-2026'),
    maxAttempts: maxAttempts(DEFAULT_ATTEMPTS),
    retryOn,
  }),
  differsBySdk: false,
  create: (options) => since2026(options, true),
}
