/** The YAML keys that several retry modes share. */
import { z } from 'zod'
import { wholeNumber } from '../../units.ts'

export const RETRY_BEHAVIOR = 'AWS SDKs and tools reference guide, "Retry behavior"'

const MOST_ATTEMPTS = 100

/** SDKs whose retry modes from before 2026 differ. */
export const SDKS = ['python', 'javascript'] as const

export type Sdk = (typeof SDKS)[number]

const attempts = wholeNumber('maxAttempts', 1, MOST_ATTEMPTS)
const meaning = {
  description: 'Attempts at most, the first one included.',
  source: RETRY_BEHAVIOR,
}

export function maxAttempts(byDefault: number) {
  return attempts.prefault(byDefault).meta(meaning)
}

/** Of a mode in which SDKs try requests to DynamoDB more often. */
export function maxAttemptsByService(byDefault: number, ofDynamodb: number) {
  return attempts
    .optional()
    .meta({ ...meaning, defaultText: `${byDefault}; ${ofDynamodb} for a table` })
}

export const sdk = z.enum(SDKS).optional().meta({
  description:
    'Whose waits and quota: python is boto3, javascript the AWS SDK for JavaScript v3. The schemes of 2026 are the same for all.',
  defaultText: '`python`',
  source: 'boto/botocore, retries/standard.py; smithy-lang/smithy-typescript, util-retry',
})

export const retryOn = z
  .array(
    z.enum(['functionErrors'], {
      error: '`retryOn` may list functionErrors; throttles and client timeouts always are retried',
    }),
  )
  .prefault([])
  .meta({
    description:
      'What is retried beside throttles and client timeouts. Invoke answers function errors with HTTP 200, so an SDK does not retry them; code of the caller can.',
    source: 'Lambda API reference, Invoke: FunctionError',
  })
