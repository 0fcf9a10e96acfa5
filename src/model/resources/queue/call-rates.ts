import { MICROSECONDS_PER_SECOND } from '../../../kernel/time.ts'
import { BusiestSecond } from '../../compute/busiest-second.ts'
import { TokenBucket } from '../../compute/token-bucket.ts'
import type { LimitUse, Place } from '../../part.ts'

/** Messages of one SendMessageBatch (Amazon SQS developer guide, "Message quotas"). */
const MESSAGES_PER_CALL = 10

/** How many API calls a second a FIFO queue answers, for sends and receives apart. */
export class CallRates {
  private readonly callsPerSecond: number
  private readonly sends: TokenBucket
  private readonly receives: TokenBucket
  private readonly mostSends: BusiestSecond
  private readonly mostReceives: BusiestSecond
  private callUs = -1
  private callBirth = -1
  private roomInCall = 0

  constructor(callsPerSecond: number) {
    this.callsPerSecond = callsPerSecond
    this.sends = new TokenBucket(callsPerSecond)
    this.receives = new TokenBucket(callsPerSecond)
    this.mostSends = new BusiestSecond(callsPerSecond)
    this.mostReceives = new BusiestSecond(callsPerSecond)
  }

  /** Messages that one producer sends at one instant go by tens. */
  maySend(birth: number, nowUs: number): boolean {
    if (this.roomInCall > 0 && this.callUs === nowUs && this.callBirth === birth) {
      this.roomInCall--
      return true
    }
    this.roomInCall = 0
    if (!this.sends.hasToken(nowUs)) {
      this.mostSends.refuse()
      return false
    }
    this.sends.take()
    this.mostSends.count(nowUs, 1)
    this.callUs = nowUs
    this.callBirth = birth
    this.roomInCall = MESSAGES_PER_CALL - 1
    return true
  }

  /** When the next receive is answered: now or later, us. */
  receivableAtUs(nowUs: number): number {
    const missing = 1 - this.receives.tokens(nowUs)
    if (missing <= 0) return nowUs
    this.mostReceives.refuse()
    return nowUs + Math.ceil((missing * MICROSECONDS_PER_SECOND) / this.callsPerSecond)
  }

  takeReceive(nowUs: number): void {
    this.receives.take()
    this.mostReceives.count(nowUs, 1)
  }

  /** How close the queue at this place came to them. */
  uses(place: Place): readonly LimitUse[] {
    const available = this.callsPerSecond
    return [
      { ...place, limit: 'send calls/s', used: this.mostSends.used, available },
      { ...place, limit: 'receive calls/s', used: this.mostReceives.used, available },
    ]
  }
}
