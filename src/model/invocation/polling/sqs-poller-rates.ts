import { TokenBucket } from '../../compute/token-bucket.ts'

/** A megabyte, the unit in which payload is counted: one poller brings one a second. */
const MEGABYTE = 1_048_576
export const POLLS_PER_SECOND = 10

/** What pollers have used up, as a cause that holds a backlog. */
export type SpentRate = 'poller-payload' | 'poller-calls'

/**
 * How fast the pollers of provisioned mode receive together: each up to 10 polls (ReceiveMessage
 * calls) and up to 1 MB of payload a second. They share both, and at once there is as much as one
 * second allows (assumed). A poll brings what it brings: the next one waits until the bytes that
 * went over are made up for.
 * Source: Lambda developer guide, "Configuring scaling behavior for SQS event source mappings".
 */
export class PollerRates {
  private readonly polls: TokenBucket
  /** In megabytes: so bytes are whole binary fractions, and sums of them exact. */
  private readonly payload: TokenBucket

  constructor(pollers: number) {
    this.polls = new TokenBucket(POLLS_PER_SECOND * pollers)
    this.payload = new TokenBucket(pollers)
  }

  /** One that is added brings its first second along. */
  setPollers(nowUs: number, pollers: number): void {
    this.polls.setRate(nowUs, POLLS_PER_SECOND * pollers)
    this.payload.setRate(nowUs, pollers)
  }

  /** When the next poll may be: now or later, us. */
  pollableAtUs(nowUs: number): number {
    const payloadUs = this.payload.hasTokensAtUs(nowUs, 0)
    return Math.max(payloadUs, this.polls.hasTokensAtUs(nowUs, 1))
  }

  /** Whether the next poll has to wait. */
  isSpent(nowUs: number): boolean {
    return this.pollableAtUs(nowUs) > nowUs
  }

  /** What the next poll has to wait for; null: nothing. */
  spent(nowUs: number): SpentRate | null {
    if (this.payload.hasTokensAtUs(nowUs, 0) > nowUs) return 'poller-payload'
    return this.isSpent(nowUs) ? 'poller-calls' : null
  }

  takePoll(): void {
    this.polls.take()
  }

  takePayload(bytes: number): void {
    this.payload.takeSeveral(bytes / MEGABYTE)
  }
}
