import { grownFloat64, SlotPool } from './slot-pool.ts'

/**
 * Entities as records of 32 bytes that lie side by side. With tens of thousands of entities alive
 * every field of its own costs a cache miss per event; a record costs one for all that it holds.
 * A subclass keeps what events rarely touch in arrays of its own, grown with `onGrow`.
 *
 * The four views share their memory: double k lies where the int32 2k and 2k + 1, the uint16 4k to
 * 4k + 3 and the bytes 8k to 8k + 7 do. Fields are constants: `reals[4 * slot + ARRIVED_US]`.
 */
export class RecordStore {
  reals = new Float64Array(0)
  ints = new Int32Array(0)
  shorts = new Uint16Array(0)
  bytes = new Uint8Array(0)
  private readonly slots: SlotPool

  /** `what` names the entity in the message when there are too many of them. */
  constructor(what: string) {
    this.slots = new SlotPool(what, (capacity) => {
      this.reals = grownFloat64(this.reals, capacity * 4)
      this.ints = new Int32Array(this.reals.buffer)
      this.shorts = new Uint16Array(this.reals.buffer)
      this.bytes = new Uint8Array(this.reals.buffer)
      this.onGrow(capacity)
    })
  }

  /** Slots in use. */
  get used(): number {
    return this.slots.used
  }

  /** A free slot; its record holds whatever its last owner left. */
  take(): number {
    return this.slots.take()
  }

  give(slot: number): void {
    this.slots.give(slot)
  }

  /** Slots below `capacity` may be taken from now on. */
  protected onGrow(_capacity: number): void {}
}
