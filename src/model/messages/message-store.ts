import { RecordStore } from '../../kernel/record-store.ts'
import { grownInt32 } from '../../kernel/slot-pool.ts'

// Fields of a message's record: doubles ...
/** Which one of its birth's things it is: with the birth it names its draws. */
export const ORDINAL = 0
/** When it entered the account's queue, stream or function that holds it now, us. */
export const ENTERED_US = 1
/** When its place has to act on it next: visible again, tried again, expired. */
export const DUE_US = 2
// ... one int32 ...
/** Payload, bytes. */
export const SIZE_BYTES = 6
// ... and two uint16.
/** Index of its birth. */
export const BIRTH = 14
/** How often it has been handed to a function or a poller; stays at the highest that fits. */
export const RECEIVES = 15

// Links of a message.
/** Neighbours in the place it is in (visible, in flight, backing off): the holder's to use. */
export const NEXT = 0
export const PREVIOUS = 1
/** Neighbours by age in its holder. */
export const YOUNGER = 2
export const OLDER = 3

const MOST_RECEIVES = 65_535

/** Neither a message nor a batch. */
export const NONE = -1

/**
 * Everything on its way that is not an attempt: queue messages, asynchronous events and stream
 * records. 64 bytes each, links included. Who holds a message owns its links and its `DUE_US`.
 */
export class Messages extends RecordStore {
  /** Its neighbours, four of a message side by side: `links[4 * message + NEXT]`. */
  links = new Int32Array(0)
  /** The next one of the batch it was received in. */
  nextInBatch = new Int32Array(0)
  /** The batch that holds it, or NONE. */
  batch = new Int32Array(0)
  /** Which functions' invocations led to it (lineage.ts); 0: none. */
  lineage = new Int32Array(0)
  /** A message that stands for several consumers' copies, or NONE. */
  parent = new Int32Array(0)

  constructor() {
    super('messages, events and records')
  }

  /** A new message. It belongs to the caller until a target accepts it. */
  create(birth: number, ordinal: number, sizeBytes: number, lineage: number): number {
    const message = this.take()
    this.reals[4 * message + ORDINAL] = ordinal
    this.ints[8 * message + SIZE_BYTES] = sizeBytes
    this.shorts[16 * message + BIRTH] = birth
    this.shorts[16 * message + RECEIVES] = 0
    this.batch[message] = NONE
    this.lineage[message] = lineage
    this.parent[message] = NONE
    return message
  }

  /** The same thing once more, as fan-out makes it: same birth and ordinal, hence same draws. */
  copy(message: number): number {
    return this.create(
      this.shorts[16 * message + BIRTH]!,
      this.reals[4 * message + ORDINAL]!,
      this.ints[8 * message + SIZE_BYTES]!,
      this.lineage[message]!,
    )
  }

  receives(message: number): number {
    return this.shorts[16 * message + RECEIVES]!
  }

  countReceive(message: number): void {
    const receives = this.shorts[16 * message + RECEIVES]!
    if (receives < MOST_RECEIVES) this.shorts[16 * message + RECEIVES] = receives + 1
  }

  protected override onGrow(capacity: number): void {
    this.links = grownInt32(this.links, 4 * capacity)
    this.nextInBatch = grownInt32(this.nextInBatch, capacity)
    this.batch = grownInt32(this.batch, capacity)
    this.lineage = grownInt32(this.lineage, capacity)
    this.parent = grownInt32(this.parent, capacity)
  }
}
