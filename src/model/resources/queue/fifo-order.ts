import { RANK_EXPIRY } from '../../../kernel/order.ts'
import { grownFloat64, grownInt32, SlotPool } from '../../../kernel/slot-pool.ts'
import { DUE_US, type Messages, NEXT, NONE, PREVIOUS } from '../../messages/message-store.ts'
import type { World } from '../../world.ts'
import { GroupRate } from './group-rate.ts'
import { VISIBLE, type WaitingMessages } from './waiting-messages.ts'

/** Groups without messages that are kept in any case. */
const FEWEST_EMPTY = 1_024

/**
 * A FIFO queue keeps the order within each message group, and gives out nothing of a group while
 * messages of it are in flight. Of a group that may be received it gives as many as it can before
 * it turns to the next one. Groups take turns. With high throughput a group that has been received
 * from too often within a second waits.
 * Source: Amazon SQS developer guide, "FIFO queue delivery logic".
 */
export class FifoOrder implements WaitingMessages {
  length = 0
  private readonly messages: Messages
  private readonly world: World
  /** Groups that have messages, and some that have had, by their key. */
  private readonly groups = new Map<number, number>()
  private readonly slots: SlotPool
  /** The group of each message that is here, visible or in flight. */
  private group = new Int32Array(0)
  /** The group's visible messages. */
  private head = new Int32Array(0)
  private tail = new Int32Array(0)
  private inFlight = new Int32Array(0)
  /** The last one that came back: those before it are back too, the others never left. */
  private lastBack = new Int32Array(0)
  /** Groups that may be received, in turn. */
  private nextReady = new Int32Array(0)
  private previousReady = new Int32Array(0)
  private isReady = new Int32Array(0)
  private firstReady = NONE
  private lastReady = NONE
  /** Groups without messages, and with how many of them some are forgotten. */
  private emptyCount = 0
  private mostEmpty = FEWEST_EMPTY
  /** Calls of each group; null: no limit. */
  readonly sends: GroupRate | null
  private readonly receives: GroupRate | null
  /** The group waits for its rate until then, us. */
  private heldUntilUs = new Float64Array(0)
  /** How many groups do. */
  heldCount = 0
  private readonly releaseKind: number
  /** The group that the present receive takes from. */
  private receiving = NONE
  private readonly changed: () => void

  /** `changed` is told that a group may be received again. */
  constructor(world: World, callsPerSecond: number | null, changed: () => void) {
    this.messages = world.messages
    this.world = world
    this.changed = changed
    this.sends = callsPerSecond === null ? null : new GroupRate(callsPerSecond)
    this.receives = callsPerSecond === null ? null : new GroupRate(callsPerSecond)
    this.releaseKind = world.addEventKind((group) => this.release(group))
    this.slots = new SlotPool('message groups', (capacity) => {
      this.head = grownInt32(this.head, capacity)
      this.tail = grownInt32(this.tail, capacity)
      this.inFlight = grownInt32(this.inFlight, capacity)
      this.lastBack = grownInt32(this.lastBack, capacity)
      this.nextReady = grownInt32(this.nextReady, capacity)
      this.previousReady = grownInt32(this.previousReady, capacity)
      this.isReady = grownInt32(this.isReady, capacity)
      this.heldUntilUs = grownFloat64(this.heldUntilUs, capacity)
      this.sends?.grow(capacity)
      this.receives?.grow(capacity)
    })
  }

  next(): number {
    return this.firstReady === NONE ? NONE : this.head[this.firstReady]!
  }

  arrive(message: number): void {
    const group = this.groupOf(message)
    this.remember(message, group)
    if (this.isEmpty(group)) this.emptyCount--
    this.insertAfter(group, this.tail[group]!, message)
    if (this.inFlight[group] === 0) this.makeReady(group)
  }

  take(message: number): void {
    const group = this.firstReady
    if (group !== this.receiving) {
      this.receiving = group
      this.receives?.take(group, this.world.simulator.nowUs)
    }
    this.unlink(group, message)
    this.inFlight[group]!++
    if (this.head[group] === NONE) this.block(group)
  }

  /** The group that was being received from is blocked from now on. */
  endReceive(): void {
    this.receiving = NONE
    const group = this.firstReady
    if (group === NONE) return
    // What a filter left out is not in flight, but has been received.
    if (this.inFlight[group]! > 0 || this.isHeld(group)) this.block(group)
  }

  comeBack(message: number, _toBack: boolean): void {
    const group = this.group[message]!
    this.insertAfter(group, this.lastBack[group]!, message)
    this.lastBack[group] = message
    this.inFlight[group]!--
    this.settle(group)
  }

  forget(message: number): void {
    const group = this.group[message]!
    this.inFlight[group]!--
    this.settle(group)
  }

  remove(message: number): void {
    const group = this.group[message]!
    if (this.lastBack[group] === message) {
      this.lastBack[group] = this.messages.links[4 * message + PREVIOUS]!
    }
    this.unlink(group, message)
    this.settle(group)
  }

  /** The group of a message that is not here yet. */
  groupOf(message: number): number {
    const key = this.world.births.keyOf(message)
    const known = this.groups.get(key)
    if (known !== undefined) return known
    if (this.emptyCount > this.mostEmpty) this.forgetEmpty()
    const group = this.slots.take()
    this.groups.set(key, group)
    this.head[group] = NONE
    this.tail[group] = NONE
    this.inFlight[group] = 0
    this.lastBack[group] = NONE
    this.isReady[group] = 0
    if (this.heldUntilUs[group]! > 0) this.heldCount--
    this.heldUntilUs[group] = 0
    this.sends?.begin(group)
    this.receives?.begin(group)
    this.emptyCount++
    return group
  }

  private remember(message: number, group: number): void {
    if (message >= this.group.length) {
      this.group = grownInt32(this.group, this.messages.links.length / 4)
    }
    this.group[message] = group
  }

  /** With nothing in flight a group may be received; with nothing at all it may be forgotten. */
  private settle(group: number): void {
    if (this.inFlight[group]! > 0) {
      if (this.head[group] === NONE) this.block(group)
      return
    }
    this.lastBack[group] = NONE
    if (this.head[group] !== NONE) {
      this.makeReady(group)
      return
    }
    this.block(group)
    this.emptyCount++
  }

  private isEmpty(group: number): boolean {
    return this.head[group] === NONE && this.inFlight[group] === 0
  }

  /** A group often has messages again soon, so groups are forgotten many at a time. */
  private forgetEmpty(): void {
    this.groups.forEach((group, key) => {
      if (!this.isEmpty(group) || !this.isWorkedOff(group)) return
      this.groups.delete(key)
      this.slots.give(group)
      this.emptyCount--
    })
    this.mostEmpty = Math.max(FEWEST_EMPTY, 2 * this.groups.size)
  }

  private isWorkedOff(group: number): boolean {
    const { sends, receives } = this
    if (sends === null || receives === null) return true
    const { nowUs } = this.world.simulator
    return sends.isWorkedOff(group, nowUs) && receives.isWorkedOff(group, nowUs)
  }

  private makeReady(group: number): void {
    if (this.isReady[group] === 1 || this.isHeld(group)) return
    this.isReady[group] = 1
    this.nextReady[group] = NONE
    this.previousReady[group] = this.lastReady
    if (this.lastReady === NONE) this.firstReady = group
    else this.nextReady[this.lastReady] = group
    this.lastReady = group
  }

  /** Whether its rate makes it wait; then it will be released. */
  private isHeld(group: number): boolean {
    if (this.receives === null) return false
    const { simulator } = this.world
    const atUs = this.receives.callableAtUs(group)
    if (atUs <= simulator.nowUs) return false
    if (this.heldUntilUs[group] !== atUs) {
      if (this.heldUntilUs[group] === 0) this.heldCount++
      this.heldUntilUs[group] = atUs
      simulator.schedule(atUs, RANK_EXPIRY, this.releaseKind, group)
    }
    return true
  }

  private release(group: number): void {
    // The group has been forgotten since, or its slot has another one.
    if (this.heldUntilUs[group] !== this.world.simulator.nowUs) return
    this.heldUntilUs[group] = 0
    this.heldCount--
    if (this.head[group] === NONE || this.inFlight[group]! > 0) return
    this.makeReady(group)
    this.changed()
  }

  private block(group: number): void {
    if (this.isReady[group] === 0) return
    this.isReady[group] = 0
    const next = this.nextReady[group]!
    const previous = this.previousReady[group]!
    if (previous === NONE) this.firstReady = next
    else this.nextReady[previous] = next
    if (next === NONE) this.lastReady = previous
    else this.previousReady[next] = previous
  }

  private insertAfter(group: number, neighbour: number, message: number): void {
    const { links, reals } = this.messages
    const following = neighbour === NONE ? this.head[group]! : links[4 * neighbour + NEXT]!
    links[4 * message + PREVIOUS] = neighbour
    links[4 * message + NEXT] = following
    if (neighbour === NONE) this.head[group] = message
    else links[4 * neighbour + NEXT] = message
    if (following === NONE) this.tail[group] = message
    else links[4 * following + PREVIOUS] = message
    reals[4 * message + DUE_US] = VISIBLE
    this.length++
  }

  private unlink(group: number, message: number): void {
    const { links } = this.messages
    const following = links[4 * message + NEXT]!
    const preceding = links[4 * message + PREVIOUS]!
    if (preceding === NONE) this.head[group] = following
    else links[4 * preceding + NEXT] = following
    if (following === NONE) this.tail[group] = preceding
    else links[4 * following + PREVIOUS] = preceding
    this.length--
  }
}
