import type { z } from 'zod'
import type { RetryPolicy } from '../retry-policy.ts'

/** Services whose requests SDKs retry in ways of their own. */
export type RetriedService = 'dynamodb'

/** A retry mode: what one file of this folder exports and `index.ts` lists. */
export interface RetryModeEntry<Options = unknown> {
  /** The value of `mode`. */
  readonly kind: string
  /** One sentence for the reference page. */
  readonly summary: string
  /** The YAML keys of this mode as a strict object, `mode` included. */
  readonly schema: z.ZodObject<z.ZodRawShape>
  /** Whether the AWS SDKs differ in it, so that an assumed `sdk` must be said. */
  readonly differsBySdk: boolean
  /** Of requests to a service, where that matters; null: no retries. */
  create(options: Options, service?: RetriedService): RetryPolicy | null
}
