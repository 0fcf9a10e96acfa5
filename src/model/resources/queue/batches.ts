import { grownFloat64, grownInt32, SlotPool } from '../../../kernel/slot-pool.ts'
import { type Messages, NONE, SIZE_BYTES } from '../../messages/message-store.ts'

/** In `messages.batch`: the message waits in its queue for its delay to pass. */
export const DELAYED = -2

/**
 * What one reader of a queue has received and works on together. A message bears the number of its
 * batch until it leaves it: deleted, let go of, or received anew by another batch. So a batch
 * whose visibility timeout is over knows which of its receipts still count.
 */
export class Batches {
  head = new Int32Array(0)
  tail = new Int32Array(0)
  count = new Int32Array(0)
  /** Payload of its messages together. */
  bytes = new Float64Array(0)
  /** When the first of its messages becomes visible again, us. */
  deadlineUs = new Float64Array(0)
  /** How often the function has refused it. */
  throttles = new Int32Array(0)
  /** 1 while the function runs with it. */
  isRunning = new Int32Array(0)
  private readonly messages: Messages
  private readonly slots: SlotPool

  constructor(messages: Messages) {
    this.messages = messages
    this.slots = new SlotPool('batches of a queue', (capacity) => {
      this.head = grownInt32(this.head, capacity)
      this.tail = grownInt32(this.tail, capacity)
      this.count = grownInt32(this.count, capacity)
      this.bytes = grownFloat64(this.bytes, capacity)
      this.deadlineUs = grownFloat64(this.deadlineUs, capacity)
      this.throttles = grownInt32(this.throttles, capacity)
      this.isRunning = grownInt32(this.isRunning, capacity)
    })
  }

  /** An empty batch. */
  open(): number {
    const batch = this.slots.take()
    this.head[batch] = NONE
    this.tail[batch] = NONE
    this.count[batch] = 0
    this.bytes[batch] = 0
    this.deadlineUs[batch] = Number.POSITIVE_INFINITY
    this.throttles[batch] = 0
    this.isRunning[batch] = 0
    return batch
  }

  /** A batch whose messages have all been deleted or let go of. */
  give(batch: number): void {
    this.slots.give(batch)
  }

  /** The message comes back when its visibility timeout is over; its receipt is forgotten. */
  letGo(message: number): void {
    this.messages.batch[message] = NONE
  }

  letGoOfAll(batch: number): void {
    const { nextInBatch } = this.messages
    for (let at = this.head[batch]!; at !== NONE; at = nextInBatch[at]!) this.letGo(at)
  }

  append(batch: number, message: number): void {
    const { nextInBatch } = this.messages
    const last = this.tail[batch]!
    if (last === NONE) this.head[batch] = message
    else nextInBatch[last] = message
    this.tail[batch] = message
    nextInBatch[message] = NONE
    this.messages.batch[message] = batch
    this.count[batch]!++
    this.bytes[batch]! += this.messages.ints[8 * message + SIZE_BYTES]!
  }

  forEach(batch: number, visit: (message: number) => void): void {
    const { nextInBatch } = this.messages
    for (let at = this.head[batch]!; at !== NONE; at = nextInBatch[at]!) visit(at)
  }

  /** Takes a message out of its batch, which goes on with the others. Walks up to it: rare. */
  remove(message: number): void {
    const { nextInBatch } = this.messages
    const batch = this.messages.batch[message]!
    let before = NONE
    for (let at = this.head[batch]!; at !== message; at = nextInBatch[at]!) before = at
    const following = nextInBatch[message]!
    if (before === NONE) this.head[batch] = following
    else nextInBatch[before] = following
    if (following === NONE) this.tail[batch] = before
    this.count[batch]!--
    this.bytes[batch]! -= this.messages.ints[8 * message + SIZE_BYTES]!
    this.messages.batch[message] = NONE
  }
}
