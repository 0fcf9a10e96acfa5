import type { z } from 'zod'
import type { KeepAliveContext, KeepAlivePolicy } from './policy.ts'

/** A keep-alive policy: what one file of this folder exports and `index.ts` lists. */
export interface KeepAliveEntry<Options = unknown> {
  /** The value of `policy`. */
  readonly kind: string
  /** One sentence for the reference page. */
  readonly summary: string
  /** The YAML keys of this policy as a strict object, `policy` included. */
  readonly schema: z.ZodObject<z.ZodRawShape>
  /** The policy with its numbers in words, for assumptions and explain. */
  describe(options: Options): string
  create(options: Options, context: KeepAliveContext): KeepAlivePolicy
}
