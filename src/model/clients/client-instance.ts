import type { ClientSettings } from './client-settings.ts'
import type { Guard } from './guards/entry.ts'
import { Retrier } from './retry-policy.ts'
import type { TokenQueue } from './token-queue.ts'

/** What the guards answer when none of them refuses. */
export const NO_REFUSAL = -1

/** One SDK client: what its requests share. */
export class ClientInstance {
  /** null: no retries. */
  readonly retrier: Retrier | null
  /** null: the mode has no rate limiter. */
  readonly tokens: TokenQueue | null
  /** Its requests that are not over. */
  inFlight = 0
  /** What the scenario calls its guards, by their places in the list. */
  readonly guardKeys: readonly string[]
  private readonly guards: readonly Guard[]

  constructor({ retry, guards }: ClientSettings, tokens: () => TokenQueue) {
    this.retrier = retry === null ? null : new Retrier(retry)
    this.tokens = retry?.isRateLimited === true ? tokens() : null
    this.guardKeys = guards.map(({ key }) => key)
    this.guards = guards.map(({ create }) => create())
  }

  /** The first guard that refuses a new request, by its place in the list, or NO_REFUSAL. */
  refusalToBegin(nowUs: number): number {
    return this.guards.findIndex((guard) => guard.mayBegin?.(this.inFlight, nowUs) === false)
  }

  refusalToAttempt(nowUs: number): number {
    return this.guards.findIndex((guard) => guard.mayAttempt?.(nowUs) === false)
  }

  refusalToRetry(nowUs: number): number {
    return this.guards.findIndex((guard) => guard.mayRetry?.(nowUs) === false)
  }

  /** An attempt is over for its caller. */
  answered(isThrottle: boolean, hasFailed: boolean, nowUs: number): void {
    this.tokens?.answered(isThrottle)
    for (const guard of this.guards) guard.onAnswer?.(hasFailed, nowUs)
  }
}
