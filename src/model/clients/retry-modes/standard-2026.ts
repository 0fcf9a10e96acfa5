import { z } from 'zod'
import type { RetryModeEntry } from './entry.ts'
import { maxAttemptsByService, retryOn } from './keys.ts'
import {
  DEFAULT_ATTEMPTS,
  DYNAMODB_ATTEMPTS_2026,
  type Options2026,
  since2026,
} from './sdk-schemes.ts'

/** The standard mode with AWS_NEW_RETRIES_2026=true. */
export const standard2026: RetryModeEntry<Options2026> = {
  kind: 'standard-2026',
  summary:
    'The scheme of 2026, which AWS_NEW_RETRIES_2026=true switches on in any SDK: shorter waits after transient errors, dearer retries.',
  schema: z.strictObject({
    mode: z.literal('standard-2026'),
    maxAttempts: maxAttemptsByService(DEFAULT_ATTEMPTS, DYNAMODB_ATTEMPTS_2026),
    retryOn,
  }),
  differsBySdk: false,
  create: (options, service) => since2026(options, false, service),
}
