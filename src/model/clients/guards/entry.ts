import type { z } from 'zod'

/**
 * What keeps a client from calling, beside its retry policy. All members are asked in the order of
 * the list; what a guard has no say in it leaves out.
 */
export interface Guard {
  /** A request is new, and `inFlight` others of this client are not over. */
  mayBegin?(inFlight: number, nowUs: number): boolean
  /** Any attempt, first or not. One that is allowed is made, and answered by `onAnswer`. */
  mayAttempt?(nowUs: number): boolean
  /** A retry that the retry policy allows. */
  mayRetry?(nowUs: number): boolean
  /** An attempt is over for the caller; failed: throttled, timed out or a function error. */
  onAnswer?(hasFailed: boolean, nowUs: number): void
}

/** A sort of guard: what one file of this folder exports and `index.ts` lists. */
export interface GuardEntry<Options = unknown> {
  /** Its key in `client`. */
  readonly key: string
  readonly summary: string
  /** The metric that counts what it refuses. */
  readonly metric: string
  readonly schema: z.ZodType
  /** Each client instance has one of its own. */
  create(options: Options): Guard
}
