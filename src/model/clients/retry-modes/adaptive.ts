import { z } from 'zod'
import type { RetryModeEntry } from './entry.ts'
import { maxAttempts, retryOn, type Sdk, sdk } from './keys.ts'
import { before2026, DEFAULT_ATTEMPTS } from './sdk-schemes.ts'

/** The standard mode with the client rate limiter (AWS_RETRY_MODE=adaptive). */
export const adaptive: RetryModeEntry<{ readonly maxAttempts: number; readonly sdk?: Sdk }> = {
  kind: 'adaptive',
  summary: 'As standard, and a client rate limiter slows down after throttles.',
  schema: z.strictObject({
    mode: z.literal('adaptive'),
    maxAttempts: maxAttempts(DEFAULT_ATTEMPTS),
    retryOn,
    sdk,
  }),
  differsBySdk: true,
  create: (options) => before2026(options, true),
}
