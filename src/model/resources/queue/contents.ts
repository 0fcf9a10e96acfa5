import { RANK_EXPIRY } from '../../../kernel/order.ts'
import { MessageList } from '../../messages/message-list.ts'
import { DUE_US, ENTERED_US, NONE } from '../../messages/message-store.ts'
import type { World } from '../../world.ts'
import { Ages } from './ages.ts'
import { DELAYED } from './batches.ts'
import { FifoOrder } from './fifo-order.ts'
import { Past } from './past.ts'
import type { QueueSettings } from './queue-settings.ts'
import { StandardOrder } from './standard-order.ts'
import type { WaitingMessages } from './waiting-messages.ts'

/**
 * A message received this often and not deleted goes to the back of a standard queue and no longer
 * counts as its oldest, unless it is dead-lettered by then.
 * Source: Amazon SQS developer guide, "Available CloudWatch metrics for Amazon SQS".
 */
const RECEIVES_TO_THE_BACK = 3

/** Is told what time does to the messages. */
export interface ContentsOwner {
  /** The message's visibility timeout is over. */
  onReturned(message: number): void
  /** Its retention period is over; it is still here. */
  onExpired(message: number): void
  /** Some of that has happened at this instant. */
  changed(): void
}

/**
 * The messages of a queue: delayed, visible or in flight, and all of them by age. Delays,
 * visibility timeouts and retention periods are of one length each, so that only the head of each
 * list needs an event.
 */
export class QueueContents {
  readonly waiting: WaitingMessages
  readonly delayed: MessageList
  readonly inFlight: MessageList
  readonly past: Past
  private readonly ages: Ages
  private readonly world: World
  private readonly settings: QueueSettings
  private readonly owner: ContentsOwner
  private readonly visibilityEnds: number
  private readonly delayEnds: number
  private readonly retentionEnds: number
  private isVisibilityArmed = false
  private isDelayArmed = false
  private retentionArmedUs = Number.POSITIVE_INFINITY

  constructor(world: World, settings: QueueSettings, owner: ContentsOwner) {
    const { messages } = world
    this.world = world
    this.settings = settings
    this.owner = owner
    this.waiting = settings.isFifo
      ? new FifoOrder(world, settings.groupCallsPerSecond, () => owner.changed())
      : new StandardOrder(messages)
    this.delayed = new MessageList(messages)
    this.inFlight = new MessageList(messages)
    this.ages = new Ages(messages)
    this.past = new Past(messages)
    this.visibilityEnds = world.addEventKind(() => this.endVisibility())
    this.delayEnds = world.addEventKind(() => this.endDelays())
    this.retentionEnds = world.addEventKind(() => this.endRetention())
  }

  /** A lane for what another queue dead-letters; returns its number. */
  addLane(): number {
    return this.ages.addLane()
  }

  /** A message is the queue's from now on; where it goes is said next. */
  enter(message: number, enteredUs: number, lane: number): void {
    const { messages, simulator } = this.world
    messages.reals[4 * message + ENTERED_US] = enteredUs
    messages.batch[message] = NONE
    this.past.note(message, lane, simulator.nowUs)
    this.ages.add(message, lane)
    this.armRetention(enteredUs)
  }

  /** It becomes visible: at once, or after the queue's delay. */
  show(message: number): void {
    const { messages, simulator } = this.world
    if (this.settings.delayUs === 0) {
      this.waiting.arrive(message)
      return
    }
    messages.batch[message] = DELAYED
    messages.reals[4 * message + DUE_US] = simulator.nowUs + this.settings.delayUs
    this.delayed.append(message)
    this.armDelay()
  }

  /** It has been received and is invisible until `deadlineUs`. */
  hide(message: number, deadlineUs: number): void {
    this.world.messages.reals[4 * message + DUE_US] = deadlineUs
    this.inFlight.append(message)
    this.armVisibility()
  }

  isVisible(message: number): boolean {
    return this.dueUs(message) < 0
  }

  /** Takes a message out of the place that it is in. */
  leavePlace(message: number): void {
    if (this.isVisible(message)) this.waiting.remove(message)
    else if (this.world.messages.batch[message] === DELAYED) this.delayed.remove(message)
    else {
      this.inFlight.remove(message)
      this.waiting.forget(message)
    }
  }

  /** It is no longer the queue's, after it has left its place. */
  leave(message: number): void {
    this.ages.remove(message, this.past.laneOf(message))
  }

  /** When it came here, us: what was dead-lettered is older than that. */
  arrivedUs(message: number): number {
    const isMoved = this.past.laneOf(message) > 0
    return isMoved ? this.past.movedUs(message) : this.enteredUs(message)
  }

  /** Of the oldest message that counts; undefined when there is none. */
  oldestAgeUs(nowUs: number): number | undefined {
    let ageUs: number | undefined
    for (const message of this.ages.oldestOfEach((one) => !this.goesToBack(one))) {
      ageUs = Math.max(ageUs ?? 0, nowUs - this.arrivedUs(message))
    }
    return ageUs
  }

  /** Of the messages in flight, those that had been processed before. */
  countDuplicatesInFlight(): number {
    const { inFlight, past } = this
    let count = 0
    for (let at = inFlight.head; at !== NONE; at = inFlight.after(at)) {
      if (past.isDuplicate(at)) count++
    }
    return count
  }

  private endDelays(): void {
    const { messages } = this.world
    this.isDelayArmed = false
    for (let message = this.delayed.head; this.isDue(message); message = this.delayed.head) {
      this.delayed.shift()
      messages.batch[message] = NONE
      this.waiting.arrive(message)
    }
    this.armDelay()
    this.owner.changed()
  }

  private endVisibility(): void {
    this.isVisibilityArmed = false
    for (let message = this.inFlight.head; this.isDue(message); message = this.inFlight.head) {
      this.inFlight.shift()
      this.waiting.comeBack(message, this.goesToBack(message))
      this.owner.onReturned(message)
    }
    this.armVisibility()
    this.owner.changed()
  }

  private endRetention(): void {
    const { nowUs } = this.world.simulator
    // An older message has come since this event was scheduled: it brought its own.
    if (nowUs !== this.retentionArmedUs) return
    this.retentionArmedUs = Number.POSITIVE_INFINITY
    const { retentionUs } = this.settings
    let oldest = this.ages.oldest()
    while (oldest !== NONE && this.enteredUs(oldest) + retentionUs <= nowUs) {
      this.owner.onExpired(oldest)
      oldest = this.ages.oldest()
    }
    if (oldest !== NONE) this.armRetention(this.enteredUs(oldest))
    this.owner.changed()
  }

  private armDelay(): void {
    if (this.isDelayArmed || this.delayed.head === NONE) return
    this.isDelayArmed = true
    this.schedule(this.dueUs(this.delayed.head), this.delayEnds)
  }

  private armVisibility(): void {
    if (this.isVisibilityArmed || this.inFlight.head === NONE) return
    this.isVisibilityArmed = true
    this.schedule(this.dueUs(this.inFlight.head), this.visibilityEnds)
  }

  private armRetention(enteredUs: number): void {
    const { simulator } = this.world
    const atUs = Math.max(simulator.nowUs, enteredUs + this.settings.retentionUs)
    if (atUs >= this.retentionArmedUs) return
    this.retentionArmedUs = atUs
    this.schedule(atUs, this.retentionEnds)
  }

  private schedule(atUs: number, kind: number): void {
    this.world.simulator.scheduleLater(atUs, RANK_EXPIRY, kind, 0)
  }

  private dueUs(message: number): number {
    return this.world.messages.reals[4 * message + DUE_US]!
  }

  private isDue(message: number): boolean {
    return message !== NONE && this.dueUs(message) <= this.world.simulator.nowUs
  }

  private enteredUs(message: number): number {
    return this.world.messages.reals[4 * message + ENTERED_US]!
  }

  private goesToBack(message: number): boolean {
    const { redrive, isFifo } = this.settings
    if (isFifo || (redrive !== null && redrive.maxReceiveCount <= RECEIVES_TO_THE_BACK))
      return false
    return this.past.receivesOf(message) >= RECEIVES_TO_THE_BACK
  }
}
