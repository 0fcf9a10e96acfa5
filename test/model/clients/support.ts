import { retryMode } from '../../../src/model/clients/retry-modes/index.ts'
import type { RetryPolicy } from '../../../src/model/clients/retry-policy.ts'
import { retrySchema } from '../../../src/model/clients/schema.ts'

/** The policy that a `retry` of a scenario means. */
export function policyOf(retry: object): RetryPolicy {
  const parsed = retrySchema.parse(retry)
  const policy = retryMode(parsed.mode).create(parsed)
  if (policy === null) throw new Error(`${parsed.mode} never retries`)
  return policy
}
