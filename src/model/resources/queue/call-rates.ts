import { TokenBucket } from '../../compute/token-bucket.ts'
import { GroupRate } from './group-rate.ts'

/** Messages of one SendMessageBatch (Amazon SQS developer guide, "Message quotas"). */
const MESSAGES_PER_CALL = 10

/** How many API calls a second a FIFO queue answers, for sends and receives apart. */
export class CallRates {
  private readonly sends: TokenBucket
  private readonly receives: TokenBucket
  /** Sends of each message group; null: no limit of its own. */
  private readonly groupSends: GroupRate | null
  private callUs = -1
  private callBirth = -1
  private roomInCall = 0
  private readonly groupsInCall = new Int32Array(MESSAGES_PER_CALL)
  private groupCount = 0

  constructor(callsPerSecond: number, groupCallsPerSecond: number | null) {
    this.sends = new TokenBucket(callsPerSecond)
    this.receives = new TokenBucket(callsPerSecond)
    this.groupSends = groupCallsPerSecond === null ? null : new GroupRate(groupCallsPerSecond)
  }

  /** Whether sends are limited by message group as well. */
  get limitsGroups(): boolean {
    return this.groupSends !== null
  }

  /** Messages that one producer sends at one instant go by tens. */
  maySend(birth: number, group: number, nowUs: number): boolean {
    const isSameCall = this.roomInCall > 0 && this.callUs === nowUs && this.callBirth === birth
    if (!isSameCall) {
      this.roomInCall = 0
      this.groupCount = 0
      if (!this.sends.hasToken(nowUs)) return false
    }
    if (!this.mayGroupSend(group, nowUs)) return false
    if (isSameCall) {
      this.roomInCall--
      return true
    }
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

  /** The messages of one group in a call are one call to its partition. */
  private mayGroupSend(group: number, nowUs: number): boolean {
    const { groupSends, groupsInCall } = this
    if (groupSends === null) return true
    for (let index = 0; index < this.groupCount; index++) {
      if (groupsInCall[index] === group) return true
    }
    if (groupSends.callableAtUs(group) > nowUs) return false
    groupSends.take(group, nowUs)
    groupsInCall[this.groupCount++] = group
    return true
  }
}
