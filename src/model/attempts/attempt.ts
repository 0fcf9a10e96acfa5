import { invariant } from '../../kernel/invariant.ts'
import { NONE } from '../messages/message-store.ts'
import type { RequestOwner } from '../time-parts.ts'
import type { InvocationFacts } from './invocation-facts.ts'
import {
  CLIENT_WAIT,
  COMPUTE,
  FIRST_INVOCATION,
  FRONT_DOOR,
  INIT,
  PLACEMENT,
  QUEUED,
  RESTORE,
  SUPPRESSED_INIT,
  WAIT,
} from './part-columns.ts'

/** Who may stop waiting for an attempt. */
export type GivenUpBy = '' | 'client' | 'api' | 'function'

/** One attempt, as far as it is known. */
export class Attempt {
  readonly producer: string
  readonly request: number
  readonly number: number
  /** Since when somebody wants it: the request's birth, the end of the attempt before. */
  readonly wantedUs: number
  /** When it was made. */
  readonly madeUs: number
  /** Whose request it is; null: nobody's who retries or gives up. */
  owner: RequestOwner | null = null
  /** Of its request; for an event, when it entered. */
  beganUs: number
  isEvent = false
  /** Its invocation, or NONE, and when it came to Lambda. */
  slot = NONE
  invokedUs = Number.POSITIVE_INFINITY
  isStarted = false
  suppressedInitUs = 0
  firstInvocationUs = 0
  /** By part, from the handler's first call on; null: it made none while somebody waited. */
  calls: readonly number[] | null = null
  hasDoor = false
  isInDoor = false
  /** Of a service that is no function and worked on it, or NONE. */
  servicePart = NONE
  /** 0: no front door has answered. */
  status = 0
  /** In the client's words; empty: the client let it go. */
  rejection = ''
  /** Of its invocation, when that is over. */
  facts: InvocationFacts | null = null
  servedUs = Number.POSITIVE_INFINITY
  /** When nobody waited any more. */
  goneUs = Number.POSITIVE_INFINITY
  givenUpBy: GivenUpBy = ''
  /** All that was waited for it, whole microseconds; NaN: not decided yet. */
  totalUs = Number.NaN
  /** Its row has been written. */
  isTold = false
  /** null: it is not known whether another one follows. */
  isLast: boolean | null = null

  constructor(producer: string, request: number, number: number, wantedUs: number, madeUs: number) {
    this.producer = producer
    this.request = request
    this.number = number
    this.wantedUs = wantedUs
    this.madeUs = madeUs
    this.beganUs = wantedUs
  }

  /** Its function, or the door that refused it, is done with it. */
  get isServed(): boolean {
    return this.slot === NONE ? !this.isInDoor : this.facts !== null
  }

  get isDecided(): boolean {
    return !Number.isNaN(this.totalUs)
  }

  giveUp(by: GivenUpBy, nowUs: number, calls: readonly number[] | null): void {
    if (this.goneUs <= nowUs) return
    this.givenUpBy = by
    this.end(nowUs, calls)
  }

  /** Nobody waits any more. */
  end(nowUs: number, calls: readonly number[] | null): void {
    if (this.goneUs <= nowUs) return
    this.goneUs = nowUs
    if (this.facts === null) this.calls = calls
  }

  /** How long its function or door went on for nobody, until now at most. */
  abandonedUs(nowUs: number): number {
    return this.givenUpBy === '' ? 0 : Math.min(this.servedUs, nowUs) - this.goneUs
  }

  /**
   * In the order of its life, cut where nobody waited any more; whole microseconds that add up to
   * `totalUs`. What no other part takes is the handler's own time, so that roundings go there.
   */
  parts(columns: number, facts: InvocationFacts | null): readonly number[] {
    const parts = Array<number>(columns).fill(0)
    parts[this.isEvent ? QUEUED : CLIENT_WAIT] = this.madeUs - this.wantedUs
    let leftUs = this.totalUs - (this.madeUs - this.wantedUs)
    const take = (part: number, us: number) => {
      const takenUs = Math.min(leftUs, us)
      parts[part]! += takenUs
      leftUs -= takenUs
    }
    if (this.hasDoor) {
      take(FRONT_DOOR, this.invokedUs - this.madeUs)
      take(FRONT_DOOR, Math.max(0, this.goneUs - this.servedUs))
    }
    if (this.servicePart !== NONE) take(this.servicePart, leftUs)
    if (facts !== null) {
      const { waitUs, placementUs, initUs, restoreUs } = facts
      take(WAIT, Math.round(waitUs))
      take(PLACEMENT, Math.round(placementUs))
      take(INIT, Math.round(placementUs + initUs) - Math.round(placementUs))
      take(RESTORE, Math.round(placementUs + restoreUs) - Math.round(placementUs))
      const { suppressedInitUs, firstInvocationUs } = this
      take(SUPPRESSED_INIT, Math.round(suppressedInitUs))
      take(
        FIRST_INVOCATION,
        Math.round(suppressedInitUs + firstInvocationUs) - Math.round(suppressedInitUs),
      )
    }
    for (const [part, us] of this.calls?.entries() ?? []) take(part, us)
    take(COMPUTE, leftUs)
    invariant(
      parts.every((us) => us >= 0 && Number.isInteger(us)),
      () => `attempt ${this.number} of request ${this.request} of ${this.producer}: ${parts}`,
    )
    return parts
  }
}
