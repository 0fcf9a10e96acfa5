import { BusiestSecond } from '../../compute/busiest-second.ts'
import { TokenBucket } from '../../compute/token-bucket.ts'
import type { LimitUse, Place } from '../../part.ts'
import { FifoOrder } from './fifo-order.ts'
import { GROUP_CALLS_PER_SECOND } from './fifo-quotas.ts'
import type { WaitingMessages } from './waiting-messages.ts'

/** Messages of one SendMessageBatch (Amazon SQS developer guide, "Message quotas"). */
const MESSAGES_PER_CALL = 10

/** How many API calls a second a FIFO queue answers, for sends and receives apart. */
export class CallRates {
  private readonly callsPerSecond: number
  private readonly sends: TokenBucket
  private readonly receives: TokenBucket
  private readonly mostSends: BusiestSecond
  private readonly mostReceives: BusiestSecond
  private readonly order: FifoOrder
  private callUs = -1
  private callBirth = -1
  private roomInCall = 0
  private readonly groupsInCall = new Int32Array(MESSAGES_PER_CALL)
  private groupCount = 0
  /** Whether a message group was sent to too often. */
  private hasRefusedGroup = false

  /** `order` knows the message groups, and how often each may be sent to. */
  constructor(callsPerSecond: number, order: FifoOrder) {
    this.callsPerSecond = callsPerSecond
    this.sends = new TokenBucket(callsPerSecond)
    this.receives = new TokenBucket(callsPerSecond)
    this.mostSends = new BusiestSecond(callsPerSecond)
    this.mostReceives = new BusiestSecond(callsPerSecond)
    this.order = order
  }

  /** Messages that one producer sends at one instant go by tens. */
  maySend(message: number, birth: number, nowUs: number): boolean {
    const isSameCall = this.roomInCall > 0 && this.callUs === nowUs && this.callBirth === birth
    if (!isSameCall) {
      this.roomInCall = 0
      this.groupCount = 0
      if (!this.sends.hasToken(nowUs)) {
        this.mostSends.refuse()
        return false
      }
    }
    if (!this.mayGroupSend(message, nowUs)) return false
    if (isSameCall) {
      this.roomInCall--
      return true
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
    const atUs = this.receives.hasTokensAtUs(nowUs, 1)
    if (atUs > nowUs) this.mostReceives.refuse()
    return atUs
  }

  takeReceive(nowUs: number): void {
    this.receives.take()
    this.mostReceives.count(nowUs, 1)
  }

  /** Message groups that wait because they have been received from too often. */
  get groupsHeld(): number {
    return this.order.heldCount
  }

  /** How close the queue at this place came to them. */
  uses(place: Place): readonly LimitUse[] {
    const available = this.callsPerSecond
    const ofGroup = { ...place, limit: 'send calls/s of a group' } as const
    const most = GROUP_CALLS_PER_SECOND
    return [
      ...(this.hasRefusedGroup ? [{ ...ofGroup, used: most, available: most }] : []),
      { ...place, limit: 'send calls/s', used: this.mostSends.used, available },
      { ...place, limit: 'receive calls/s', used: this.mostReceives.used, available },
    ]
  }

  /** The messages of one group in a call are one call to its partition. */
  private mayGroupSend(message: number, nowUs: number): boolean {
    const { groupsInCall } = this
    const { sends } = this.order
    if (sends === null) return true
    const group = this.order.groupOf(message)
    for (let index = 0; index < this.groupCount; index++) {
      if (groupsInCall[index] === group) return true
    }
    if (sends.callableAtUs(group) > nowUs) {
      this.hasRefusedGroup = true
      return false
    }
    sends.take(group, nowUs)
    groupsInCall[this.groupCount++] = group
    return true
  }
}

/** null: the queue answers any number of calls, as a standard one does. */
export function callRatesOf(
  callsPerSecond: number | null,
  waiting: WaitingMessages,
): CallRates | null {
  if (callsPerSecond === null || !(waiting instanceof FifoOrder)) return null
  return new CallRates(callsPerSecond, waiting)
}
