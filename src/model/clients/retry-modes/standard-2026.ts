import { z } from 'zod'
import type { RetryModeEntry } from './entry.ts'
import { maxAttempts, retryOn } from './keys.ts'
import { DEFAULT_ATTEMPTS, since2026 } from './sdk-schemes.ts'

/** The standard mode with AWS_NEW_RETRIES_2026=true. */
export const standard2026: RetryModeEntry<{ readonly maxAttempts: number }> = {
  kind: 'standard-2026',
  summary:
    'The scheme of 2026, which AWS_NEW_RETRIES_2026=true switches on in any SDK: shorter waits after transient errors, dearer retries.',
  schema: z.strictObject({
    mode: z.literal('standard-2026'),
    maxAttempts: maxAttempts(DEFAULT_ATTEMPTS),
    retryOn,
  }),
  differsBySdk: false,
  create: (options) => since2026(options, false),
}
