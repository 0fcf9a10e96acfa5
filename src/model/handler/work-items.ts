import { grownFloat64, grownInt32, SlotPool } from '../../kernel/slot-pool.ts'
import { ORDINAL, ORIGIN } from '../invocation/invocation-store.ts'
import { childOrdinal } from '../messages/births.ts'
import { NO_LINEAGE } from '../messages/lineage.ts'
import { ORDINAL as MESSAGE_ORDINAL, NONE } from '../messages/message-store.ts'
import type { World } from '../world.ts'

/** Room for the running numbers of one delivery: a call is made at most 100,000 times. */
const REPETITIONS = 131_072

/**
 * What invocations that make calls work on: a request, an event, or each message of a batch. It
 * is noted when the calls begin, because a queue may hand a message on while its handler waits.
 */
export class WorkItems {
  /** The next one of the same invocation, or NONE. */
  next = new Int32Array(0)
  lineage = new Int32Array(0)
  /** The stream, ordinal and delivery (of a request: attempt) that key its draws. */
  private stream = new Int32Array(0)
  private ordinal = new Float64Array(0)
  private delivery = new Int32Array(0)
  private readonly slots: SlotPool
  private readonly world: World
  private head = NONE
  private tail = NONE

  constructor(world: World) {
    this.world = world
    this.slots = new SlotPool('requests and messages that handlers make calls for', (capacity) => {
      this.next = grownInt32(this.next, capacity)
      this.lineage = grownInt32(this.lineage, capacity)
      this.stream = grownInt32(this.stream, capacity)
      this.ordinal = grownFloat64(this.ordinal, capacity)
      this.delivery = grownInt32(this.delivery, capacity)
    })
  }

  /** How many there are. */
  get used(): number {
    return this.slots.used
  }

  /** The items of an invocation: the first of them, or NONE where it processed no message. */
  collect(invocation: number): number {
    const { origins, store } = this.world.invocations
    const origin = origins[store.shorts[16 * invocation + ORIGIN]!]!
    this.head = NONE
    this.tail = NONE
    if (origin.forEachMessage !== undefined) origin.forEachMessage(invocation, this.addMessage)
    else {
      const attempt = (origin.attemptOf?.(invocation) ?? 1) - 1
      this.add(origin.hash, store.reals[4 * invocation + ORDINAL]!, attempt, NO_LINEAGE)
    }
    return this.head
  }

  giveAll(first: number): void {
    for (let item = first; item !== NONE; item = this.next[item]!) this.slots.give(item)
  }

  /** The ordinal of what call `site` does for this item the nth time. */
  childOrdinal(item: number, site: number, repetition: number): number {
    const stream = site ^ this.stream[item]!
    const index = this.delivery[item]! * REPETITIONS + repetition
    return childOrdinal(stream, this.ordinal[item]!, index)
  }

  private readonly addMessage = (message: number): void => {
    const { births, messages } = this.world
    const stream = births.streamOf(message)
    const ordinal = messages.reals[4 * message + MESSAGE_ORDINAL]!
    this.add(stream, ordinal, messages.receives(message), messages.lineage[message]!)
  }

  private add(stream: number, ordinal: number, delivery: number, lineage: number): void {
    const item = this.slots.take()
    this.stream[item] = stream
    this.ordinal[item] = ordinal
    this.delivery[item] = delivery
    this.lineage[item] = lineage
    this.next[item] = NONE
    if (this.tail === NONE) this.head = item
    else this.next[this.tail] = item
    this.tail = item
  }
}
