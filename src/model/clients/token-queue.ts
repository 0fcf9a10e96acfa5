import { RANK_ARRIVAL } from '../../kernel/order.ts'
import type { Simulator } from '../../kernel/simulator.ts'
import { NONE } from '../messages/message-store.ts'
import { ClientRateLimiter } from './rate-limiter.ts'
import type { RequestStore } from './request-store.ts'

/** Requests that wait for a token of their client's rate limiter, in order. */
export class TokenQueue {
  private readonly limiter = new ClientRateLimiter()
  private readonly requests: RequestStore
  private readonly simulator: Simulator
  private readonly kind: number
  private readonly index: number
  private head = NONE
  private tail = NONE
  /** When the event for the head comes; 0: there is none. */
  private dueUs = 0

  /** `kind` is the event that asks for `release`, its subject `index`. */
  constructor(requests: RequestStore, simulator: Simulator, kind: number, index: number) {
    this.requests = requests
    this.simulator = simulator
    this.kind = kind
    this.index = index
  }

  /** Whether an attempt may be sent at once; else its request waits. */
  mayGo(request: number): boolean {
    if (this.head === NONE && this.limiter.take(this.simulator.nowUs)) return true
    if (this.head === NONE) this.head = request
    else this.requests.next[this.tail] = request
    this.tail = request
    this.requests.next[request] = NONE
    this.arm()
    return false
  }

  /** An answer moves the rate, and with it the time of the next token. */
  answered(isThrottle: boolean): void {
    this.limiter.onAnswer(this.simulator.nowUs, isThrottle)
    if (this.head !== NONE) this.arm()
  }

  /** The event has come: hands out the requests for which there are tokens. */
  release(send: (request: number) => void): void {
    const { nowUs } = this.simulator
    // An event that a nearer one has replaced.
    if (this.dueUs !== nowUs) return
    this.dueUs = 0
    while (this.head !== NONE && this.limiter.take(nowUs)) {
      const request = this.head
      this.head = this.requests.next[request]!
      send(request)
    }
    if (this.head !== NONE) this.arm()
  }

  /** An event comes when there is a token, at the latest; one that comes too early arms anew. */
  private arm(): void {
    const { nowUs } = this.simulator
    const dueUs = nowUs + Math.max(1, this.limiter.waitUs(nowUs))
    if (this.dueUs !== 0 && this.dueUs <= dueUs) return
    this.dueUs = dueUs
    this.simulator.schedule(dueUs, RANK_ARRIVAL, this.kind, this.index)
  }
}
