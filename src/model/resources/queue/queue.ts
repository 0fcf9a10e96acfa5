/**
 * A queue: who reads it, and what becomes of each message.
 * Sources: Amazon SQS developer guide, "Amazon SQS visibility timeout" and "Using dead-letter
 * queues in Amazon SQS"; Amazon SQS API reference, ReceiveMessage and DeleteMessage.
 */
import { hashName } from '../../../kernel/generator.ts'
import { BIRTH, ENTERED_US, NONE, ORDINAL, SIZE_BYTES } from '../../messages/message-store.ts'
import type { Book, LedgerOutcome } from '../../metrics/ledger.ts'
import type { Backlog, LimitUse, Part } from '../../part.ts'
import {
  foldOrdinal,
  MESSAGE_ENDED,
  MESSAGE_RECEIVED,
  MESSAGE_RETURNED,
} from '../../transitions.ts'
import type { World } from '../../world.ts'
import { ACCEPTED, type Acceptance, REJECTED, type Target, THROTTLED } from '../target.ts'
import { Batches } from './batches.ts'
import { type CallRates, callRatesOf } from './call-rates.ts'
import { type ContentsOwner, QueueContents } from './contents.ts'
import { createBacklog } from './initial-messages.ts'
import { MessageMove, type MessageMoveOptions } from './message-move.ts'
import { QueueMeter } from './queue-meter.ts'
import { type QueueReader, QueueReaders } from './queue-readers.ts'
import type { QueueBacklog, QueueSettings } from './queue-settings.ts'

/** Messages of one ReceiveMessage. */
const MESSAGES_PER_RECEIVE = 10

export class Queue implements Part, Target, ContentsOwner {
  readonly scope = 'queue'
  readonly name: string
  readonly path: string
  readonly settings: QueueSettings
  readonly batches: Batches
  private readonly world: World
  private readonly backlogAtStart: QueueBacklog | undefined
  readonly meter: QueueMeter
  private readonly hash: number
  private readonly duplicatePurpose: number
  private readonly contents: QueueContents
  readonly rates: CallRates | null
  private readonly move: MessageMove
  private readonly readers = new QueueReaders()
  private deadLetterQueue: Queue | null = null
  /** Its lane in the dead-letter queue. */
  private deadLetterLane = 0
  /** Queues whose dead-letter queue this is, by lane. */
  private readonly sources: (Queue | null)[] = [null]
  /** Processed messages that come once more. */
  private duplicates = 0

  constructor(
    name: string,
    settings: QueueSettings,
    backlog: QueueBacklog | undefined,
    world: World,
  ) {
    this.name = name
    this.path = `queues.${name}`
    this.settings = settings
    this.backlogAtStart = backlog
    this.world = world
    this.hash = hashName(this.path)
    this.duplicatePurpose = hashName(`${this.path}/duplicate`)
    this.batches = new Batches(world.messages)
    this.contents = new QueueContents(world, settings, this)
    this.rates = callRatesOf(settings.callsPerSecond, this.contents.waiting)
    this.meter = new QueueMeter(world.recorder, name, (nowUs) => this.contents.oldestAgeUs(nowUs))
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
    createBacklog(this.world, this.path, this.backlogAtStart, (message, enteredUs) => {
      this.enter(message, enteredUs, 0)
      this.contents.waiting.arrive(message)
    })
    this.changed()
  }

  /** A reader joins; the queue tells it when to look. */
  addReader(reader: QueueReader): void {
    this.readers.add(reader)
  }

  accept(message: number): Acceptance {
    const { messages, simulator } = this.world
    if (!this.fits(message)) return REJECTED
    const birth = messages.shorts[16 * message + BIRTH]!
    if (this.rates?.maySend(message, birth, simulator.nowUs) === false) return THROTTLED
    this.admit(message)
    return ACCEPTED
  }

  /** Whether a receive would return something. */
  get hasNext(): boolean {
    const { inFlight, waiting } = this.contents
    return inFlight.length < this.settings.inFlightLimit && waiting.next() !== NONE
  }

  /** Whether the next message would still go into a batch of `mostBytes`; true when there is none. */
  hasRoomForNext(batch: number, mostBytes: number): boolean {
    const next = this.contents.waiting.next()
    return next === NONE || this.batches.bytes[batch]! + this.sizeOf(next) <= mostBytes
  }

  /** Nothing is visible or in flight. */
  get isQuiet(): boolean {
    return this.visibleCount === 0 && this.contents.inFlight.length === 0
  }

  get visibleCount(): number {
    return this.contents.waiting.length
  }

  get inFlightCount(): number {
    return this.contents.inFlight.length
  }

  /** The message that a receive would return first; NONE when there is none. */
  get firstVisible(): number {
    return this.contents.waiting.next()
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
    const { batches, contents, settings } = this
    const { waiting, inFlight } = contents
    const deadlineUs = this.world.simulator.nowUs + settings.visibilityTimeoutUs
    const room = Math.min(most, MESSAGES_PER_RECEIVE, settings.inFlightLimit - inFlight.length)
    this.rates?.takeReceive(this.world.simulator.nowUs)
    this.readers.hasReceived(reader)
    let received = 0
    while (received < room) {
      const message = waiting.next()
      if (message === NONE) break
      if (this.isUsedUp(message)) {
        this.deadLetter(message)
        continue
      }
      if (batches.count[batch]! > 0 && !this.hasRoomForNext(batch, mostBytes)) break
      received++
      waiting.take(message)
      this.countReceive(message)
      if (reader.wants(message)) {
        contents.hide(message, deadlineUs)
        batches.append(batch, message)
      } else {
        waiting.forget(message)
        this.meter.filterOut()
        this.settle(message, 'filtered')
      }
    }
    waiting.endReceive()
    this.meter.receive(received)
    if (deadlineUs < batches.deadlineUs[batch]!) batches.deadlineUs[batch] = deadlineUs
    this.changed()
  }

  /**
   * A message has been processed and its receipt is used to delete it. A FIFO queue refuses a
   * receipt whose visibility timeout is over, so the message will come once more. Whether it has
   * been deleted.
   */
  complete(message: number): boolean {
    const { contents, meter } = this
    const isLate = contents.isVisible(message)
    this.world.messages.batch[message] = NONE
    if (isLate && this.settings.isFifo) {
      meter.duplicates.add(1)
      return false
    }
    meter.deleted.add(1)
    if (!contents.past.isDuplicate(message)) {
      meter.endToEnd.record(this.world.simulator.nowUs - contents.arrivedUs(message))
      if (!isLate && this.comesOnceMore(message)) {
        meter.ledger.settle('succeeded')
        contents.past.markDuplicate(message)
        return true
      }
    }
    contents.leavePlace(message)
    this.settle(message, 'succeeded')
    return true
  }

  /** After anything that moved messages: shows their numbers and tells the readers, in turn. */
  changed(): void {
    const { waiting, inFlight, delayed } = this.contents
    this.meter.show(waiting.length, inFlight.length, delayed.length)
    this.readers.wake()
  }

  onReturned(message: number): void {
    this.announce(MESSAGE_RETURNED, message)
  }

  onExpired(message: number): void {
    if (!this.contents.past.isDuplicate(message)) {
      this.meter.expired.add(1)
      this.meter.loss.add(1)
    }
    this.leaveBatch(message)
    this.contents.leavePlace(message)
    this.settle(message, 'expired')
  }

  /** A redrive moves a visible message to another queue; where that cannot be, to the back. */
  moveOut(message: number, to: Queue | null): void {
    const { contents } = this
    contents.waiting.remove(message)
    if (to?.fits(message) === true && !contents.past.isDuplicate(message)) {
      this.leaveBatch(message)
      contents.leave(message)
      this.meter.ledger.settle('handedOn')
      to.admit(message)
    } else contents.waiting.arrive(message)
    this.changed()
  }

  /** Whose dead-letter queue a message came from; null for what was sent here. */
  sourceOf(message: number): Queue | null {
    return this.sources[this.contents.past.laneOf(message)]!
  }

  pending(): number {
    const { waiting, inFlight, delayed } = this.contents
    if (!this.readers.areReading) return this.move.left
    return waiting.length + inFlight.length + delayed.length
  }

  /**
   * With what is in flight: most of that may be batches that the function has refused. A queue that
   * nobody reads is a place to rest, not a backlog.
   */
  backlog(): Backlog {
    const { scope, name, readers, meter } = this
    const { waiting, inFlight, delayed } = this.contents
    const count = readers.count === 0 ? 0 : waiting.length + inFlight.length + delayed.length
    return { scope, name, waiting: count, total: meter.ledger.entered, heldBy: readers.heldBy() }
  }

  limitUses(): readonly LimitUse[] {
    const { scope, name, meter, rates } = this
    if (this.readers.count === 0 && meter.mostInFlight === 0) return []
    const available = this.settings.inFlightLimit
    const used = meter.mostInFlight
    const inFlight = { scope, name, limit: 'in flight', used, available } as const
    return [inFlight, ...(rates?.uses({ scope, name }) ?? [])]
  }

  command(_verb: string, options: unknown): void {
    this.move.begin(options as MessageMoveOptions)
  }

  closeBooks(): readonly Book[] {
    const { waiting, delayed, inFlight } = this.contents
    const received = this.duplicates === 0 ? 0 : this.contents.countDuplicatesInFlight()
    const resting = waiting.length + delayed.length - (this.duplicates - received)
    this.meter.ledger.close(resting, inFlight.length - received)
    return [this.meter.ledger]
  }

  /** Registers a queue whose dead-letter queue this is; returns its lane. */
  private addSource(source: Queue): number {
    this.sources.push(source)
    return this.contents.addLane()
  }

  private sizeOf(message: number): number {
    return this.world.messages.ints[8 * message + SIZE_BYTES]!
  }

  private fits(message: number): boolean {
    return this.sizeOf(message) <= this.settings.maximumMessageBytes
  }

  private enter(message: number, enteredUs: number, lane: number): void {
    this.contents.enter(message, enteredUs, lane)
    this.meter.ledger.entered++
  }

  /** A message that is new in this queue. */
  private admit(message: number): void {
    this.enter(message, this.world.simulator.nowUs, 0)
    this.meter.send(this.sizeOf(message))
    this.contents.show(message)
    this.changed()
  }

  /**
   * What another queue gave up, which is no message sent (Amazon SQS developer guide, "Creating
   * alarms for dead-letter queues"). Only a FIFO queue forgets how old it was.
   */
  private admitDeadLetter(message: number, lane: number): void {
    const { messages, simulator } = this.world
    const enteredUs = messages.reals[4 * message + ENTERED_US]!
    this.enter(message, this.settings.isFifo ? simulator.nowUs : enteredUs, lane)
    this.contents.waiting.arrive(message)
    this.changed()
  }

  private isUsedUp(message: number): boolean {
    const { redrive } = this.settings
    return redrive !== null && this.contents.past.receivesOf(message) >= redrive.maxReceiveCount
  }

  private countReceive(message: number): void {
    const { messages } = this.world
    const batch = messages.batch[message]!
    const isRunning = batch !== NONE && this.batches.isRunning[batch] === 1
    if (isRunning || this.contents.past.isDuplicate(message)) this.meter.duplicates.add(1)
    this.leaveBatch(message)
    messages.countReceive(message)
    this.meter.requests.read(this.sizeOf(message))
    this.announce(MESSAGE_RECEIVED, message)
  }

  private deadLetter(message: number): void {
    const { contents, meter } = this
    this.leaveBatch(message)
    contents.waiting.remove(message)
    if (contents.past.isDuplicate(message)) {
      this.settle(message, 'deadLettered')
      return
    }
    contents.leave(message)
    meter.deadLetter()
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

  private leaveBatch(message: number): void {
    if (this.world.messages.batch[message]! >= 0) this.batches.remove(message)
  }

  /** The last of a message that has left its place; a duplicate has been counted before. */
  private settle(message: number, outcome: LedgerOutcome): void {
    this.contents.leave(message)
    if (this.contents.past.isDuplicate(message)) this.duplicates--
    else this.meter.ledger.settle(outcome)
    this.announce(MESSAGE_ENDED, message)
    this.world.messages.give(message)
  }

  private announce(code: number, message: number): void {
    const ordinal = this.world.messages.reals[4 * message + ORDINAL]!
    this.world.transitions.announce(code, this.hash, foldOrdinal(ordinal), message)
  }
}
