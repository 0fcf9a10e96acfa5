import type { Failure } from '../clients/failure.ts'
import { ClientRateLimiter } from '../clients/rate-limiter.ts'
import { Retrier, type RetryPolicy } from '../clients/retry-policy.ts'

/**
 * The SDK client by which one environment makes one call of its handler's code. It makes one at a
 * time, so that nothing waits in line for its rate limiter.
 */
export class CallClient {
  private readonly retrier: Retrier
  /** null: the mode has none. */
  private readonly limiter: ClientRateLimiter | null

  constructor(policy: RetryPolicy) {
    this.retrier = new Retrier(policy)
    this.limiter = policy.isRateLimited ? new ClientRateLimiter() : null
  }

  /** How long an attempt has to wait for the rate limiter, us; 0: it may go, and has its token. */
  delayUs(nowUs: number): number {
    if (this.limiter === null || this.limiter.take(nowUs)) return 0
    return Math.max(1, this.limiter.waitUs(nowUs))
  }

  /** How long to wait before the next attempt, us; -1: there is none. `draw` is its jitter. */
  backOffUs(attempts: number, failure: Failure, draw: () => number): number {
    if (this.retrier.decide(attempts, failure) !== 'retry') return -1
    return this.retrier.waitUs(attempts, failure, draw())
  }

  /** After so many attempts: an answer that the SDK takes for a success. */
  succeeded(attempts: number): void {
    this.retrier.succeeded(attempts === 1 ? 0 : this.retrier.lastCost)
  }

  /** Every attempt that is over for the handler moves the rate. */
  answered(isThrottle: boolean, nowUs: number): void {
    this.limiter?.onAnswer(nowUs, isThrottle)
  }
}
