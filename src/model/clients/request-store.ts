import { grownFloat64, grownInt32, SlotPool } from '../../kernel/slot-pool.ts'
import { NONE } from '../messages/message-store.ts'

/** The requests under way of one producer whose callers retry or give up. */
export class RequestStore {
  ordinal = new Float64Array(0)
  /** When its caller first wanted it. */
  beganUs = new Float64Array(0)
  /** Handler's own time and failure draw of the first attempt, drawn when the request was born. */
  firstDurationUs = new Float64Array(0)
  firstFailureDraw = new Float64Array(0)
  /** Attempts made so far. */
  attempts = new Int32Array(0)
  /** Those whose function code has started or is going to. */
  admitted = new Int32Array(0)
  /** The attempt that its caller waits for, or NONE. */
  current = new Int32Array(0)
  /** What its last retry cost the quota; 0: it had none. */
  lastCost = new Int32Array(0)
  /** How its last attempt ended: a number that the caller gives it. */
  last = new Int32Array(0)
  /** Attempts that were refused. */
  throttles = new Int32Array(0)
  instance = new Int32Array(0)
  /** The next one that waits for the rate limiter of its client. */
  next = new Int32Array(0)
  /** How many attempts are waited for. */
  awaited = 0
  private readonly slots: SlotPool

  constructor() {
    this.slots = new SlotPool('requests under way', (capacity) => this.grow(capacity))
  }

  /** Requests under way, those between two attempts included. */
  get used(): number {
    return this.slots.used
  }

  take(ordinal: number, instance: number, beganUs: number): number {
    const request = this.slots.take()
    this.ordinal[request] = ordinal
    this.instance[request] = instance
    this.beganUs[request] = beganUs
    this.attempts[request] = 0
    this.admitted[request] = 0
    this.current[request] = NONE
    this.lastCost[request] = 0
    this.last[request] = 0
    this.throttles[request] = 0
    this.next[request] = NONE
    return request
  }

  /** The caller waits for this attempt. */
  await(request: number, attempt: number): void {
    this.current[request] = attempt
    this.awaited++
  }

  endAwait(request: number): void {
    this.current[request] = NONE
    this.awaited--
  }

  give(request: number): void {
    this.slots.give(request)
  }

  private grow(capacity: number): void {
    this.ordinal = grownFloat64(this.ordinal, capacity)
    this.beganUs = grownFloat64(this.beganUs, capacity)
    this.firstDurationUs = grownFloat64(this.firstDurationUs, capacity)
    this.firstFailureDraw = grownFloat64(this.firstFailureDraw, capacity)
    this.attempts = grownInt32(this.attempts, capacity)
    this.admitted = grownInt32(this.admitted, capacity)
    this.current = grownInt32(this.current, capacity)
    this.lastCost = grownInt32(this.lastCost, capacity)
    this.last = grownInt32(this.last, capacity)
    this.throttles = grownInt32(this.throttles, capacity)
    this.instance = grownInt32(this.instance, capacity)
    this.next = grownInt32(this.next, capacity)
  }
}
