import { grownFloat64, grownInt32 } from '../../../kernel/slot-pool.ts'
import type { Messages } from '../../messages/message-store.ts'

const LANE_SHIFT = 16
const RECEIVES_MASK = 0xffff
const DUPLICATE = 0x40000000

/**
 * What a queue must know of the former life of its messages: where they came from and how often
 * they had been received by then. Only queues that were sent such messages pay for it.
 */
export class Past {
  private readonly messages: Messages
  /** Bit 30: a duplicate; bits 16 to 29: the lane; below: receives before it entered. */
  private notes: Int32Array | null = null
  private arrivals: Float64Array | null = null

  constructor(messages: Messages) {
    this.messages = messages
  }

  /** A message enters; `lane` is that of the queue that it was dead-lettered by, or 0. */
  note(message: number, lane: number, nowUs: number): void {
    const receives = this.messages.receives(message)
    if (this.notes === null && lane === 0 && receives === 0) return
    this.write(message, (lane << LANE_SHIFT) | receives)
    if (lane === 0) return
    if (this.arrivals === null || message >= this.arrivals.length) {
      this.arrivals = grownFloat64(this.arrivals ?? new Float64Array(0), this.notes!.length)
    }
    this.arrivals[message] = nowUs
  }

  laneOf(message: number): number {
    return (this.noteOf(message) & ~DUPLICATE) >>> LANE_SHIFT
  }

  /** How often this queue has handed it out. */
  receivesOf(message: number): number {
    return this.messages.receives(message) - (this.noteOf(message) & RECEIVES_MASK)
  }

  /** When a message that was dead-lettered came, us. */
  movedUs(message: number): number {
    return this.arrivals![message]!
  }

  /** It has been processed, but its deletion did not take hold everywhere. */
  markDuplicate(message: number): void {
    this.write(message, this.noteOf(message) | DUPLICATE)
  }

  isDuplicate(message: number): boolean {
    return (this.noteOf(message) & DUPLICATE) !== 0
  }

  private noteOf(message: number): number {
    const { notes } = this
    return notes === null || message >= notes.length ? 0 : notes[message]!
  }

  private write(message: number, note: number): void {
    if (this.notes === null || message >= this.notes.length) {
      const before = this.notes ?? new Int32Array(0)
      this.notes = grownInt32(before, Math.max(message + 1, 2 * before.length))
    }
    this.notes[message] = note
  }
}
