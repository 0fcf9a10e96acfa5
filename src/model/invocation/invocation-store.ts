import { grownFloat64, grownInt32, SlotPool } from '../../kernel/slot-pool.ts'

/** The attempts in flight, a slot each; a slot is reused when its attempt has ended. */
export class InvocationStore {
  /** Index of the origin. */
  origin = new Int32Array(0)
  functionIndex = new Int32Array(0)
  qualifier = new Int32Array(0)
  /** The environment that runs or initialises for it; -1 while refused or waiting for any. */
  environment = new Int32Array(0)
  /** WARM, COLD or PROVISIONED. */
  start = new Int32Array(0)
  spillover = new Int32Array(0)
  outcome = new Int32Array(0)
  /** 1 when another environment than the one begun for it served it. */
  handedOver = new Int32Array(0)
  /** The next in a list of waiting attempts; -1 at its end. */
  next = new Int32Array(0)
  previous = new Int32Array(0)
  /** Ordinal of the request at its origin. */
  ordinal = new Float64Array(0)
  arrivedUs = new Float64Array(0)
  /** Time before its code started: placement, init or waiting, carried with its fraction. */
  delayUs = new Float64Array(0)
  placementUs = new Float64Array(0)
  initUs = new Float64Array(0)
  /** First the handler's own time, from the start on all that `Duration` covers. */
  durationUs = new Float64Array(0)
  /** The request's failure draw in [0, 1). */
  failureDraw = new Float64Array(0)

  private readonly pool = new SlotPool('invocations in flight', (capacity) => this.grow(capacity))

  get inFlight(): number {
    return this.pool.used
  }

  take(): number {
    return this.pool.take()
  }

  give(slot: number): void {
    this.pool.give(slot)
  }

  private grow(capacity: number): void {
    this.origin = grownInt32(this.origin, capacity)
    this.functionIndex = grownInt32(this.functionIndex, capacity)
    this.qualifier = grownInt32(this.qualifier, capacity)
    this.environment = grownInt32(this.environment, capacity)
    this.start = grownInt32(this.start, capacity)
    this.spillover = grownInt32(this.spillover, capacity)
    this.outcome = grownInt32(this.outcome, capacity)
    this.handedOver = grownInt32(this.handedOver, capacity)
    this.next = grownInt32(this.next, capacity)
    this.previous = grownInt32(this.previous, capacity)
    this.ordinal = grownFloat64(this.ordinal, capacity)
    this.arrivedUs = grownFloat64(this.arrivedUs, capacity)
    this.delayUs = grownFloat64(this.delayUs, capacity)
    this.placementUs = grownFloat64(this.placementUs, capacity)
    this.initUs = grownFloat64(this.initUs, capacity)
    this.durationUs = grownFloat64(this.durationUs, capacity)
    this.failureDraw = grownFloat64(this.failureDraw, capacity)
  }
}
