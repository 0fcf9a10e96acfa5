import type { Guard } from './guards/entry.ts'
import type { RetryPolicy } from './retry-policy.ts'

/** How the callers of one producer behave, where they do more than call and wait. */
export interface ClientSettings {
  /** When a caller gives up on an attempt, us; Infinity: it never does. */
  readonly timeoutUs: number
  /** Clients that share the traffic; each has a quota, a rate limiter and guards of its own. */
  readonly instances: number
  /** null: no retries. */
  readonly retry: RetryPolicy | null
  /** Code of the caller tries function errors again, which an SDK does not. */
  readonly retriesFunctionErrors: boolean
  readonly guards: readonly GuardSettings[]
}

/** Callers that call once and wait for as long as it takes. */
export const SINGLE_ATTEMPTS: ClientSettings = {
  timeoutUs: Number.POSITIVE_INFINITY,
  instances: 1,
  retry: null,
  retriesFunctionErrors: false,
  guards: [],
}

export interface GuardSettings {
  /** Its key in `client`. */
  readonly key: string
  /** The metric that counts what it refuses. */
  readonly metric: string
  readonly create: () => Guard
}
