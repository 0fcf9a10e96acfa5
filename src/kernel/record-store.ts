import { SlotPool } from './slot-pool.ts'

const DOUBLES_PER_RECORD = 16
const INTS_PER_RECORD = 32

/**
 * Entities as records of 128 bytes, two cache lines each: the first for what every event touches,
 * the second for the rest. With tens of thousands of entities alive, an array per field costs a
 * cache miss per field; a record costs one for all.
 *
 * Fields are constants: `reals[realAt(slot) + ARRIVED_US]`. Both views share their memory: the
 * int32 fields 2k and 2k + 1 lie where double k does.
 */
export class RecordStore {
  reals = new Float64Array(0)
  ints = new Int32Array(0)
  private readonly pool: SlotPool

  /** `what` names the entity in the message when there are too many of them. */
  constructor(what: string) {
    this.pool = new SlotPool(what, (capacity) => this.grow(capacity))
  }

  /** Slots in use. */
  get used(): number {
    return this.pool.used
  }

  /** A free slot; its record holds whatever its last owner left. */
  take(): number {
    return this.pool.take()
  }

  give(slot: number): void {
    this.pool.give(slot)
  }

  private grow(capacity: number): void {
    const reals = new Float64Array(capacity * DOUBLES_PER_RECORD)
    reals.set(this.reals)
    this.reals = reals
    this.ints = new Int32Array(reals.buffer)
  }
}

/** Index of the record's first double. */
export function realAt(slot: number): number {
  return slot * DOUBLES_PER_RECORD
}

/** Index of the record's first int32. */
export function intAt(slot: number): number {
  return slot * INTS_PER_RECORD
}
