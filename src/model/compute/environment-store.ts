import { RecordStore } from '../../kernel/record-store.ts'
import { grownFloat64, grownInt32 } from '../../kernel/slot-pool.ts'

// Fields of an environment's record: one double ...
export const IDLE_SINCE_US = 0
// ... int32s ...
export const ORDINAL = 2
/** Index of its pool. */
export const POOL = 3
/** Neighbours in its pool's list of idle environments; -1 at the ends. */
export const OLDER = 4
export const NEWER = 5
// ... and bytes.
/** One of the states below. */
export const STATE = 24
/** NEEDS_* flags. */
export const NEEDS = 25
/** IS_* flags. */
export const TRAITS = 26

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
/** Its restore took too long: its first invocation fails with it. */
export const RESTORE_FAILED = 4

/** Lambda replaces it ahead of the end of its life. */
export const IS_REPLACED_AHEAD = 1
/** No invocation has run on it yet. */
export const IS_UNUSED = 2
/** Its timer is in the event queue, due at `timerUs`. */
export const IS_TIMED = 4
/** Its life ends at `endOfLifeUs`. */
export const IS_MORTAL = 8
/** Lambda initialises it although no request asked. */
export const IS_PROACTIVE = 16

/** All execution environments. What their timers and inits need lies in arrays beside the records. */
export class EnvironmentStore extends RecordStore {
  idleTimeoutUs = new Float64Array(0)
  timerUs = new Float64Array(0)
  /** Infinity: lives for ever. */
  endOfLifeUs = new Float64Array(0)
  placementUs = new Float64Array(0)
  /** How long its init or restore took. */
  initUs = new Float64Array(0)
  /** What of that may be billed. */
  billedInitUs = new Float64Array(0)
  /** While initialising: the attempt it was begun for, -1 when that was served elsewhere. */
  owner = new Int32Array(0)
  /** How many inits it has been through: the next draw's index. */
  inits = new Int32Array(0)

  constructor() {
    super('execution environments')
  }

  protected override onGrow(capacity: number): void {
    this.idleTimeoutUs = grownFloat64(this.idleTimeoutUs, capacity)
    this.endOfLifeUs = grownFloat64(this.endOfLifeUs, capacity)
    this.timerUs = grownFloat64(this.timerUs, capacity)
    this.placementUs = grownFloat64(this.placementUs, capacity)
    this.initUs = grownFloat64(this.initUs, capacity)
    this.billedInitUs = grownFloat64(this.billedInitUs, capacity)
    this.owner = grownInt32(this.owner, capacity)
    this.inits = grownInt32(this.inits, capacity)
  }
}
