import { z } from 'zod'
import type { RetryModeEntry } from './entry.ts'
import { maxAttempts, retryOn, type Sdk, sdk } from './keys.ts'
import { before2026, DEFAULT_ATTEMPTS } from './sdk-schemes.ts'

/** What an AWS SDK does unless it is told otherwise (boto3: AWS_RETRY_MODE=standard). */
export const standard: RetryModeEntry<{ readonly maxAttempts: number; readonly sdk?: Sdk }> = {
  kind: 'standard',
  summary: 'The mode of the AWS SDKs before 2026: 3 attempts and a retry quota of 500 tokens.',
  schema: z.strictObject({
    mode: z.literal('standard'),
    maxAttempts: maxAttempts(DEFAULT_ATTEMPTS),
    retryOn,
    sdk,
  }),
  differsBySdk: true,
  create: (options) => before2026(options, false),
}
