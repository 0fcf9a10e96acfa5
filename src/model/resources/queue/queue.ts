/**
 * A queue: what it holds, who reads it, and what becomes of each message.
 * Sources: Amazon SQS developer guide, "Amazon SQS visibility timeout", "Using dead-letter queues
 * in Amazon SQS", "Available CloudWatch metrics for Amazon SQS".
 */
import { hashName } from '../../../kernel/generator.ts'
import { RANK_EXPIRY } from '../../../kernel/order.ts'
import { PLAIN_SHAPE } from '../../messages/births.ts'
import { MessageList } from '../../messages/message-list.ts'
import {
  BIRTH,
  DUE_US,
  ENTERED_US,
  NONE,
  ORDINAL,
  RECEIVES,
  SIZE_BYTES,
} from '../../messages/message-store.ts'
import type { Book, LedgerOutcome } from '../../metrics/ledger.ts'
import type { Backlog, Part } from '../../part.ts'
import {
  foldOrdinal,
  MESSAGE_ENDED,
  MESSAGE_RECEIVED,
  MESSAGE_RETURNED,
} from '../../transitions.ts'
import type { World } from '../../world.ts'
import { ACCEPTED, type Acceptance, REJECTED, type Target, THROTTLED } from '../target.ts'
import { Ages } from './ages.ts'
import { Batches, DELAYED } from './batches.ts'
import { CallRates } from './call-rates.ts'
import { FifoOrder } from './fifo-order.ts'
import { MessageMove, type MessageMoveOptions } from './message-move.ts'
import { Past } from './past.ts'
import { QueueMeter } from './queue-meter.ts'
import type { QueueBacklog, QueueSettings } from './queue-settings.ts'
import { StandardOrder } from './standard-order.ts'
import type { WaitingMessages } from './waiting-messages.ts'

/** Messages of one ReceiveMessage (Amazon SQS API reference, ReceiveMessage). */
const MESSAGES_PER_RECEIVE = 10

/**
 * A message received this often and not deleted goes to the back of a standard queue and no longer
 * counts as its oldest, unless it is dead-lettered by then.
 */
const RECEIVES_TO_THE_BACK = 3

/** Who reads a queue: an event source mapping. */
export interface QueueReader {
  readonly isReading: boolean
  /** Something may be there to receive. */
  wake(): void
  /** Told of each message that it receives; false: its filter leaves it out. */
  wants(message: number): boolean
}

export class Queue implements Part, Target {
  readonly scope = 'queue'
  readonly name: string
  readonly path: string
  readonly settings: QueueSettings
  readonly batches: Batches
  private readonly world: World
  private readonly backlogAtStart: QueueBacklog | undefined
  private readonly meter: QueueMeter
  private readonly hash: number
  private readonly duplicatePurpose: number
  private readonly waiting: WaitingMessages
  private readonly delayed: MessageList
  private readonly inFlight: MessageList
  private readonly ages: Ages
  private readonly past: Past
  private readonly rates: CallRates | null
  private readonly move: MessageMove
  private readonly readers: QueueReader[] = []
  /** Whose turn it is. */
  private nextReader = 0
  private deadLetterQueue: Queue | null = null
  /** Its lane in the dead-letter queue. */
  private deadLetterLane = 0
  /** Queues whose dead-letter queue this is, by lane. */
  private readonly sources: (Queue | null)[] = [null]
  private readonly visibilityEnds: number
  private readonly delayEnds: number
  private readonly retentionEnds: number
  private isVisibilityArmed = false
  private isDelayArmed = false
  /** Processed messages that come once more. */
  private duplicates = 0
  private retentionArmedUs = Number.POSITIVE_INFINITY

  constructor(
    name: string,
    settings: QueueSettings,
    backlog: QueueBacklog | undefined,
    world: World,
  ) {
    const { messages, births, recorder } = world
    this.name = name
    this.path = `queues.${name}`
    this.settings = settings
    this.backlogAtStart = backlog
    this.world = world
    this.hash = hashName(this.path)
    this.duplicatePurpose = hashName(`${this.path}/duplicate`)
    this.batches = new Batches(messages)
    this.waiting = settings.isFifo ? new FifoOrder(messages, births) : new StandardOrder(messages)
    this.delayed = new MessageList(messages)
    this.inFlight = new MessageList(messages)
    this.ages = new Ages(messages)
    this.past = new Past(messages)
    this.rates = settings.callsPerSecond === null ? null : new CallRates(settings.callsPerSecond)
    this.meter = new QueueMeter(recorder, name, (nowUs) => this.oldestAgeUs(nowUs))
    this.visibilityEnds = world.addEventKind(() => this.endVisibility())
    this.delayEnds = world.addEventKind(() => this.endDelays())
    this.retentionEnds = world.addEventKind(() => this.expire())
    this.move = new MessageMove(world, this)
  }

  connect(): void {
    const { redrive } = this.settings
    if (redrive === null) return
    this.deadLetterQueue = this.world.target(redrive.target, ['queues']) as Queue
    this.deadLetterLane = this.deadLetterQueue.addSource(this)
  }

  start(): void {
    if (this.backlogAtStart === undefined) return
    const { messages: count, ageUs, receiveCount } = this.backlogAtStart
    const { messages, births } = this.world
    const birth = births.add(`${this.path}/initial`, PLAIN_SHAPE)
    for (let ordinal = 0; ordinal < count; ordinal++) {
      const message = messages.create(birth, ordinal, PLAIN_SHAPE.sizeBytes, 0)
      this.enter(message, -ageUs, 0)
      messages.shorts[16 * message + RECEIVES] = receiveCount
      this.waiting.arrive(message)
    }
    this.changed()
  }

  /** A reader joins; the queue tells it when to look. */
  addReader(reader: QueueReader): void {
    this.readers.push(reader)
  }

  accept(message: number): Acceptance {
    const { messages, simulator } = this.world
    if (!this.fits(message)) return REJECTED
    const birth = messages.shorts[16 * message + BIRTH]!
    if (this.rates?.maySend(birth, simulator.nowUs) === false) return THROTTLED
    this.admit(message)
    return ACCEPTED
  }

  /** Whether a receive would return something. */
  get hasNext(): boolean {
    return this.inFlight.length < this.settings.inFlightLimit && this.waiting.next() !== NONE
  }

  /** Whether the next message would still go into a batch of `mostBytes`; true when there is none. */
  hasRoomForNext(batch: number, mostBytes: number): boolean {
    const next = this.waiting.next()
    if (next === NONE) return true
    return this.batches.bytes[batch]! + this.sizeOf(next) <= mostBytes
  }

  /** Nothing is visible or in flight. */
  get isQuiet(): boolean {
    return this.waiting.length === 0 && this.inFlight.length === 0
  }

  /** When the next receive is answered: now, or later where calls are limited. */
  receivableAtUs(): number {
    const { nowUs } = this.world.simulator
    return this.rates === null ? nowUs : this.rates.receivableAtUs(nowUs)
  }

  /**
   * One ReceiveMessage: at most `most` messages go into the batch, with at most `mostBytes` in all.
   * Their receives are counted and their visibility timeout begins. What has been received too
   * often already goes to the dead-letter queue instead.
   */
  receive(reader: QueueReader, batch: number, most: number, mostBytes: number): void {
    const { simulator, messages } = this.world
    const { waiting, batches, inFlight, settings } = this
    const deadlineUs = simulator.nowUs + settings.visibilityTimeoutUs
    const room = Math.min(most, MESSAGES_PER_RECEIVE, settings.inFlightLimit - inFlight.length)
    this.rates?.takeReceive()
    this.nextReader = this.readers.indexOf(reader) + 1
    let received = 0
    while (received < room) {
      const message = waiting.next()
      if (message === NONE) break
      if (this.isUsedUp(message)) {
        this.deadLetter(message)
        continue
      }
      const sizeBytes = this.sizeOf(message)
      if (batches.count[batch]! > 0 && batches.bytes[batch]! + sizeBytes > mostBytes) break
      received++
      waiting.take(message)
      this.countReceive(message)
      if (!reader.wants(message)) {
        waiting.forget(message)
        this.meter.deleted.add(1)
        this.settle(message, 'filtered')
        continue
      }
      messages.reals[4 * message + DUE_US] = deadlineUs
      inFlight.append(message)
      batches.append(batch, message, sizeBytes)
    }
    waiting.endReceive()
    this.meter.received.add(received)
    if (deadlineUs < batches.deadlineUs[batch]!) batches.deadlineUs[batch] = deadlineUs
    this.armVisibility()
    this.changed()
  }

  /**
   * A message has been processed and its receipt is used to delete it. A FIFO queue refuses a
   * receipt whose visibility timeout is over.
   */
  complete(message: number): void {
    const { messages, simulator } = this.world
    const isVisible = messages.reals[4 * message + DUE_US]! < 0
    messages.batch[message] = NONE
    if (isVisible && this.settings.isFifo) {
      this.meter.duplicates.add(1)
      return
    }
    this.meter.deleted.add(1)
    if (!this.past.isDuplicate(message)) {
      this.meter.endToEnd.record(simulator.nowUs - this.arrivedUs(message))
      if (!isVisible && this.comesOnceMore(message)) {
        this.meter.ledger.settle('succeeded')
        this.past.markDuplicate(message)
        return
      }
    }
    this.leavePlace(message)
    this.settle(message, 'succeeded')
  }

  /** A message has not been processed: it comes back when its visibility timeout is over. */
  letGo(message: number): void {
    this.world.messages.batch[message] = NONE
  }

  /** After `complete` and `letGo`: tells the readers. */
  changed(): void {
    const { waiting, inFlight, delayed, readers } = this
    this.meter.show(waiting.length, inFlight.length, delayed.length)
    for (let turn = 0; turn < readers.length; turn++) {
      readers[(this.nextReader + turn) % readers.length]!.wake()
    }
  }

  /** The first message that a receive would find; NONE when there is none. */
  firstVisible(): number {
    return this.waiting.next()
  }

  get visibleCount(): number {
    return this.waiting.length
  }

  /** Whose dead-letter queue a message came from; null for what was sent here. */
  sourceOf(message: number): Queue | null {
    return this.sources[this.past.laneOf(message)]!
  }

  pending(): number {
    const isRead = this.readers.some(({ isReading }) => isReading)
    return isRead
      ? this.waiting.length + this.inFlight.length + this.delayed.length
      : this.move.left
  }

  /** A queue that nobody reads is a place to rest, not a backlog. */
  backlog(): Backlog {
    const { scope, name, readers, waiting, delayed, meter } = this
    const total = meter.ledger.entered
    return {
      scope,
      name,
      waiting: readers.length === 0 ? 0 : waiting.length + delayed.length,
      total,
    }
  }

  command(_verb: string, options: unknown): void {
    this.move.begin(options as MessageMoveOptions)
  }

  closeBooks(): readonly Book[] {
    const { waiting, delayed, inFlight, meter } = this
    const received = this.duplicates === 0 ? 0 : this.countDuplicatesInFlight()
    const resting = waiting.length + delayed.length - (this.duplicates - received)
    meter.ledger.close(resting, inFlight.length - received)
    return [meter.ledger]
  }

  /** A redrive moves a visible message to another queue, or to the back where there is none. */
  moveOut(message: number, target: Queue | null): void {
    const lane = this.past.laneOf(message)
    this.waiting.remove(message)
    if (target?.fits(message) === true && !this.past.isDuplicate(message)) {
      this.ages.remove(message, lane)
      this.meter.ledger.settle('handedOn')
      target.admit(message)
    } else this.waiting.arrive(message)
    this.changed()
  }

  /** Registers a queue whose dead-letter queue this is; returns its lane. */
  private addSource(source: Queue): number {
    this.sources.push(source)
    return this.ages.addLane()
  }

  private fits(message: number): boolean {
    return this.sizeOf(message) <= this.settings.maximumMessageBytes
  }

  private sizeOf(message: number): number {
    return this.world.messages.ints[8 * message + SIZE_BYTES]!
  }

  /** A message is new in this queue. */
  private admit(message: number): void {
    this.enter(message, this.world.simulator.nowUs, 0)
    this.meter.sent.add(1)
    if (this.settings.delayUs > 0) this.putOff(message)
    else this.waiting.arrive(message)
    this.changed()
  }

  /** What another queue gave up. Only a FIFO queue forgets how old it was. */
  private admitDeadLetter(message: number, lane: number): void {
    const { messages, simulator } = this.world
    const enteredUs = messages.reals[4 * message + ENTERED_US]!
    this.enter(message, this.settings.isFifo ? simulator.nowUs : enteredUs, lane)
    this.meter.sent.add(1)
    this.waiting.arrive(message)
    this.changed()
  }

  private enter(message: number, enteredUs: number, lane: number): void {
    const { messages, simulator } = this.world
    messages.reals[4 * message + ENTERED_US] = enteredUs
    messages.batch[message] = NONE
    this.past.note(message, lane, simulator.nowUs)
    this.ages.add(message, lane)
    this.meter.ledger.entered++
    this.armRetention(enteredUs)
  }

  private putOff(message: number): void {
    const { messages, simulator } = this.world
    messages.batch[message] = DELAYED
    messages.reals[4 * message + DUE_US] = simulator.nowUs + this.settings.delayUs
    this.delayed.append(message)
    this.armDelay()
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
    this.changed()
  }

  private endVisibility(): void {
    this.isVisibilityArmed = false
    for (let message = this.inFlight.head; this.isDue(message); message = this.inFlight.head) {
      this.inFlight.shift()
      this.waiting.comeBack(message, this.goesToBack(message))
      this.announce(MESSAGE_RETURNED, message)
    }
    this.armVisibility()
    this.changed()
  }

  private expire(): void {
    const { nowUs } = this.world.simulator
    // An older message has come since this event was scheduled: it brought its own.
    if (nowUs !== this.retentionArmedUs) return
    this.retentionArmedUs = Number.POSITIVE_INFINITY
    let oldest = this.ages.oldest()
    for (; oldest !== NONE && this.retentionEndsUs(oldest) <= nowUs; oldest = this.ages.oldest()) {
      if (!this.past.isDuplicate(oldest)) this.meter.expired.add(1)
      this.leaveBatch(oldest)
      this.leavePlace(oldest)
      this.settle(oldest, 'expired')
    }
    if (oldest !== NONE) this.armRetention(this.enteredUs(oldest))
    this.changed()
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

  private retentionEndsUs(message: number): number {
    return this.enteredUs(message) + this.settings.retentionUs
  }

  /** When it came here; what was dead-lettered is older than that. */
  private arrivedUs(message: number): number {
    const isMoved = this.past.laneOf(message) > 0
    return isMoved ? this.past.movedUs(message) : this.enteredUs(message)
  }

  private oldestAgeUs(nowUs: number): number | undefined {
    let ageUs: number | undefined
    for (const message of this.ages.oldestOfEach((one) => !this.goesToBack(one))) {
      ageUs = Math.max(ageUs ?? 0, nowUs - this.arrivedUs(message))
    }
    return ageUs
  }

  private goesToBack(message: number): boolean {
    const { redrive, isFifo } = this.settings
    if (isFifo || (redrive !== null && redrive.maxReceiveCount <= RECEIVES_TO_THE_BACK))
      return false
    return this.past.receivesOf(message) >= RECEIVES_TO_THE_BACK
  }

  private isUsedUp(message: number): boolean {
    const { redrive } = this.settings
    return redrive !== null && this.past.receivesOf(message) >= redrive.maxReceiveCount
  }

  private countReceive(message: number): void {
    const { messages } = this.world
    const batch = messages.batch[message]!
    const isRunning = batch !== NONE && this.batches.isRunning[batch] === 1
    if (isRunning || this.past.isDuplicate(message)) this.meter.duplicates.add(1)
    this.leaveBatch(message)
    messages.countReceive(message)
    this.announce(MESSAGE_RECEIVED, message)
  }

  private deadLetter(message: number): void {
    this.leaveBatch(message)
    this.waiting.remove(message)
    if (this.past.isDuplicate(message)) {
      this.settle(message, 'deadLettered')
      return
    }
    this.ages.remove(message, this.past.laneOf(message))
    this.meter.deadLettered.add(1)
    this.meter.loss.add(1)
    this.meter.ledger.settle('deadLettered')
    this.announce(MESSAGE_ENDED, message)
    this.deadLetterQueue!.admitDeadLetter(message, this.deadLetterLane)
  }

  /** Delivery is at least once: now and then a deletion misses a copy, which comes back. */
  private comesOnceMore(message: number): boolean {
    const { duplicateShare } = this.settings
    if (duplicateShare === 0) return false
    const draw = this.world.births.drawForDelivery(message, this.duplicatePurpose).nextUniform()
    if (draw >= duplicateShare) return false
    this.duplicates++
    return true
  }

  private countDuplicatesInFlight(): number {
    let count = 0
    for (let at = this.inFlight.head; at !== NONE; at = this.inFlight.after(at)) {
      if (this.past.isDuplicate(at)) count++
    }
    return count
  }

  private leaveBatch(message: number): void {
    if (this.world.messages.batch[message]! >= 0) this.batches.remove(message)
  }

  private leavePlace(message: number): void {
    if (this.dueUs(message) < 0) this.waiting.remove(message)
    else if (this.world.messages.batch[message] === DELAYED) this.delayed.remove(message)
    else {
      this.inFlight.remove(message)
      this.waiting.forget(message)
    }
  }

  /** The last of a message. */
  private settle(message: number, outcome: LedgerOutcome): void {
    this.ages.remove(message, this.past.laneOf(message))
    if (this.past.isDuplicate(message)) this.duplicates--
    else {
      this.meter.ledger.settle(outcome)
      if (outcome === 'expired') this.meter.loss.add(1)
    }
    this.announce(MESSAGE_ENDED, message)
    this.world.messages.give(message)
  }

  private announce(code: number, message: number): void {
    const ordinal = this.world.messages.reals[4 * message + ORDINAL]!
    this.world.transitions.announce(code, this.hash, foldOrdinal(ordinal), message)
  }
}
