import { TokenBucket } from '../../compute/token-bucket.ts'

/** Messages of one SendMessageBatch (Amazon SQS developer guide, "Message quotas"). */
const MESSAGES_PER_CALL = 10

/** How many API calls a second a FIFO queue answers, for sends and receives apart. */
export class CallRates {
  private readonly sends: TokenBucket
  private readonly receives: TokenBucket
  private callUs = -1
  private callBirth = -1
  private roomInCall = 0

  constructor(callsPerSecond: number) {
    this.sends = new TokenBucket(callsPerSecond)
    this.receives = new TokenBucket(callsPerSecond)
  }

  /** Messages that one producer sends at one instant go by tens. */
  maySend(birth: number, nowUs: number): boolean {
    if (this.roomInCall > 0 && this.callUs === nowUs && this.callBirth === birth) {
      this.roomInCall--
      return true
    }
    this.roomInCall = 0
    if (!this.sends.hasToken(nowUs)) return false
    this.sends.take()
    this.callUs = nowUs
    this.callBirth = birth
    this.roomInCall = MESSAGES_PER_CALL - 1
    return true
  }

  /** When the next receive is answered: now or later, us. */
  receivableAtUs(nowUs: number): number {
    return this.receives.hasTokensAtUs(nowUs, 1)
  }

  takeReceive(): void {
    this.receives.take()
  }
}
