import { grownFloat64, grownInt32, SlotPool } from '../../kernel/slot-pool.ts'

/** What an environment is doing. */
export const INITIALISING = 1
export const BUSY = 2
export const IDLE = 3
/** Its runtime is being shut down after a crash or timeout; it will be idle again. */
export const RESETTING = 4
export const RETIRED = 5

/** Why an invocation on this environment needs more than the handler's time. */
export const NEEDS_FIRST_INVOCATION = 1
export const NEEDS_INIT = 2

/** All execution environments of a run, a slot each. */
export class EnvironmentStore {
  pool = new Int32Array(0)
  state = new Int32Array(0)
  /** NEEDS_* flags. */
  needs = new Int32Array(0)
  /** How many inits it has been through: the next draw's index. */
  inits = new Int32Array(0)
  /** While initialising: the attempt it was begun for, -1 when that was served elsewhere. */
  owner = new Int32Array(0)
  /** 1 when it was initialised ahead of any request. */
  proactive = new Int32Array(0)
  ordinal = new Float64Array(0)
  idleSinceUs = new Float64Array(0)
  idleTimeoutUs = new Float64Array(0)
  endOfLifeUs = new Float64Array(0)
  replacedAhead = new Int32Array(0)
  /** When its timer will fire; Infinity when none is armed. */
  timerUs = new Float64Array(0)
  placementUs = new Float64Array(0)
  initUs = new Float64Array(0)

  private readonly slots = new SlotPool('execution environments', (capacity) => this.grow(capacity))

  take(): number {
    return this.slots.take()
  }

  give(slot: number): void {
    this.slots.give(slot)
  }

  private grow(capacity: number): void {
    this.pool = grownInt32(this.pool, capacity)
    this.state = grownInt32(this.state, capacity)
    this.needs = grownInt32(this.needs, capacity)
    this.inits = grownInt32(this.inits, capacity)
    this.owner = grownInt32(this.owner, capacity)
    this.proactive = grownInt32(this.proactive, capacity)
    this.replacedAhead = grownInt32(this.replacedAhead, capacity)
    this.ordinal = grownFloat64(this.ordinal, capacity)
    this.idleSinceUs = grownFloat64(this.idleSinceUs, capacity)
    this.idleTimeoutUs = grownFloat64(this.idleTimeoutUs, capacity)
    this.endOfLifeUs = grownFloat64(this.endOfLifeUs, capacity)
    this.timerUs = grownFloat64(this.timerUs, capacity)
    this.placementUs = grownFloat64(this.placementUs, capacity)
    this.initUs = grownFloat64(this.initUs, capacity)
  }
}
