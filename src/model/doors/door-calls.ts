import { grownFloat64, grownInt32, SlotPool } from '../../kernel/slot-pool.ts'
import { NONE } from '../messages/message-store.ts'

/** The requests in one door, from their arrival to its answer. */
export class DoorCalls {
  ordinal = new Float64Array(0)
  arrivedUs = new Float64Array(0)
  invokedUs = new Float64Array(0)
  /** Whose it is: index of the visitor. */
  visitor = new Int32Array(0)
  /** The visitor's own number for it; NONE: nobody waits for the answer. */
  request = new Int32Array(0)
  /** Its number among the attempts of its request. */
  attempt = new Int32Array(0)
  route = new Int32Array(0)
  /** Its invocation, or NONE. */
  invocation = new Int32Array(0)
  /** Of its payloads. */
  bytes = new Float64Array(0)
  responseBytes = new Float64Array(0)
  private readonly slots: SlotPool

  constructor(name: string) {
    this.slots = new SlotPool(`requests in ${name}`, (capacity) => this.grow(capacity))
  }

  get used(): number {
    return this.slots.used
  }

  take(): number {
    const call = this.slots.take()
    this.invocation[call] = NONE
    this.bytes[call] = 0
    this.responseBytes[call] = 0
    return call
  }

  give(call: number): void {
    this.slots.give(call)
  }

  private grow(capacity: number): void {
    this.ordinal = grownFloat64(this.ordinal, capacity)
    this.arrivedUs = grownFloat64(this.arrivedUs, capacity)
    this.invokedUs = grownFloat64(this.invokedUs, capacity)
    this.visitor = grownInt32(this.visitor, capacity)
    this.request = grownInt32(this.request, capacity)
    this.attempt = grownInt32(this.attempt, capacity)
    this.route = grownInt32(this.route, capacity)
    this.invocation = grownInt32(this.invocation, capacity)
    this.bytes = grownFloat64(this.bytes, capacity)
    this.responseBytes = grownFloat64(this.responseBytes, capacity)
  }
}
