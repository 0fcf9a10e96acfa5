import { RecordStore } from '../../kernel/record-store.ts'
import { grownFloat64, grownInt32 } from '../../kernel/slot-pool.ts'

// Fields of an attempt's record: doubles ...
/** Ordinal of the request at its origin. */
export const ORDINAL = 0
export const ARRIVED_US = 1
/** First the handler's own time, from the start on all that `Duration` covers. */
export const DURATION_US = 2
// ... one int32 ...
/** The environment that runs it or is being initialised for it. */
export const ENVIRONMENT = 6
// ... one uint16 ...
/** Index of the origin. */
export const ORIGIN = 14
// ... and two bytes.
/** WARM, COLD, PROVISIONED or HANDED_OVER. */
export const START = 30
export const OUTCOME = 31

/** As many as a uint16 tells apart. */
export const MAXIMUM_ORIGINS = 65_536

/** The attempts in flight. What only cold and spilled ones have lies in arrays beside the records. */
export class InvocationStore extends RecordStore {
  /** Time before its code started: placement and init, or waiting; not written for warm starts. */
  delayUs = new Float64Array(0)
  placementUs = new Float64Array(0)
  initUs = new Float64Array(0)
  /** The request's failure draw in [0, 1); written where the function may fail at some time. */
  failureDraw = new Float64Array(0)
  /** Neighbours in its pool's list of waiting attempts; -1 at the ends. */
  next = new Int32Array(0)
  previous = new Int32Array(0)
  /** Index of the qualifier it was called by, and why that one's provisioned concurrency did not serve. */
  qualifier = new Int32Array(0)
  spillover = new Int32Array(0)
  /** What its origin works on: a message or a batch; written by origins that have such. */
  cause = new Int32Array(0)
  /** Its number among the attempts of its request; written by origins that try again. */
  attempt = new Int32Array(0)
  /** How long its handler waited for those it called; written at the end where it may call. */
  callUs = new Float64Array(0)

  constructor() {
    super('invocations in flight')
  }

  protected override onGrow(capacity: number): void {
    this.delayUs = grownFloat64(this.delayUs, capacity)
    this.placementUs = grownFloat64(this.placementUs, capacity)
    this.initUs = grownFloat64(this.initUs, capacity)
    this.failureDraw = grownFloat64(this.failureDraw, capacity)
    this.next = grownInt32(this.next, capacity)
    this.previous = grownInt32(this.previous, capacity)
    this.qualifier = grownInt32(this.qualifier, capacity)
    this.spillover = grownInt32(this.spillover, capacity)
    this.cause = grownInt32(this.cause, capacity)
    this.attempt = grownInt32(this.attempt, capacity)
    this.callUs = grownFloat64(this.callUs, capacity)
  }
}
