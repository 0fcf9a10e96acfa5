/**
 * A function's asynchronous events: Lambda's own queue in front of it.
 * Source: Lambda developer guide, "How Lambda handles errors and retries with asynchronous
 * invocation": two retries after function errors, one and two minutes later; throttles are retried
 * from 1 second to 5 minutes until the event is too old, without using up those retries. System
 * errors are retried like throttles: during an outage the endpoint takes no new events, and those
 * that it has taken back off.
 */
import { hashName } from '../../../kernel/generator.ts'
import { RANK_POLL } from '../../../kernel/order.ts'
import { MICROSECONDS_PER_MINUTE } from '../../../kernel/time.ts'
import type { Qualifier } from '../../compute/lambda-function.ts'
import { payloadLimit } from '../../compute/platform-timeline.ts'
import { Router } from '../../compute/router.ts'
import { RESERVED_ZERO, THROTTLE_CAUSES } from '../../compute/throttle-cause.ts'
import { RecordHandling } from '../../handler/record-handling.ts'
import { ENTERED_US, ORDINAL, RECEIVES, SIZE_BYTES } from '../../messages/message-store.ts'
import { type Book, checkBook, type LedgerOutcome } from '../../metrics/ledger.ts'
import type { Backlog, Hold, Part } from '../../part.ts'
import {
  ACCEPTED,
  type Acceptance,
  REJECTED,
  type Target,
  UNAVAILABLE,
} from '../../resources/target.ts'
import { foldOrdinal, MESSAGE_ENDED, MESSAGE_RETURNED } from '../../transitions.ts'
import type { World } from '../../world.ts'
import { DURATION_US } from '../invocation-store.ts'
import type { Origin } from '../origin.ts'
import { SUCCEEDED } from '../outcome.ts'
import { countRecursions } from '../recursion.ts'
import { AsyncDestinations } from './async-destinations.ts'
import { AsyncMeter } from './async-meter.ts'
import { throttleBackOffUs } from './throttle-back-off.ts'
import { WaitingEvents } from './waiting-events.ts'

/** At most three deliveries: each pass of a loop through the function has draws of its own. */
const DELIVERIES_PER_PASS = 4
/** Added to the number of its event's delivery, which never comes near it. */
const DUPLICATE_DELIVERY = 0x8000

export class AsyncEvents implements Part, Target, Origin {
  static pathOf({ function: owner, name }: Qualifier): string {
    return `functions.${owner.name}.asynchronous${name === '' ? '' : `:${name}`}`
  }

  readonly scope = 'function'
  readonly retriesThrottles = true
  readonly name: string
  readonly path: string
  readonly hash: number
  private readonly qualifier: Qualifier
  private readonly settings: Qualifier['function']['settings']['asynchronous']
  private readonly world: World
  private readonly meter: AsyncMeter
  private readonly destinations: AsyncDestinations
  private readonly handling: RecordHandling
  private readonly router: Router
  private readonly origin: number
  private readonly throttleRetry: number
  private readonly errorRetry: number
  private readonly refusalEnds: number
  private readonly duplicatePurpose: number
  private readonly maximumBytes: number
  /** Untried, in order, because too many others back off. */
  private readonly waiting: WaitingEvents
  private backingOff = 0
  private present = 0
  private duplicatesRunning = 0
  private isRefused = false
  /** Why one was refused last. */
  private refusedBy = RESERVED_ZERO

  constructor(qualifier: Qualifier, world: World) {
    const owner = qualifier.function
    this.qualifier = qualifier
    this.settings = owner.settings.asynchronous
    this.world = world
    this.name = owner.name
    this.path = AsyncEvents.pathOf(qualifier)
    this.hash = hashName(this.path)
    owner.asyncMeter ??= new AsyncMeter(world.recorder, owner.name)
    this.meter = owner.asyncMeter
    this.meter.openQualifiers++
    this.destinations = new AsyncDestinations(owner, this.meter, world)
    this.handling = new RecordHandling(owner, world)
    this.router = new Router(qualifier, `${world.streamRoot}/${this.path}`)
    this.origin = world.invocations.addOrigin(this)
    this.throttleRetry = world.addEventKind((message) => this.retryThrottled(message))
    this.errorRetry = world.addEventKind((message) => this.retry(message))
    this.refusalEnds = world.addEventKind((message) => this.giveUpUntried(message))
    this.waiting = new WaitingEvents(world, this.settings.maximumEventAgeUs, (message) =>
      this.giveUp(message, 'expired'),
    )
    this.duplicatePurpose = hashName(`${this.path}/duplicate`)
    this.maximumBytes = payloadLimit('asynchronous', world.settings.platform)
    if (this.settings.duplicateShare > 0) this.meter.countDuplicates(world.recorder)
    countRecursions(owner, world.recorder)
    qualifier.isCalled = true
  }

  connect(): void {
    this.destinations.connect()
  }

  accept(message: number): Acceptance {
    const { messages, simulator } = this.world
    if (this.isUnavailable) return UNAVAILABLE
    const bytes = messages.ints[8 * message + SIZE_BYTES]!
    if (bytes > this.maximumBytes) return REJECTED
    messages.reals[4 * message + ENTERED_US] = simulator.nowUs
    messages.shorts[16 * message + RECEIVES] = this.firstDelivery(message)
    // How often it was throttled.
    messages.batch[message] = 0
    this.meter.ledger.entered++
    this.meter.receive(bytes)
    this.present++
    if (this.isWindowFull || this.waiting.length > 0) this.waiting.append(message)
    else this.attempt(message)
    return ACCEPTED
  }

  onRefused(invocation: number, cause: number): void {
    this.isRefused = true
    this.refusedBy = cause
    const message = this.world.invocations.store.cause[invocation]!
    if (this.isDuplicate(message)) this.endDuplicate(message)
    else if (cause === RESERVED_ZERO) this.giveUpSoon(message)
    else this.backOff(message)
  }

  onEnded(invocation: number, outcome: number): void {
    const { messages, invocations } = this.world
    const message = invocations.store.cause[invocation]!
    if (outcome === SUCCEEDED) this.destinations.recordSuccess(message)
    if (this.isDuplicate(message)) {
      this.endDuplicate(message)
      return
    }
    if (outcome === SUCCEEDED) {
      this.meter.endToEnd.record(this.ageUs(message))
      this.meter.ledger.counts.succeeded++
      this.leave(message)
      return
    }
    messages.countReceive(message)
    // The throttle clock starts afresh: the event had got through.
    messages.batch[message] = 0
    const errors = this.errors(message)
    if (errors > this.settings.maximumRetryAttempts) this.giveUp(message, 'dropped')
    else this.scheduleRetry(this.errorRetry, message, errors * MICROSECONDS_PER_MINUTE)
  }

  forEachMessage(invocation: number, visit: (message: number) => void): void {
    visit(this.world.invocations.store.cause[invocation]!)
  }

  pending(): number {
    return this.present
  }

  backlog(): Backlog {
    const { scope, name, queued, meter } = this
    return { scope, name, waiting: queued, total: meter.ledger.entered, heldBy: this.heldBy() }
  }

  /** While any event backs off from throttles, that; else those that failed wait for their retry. */
  private heldBy(): Hold | null {
    const at = `functions.${this.name}`
    if (this.isUnavailable) return { cause: 'outage', at }
    if (this.backingOff > 0) return { cause: THROTTLE_CAUSES[this.refusedBy]!.id, at }
    return this.queued > 0 ? { cause: 'errors', at } : null
  }

  closeBooks(): readonly Book[] {
    const { meter, running } = this
    meter.ledger.settle('queued', this.queued)
    meter.ledger.settle('inFlight', running)
    meter.openQualifiers--
    if (meter.openQualifiers > 0) return []
    checkBook(meter.ledger)
    return [meter.ledger]
  }

  private get running(): number {
    return this.world.invocations.inFlightOf[this.origin]! - this.duplicatesRunning
  }

  private get queued(): number {
    return this.present - this.running
  }

  private get isUnavailable(): boolean {
    return this.world.simulator.nowUs < this.qualifier.function.unavailableUntilUs
  }

  private get isWindowFull(): boolean {
    return this.backingOff >= this.settings.pollerWindow
  }

  private ageUs(message: number): number {
    const { messages, simulator } = this.world
    return simulator.nowUs - messages.reals[4 * message + ENTERED_US]!
  }

  /** The number of its first delivery, which keys its draws. */
  private firstDelivery(message: number): number {
    const { messages, lineages } = this.world
    const { index } = this.qualifier.function
    return DELIVERIES_PER_PASS * lineages.invocationsOf(index, messages.lineage[message]!)
  }

  private errors(message: number): number {
    return this.world.messages.receives(message) - this.firstDelivery(message)
  }

  private attempt(message: number): void {
    const { messages, lineages } = this.world
    if (lineages.isCut(messages.lineage[message]!, this.qualifier.function.index)) {
      this.qualifier.function.recursionsCut!.add(1)
      this.giveUpSoon(message)
      return
    }
    const ageUs = this.ageUs(message)
    if (!this.invoke(message)) return
    this.meter.age.record(ageUs)
    if (this.errors(message) === 0 && this.isDeliveredTwice(message)) this.duplicate(message)
  }

  /** Whether the function took it. */
  private invoke(message: number): boolean {
    const { messages, invocations } = this.world
    const ordinal = messages.reals[4 * message + ORDINAL]!
    const slot = invocations.open(this.origin, ordinal)
    const { store } = invocations
    store.cause[slot] = message
    this.handling.writeFixed(slot, message)
    store.reals[4 * slot + DURATION_US]! += this.handling.recordUs(message)
    if (this.qualifier.function.drawsFailures) {
      this.handling.writeFailureDraw(slot, message, this.handling.fails(message))
    }
    this.isRefused = false
    invocations.attempt(slot, this.qualifier, this.router.poolOf(ordinal), true)
    return !this.isRefused
  }

  private isDeliveredTwice(message: number): boolean {
    const { duplicateShare } = this.settings
    if (duplicateShare === 0) return false
    const { births } = this.world
    return births.drawFor(message, this.duplicatePurpose, 0).nextUniform() < duplicateShare
  }

  /**
   * At-least-once delivery: the same event once more, at the moment of its first start (assumed).
   * Nothing waits for it: whatever becomes of it, it is not tried again.
   */
  private duplicate(message: number): void {
    const { messages } = this.world
    const duplicate = messages.copy(message)
    messages.shorts[16 * duplicate + RECEIVES] = DUPLICATE_DELIVERY + messages.receives(message)
    this.duplicatesRunning++
    if (this.invoke(duplicate)) this.meter.duplicates!.add(1)
  }

  private isDuplicate(message: number): boolean {
    return this.world.messages.receives(message) >= DUPLICATE_DELIVERY
  }

  private endDuplicate(message: number): void {
    this.duplicatesRunning--
    this.world.messages.give(message)
  }

  private backOff(message: number): void {
    const { batch } = this.world.messages
    const throttles = batch[message]!
    batch[message] = throttles + 1
    this.backingOff++
    this.scheduleRetry(this.throttleRetry, message, throttleBackOffUs(throttles))
  }

  /** An event that gets too old before its next attempt leaves at that moment. */
  private scheduleRetry(kind: number, message: number, delayUs: number): void {
    const { simulator } = this.world
    this.announce(MESSAGE_RETURNED, message)
    const atUs = Math.min(simulator.nowUs + delayUs, this.expiresUs(message))
    simulator.scheduleLater(Math.max(simulator.nowUs, atUs), RANK_POLL, kind, message)
  }

  private retryThrottled(message: number): void {
    this.backingOff--
    this.retry(message)
    while (this.waiting.length > 0 && !this.isWindowFull) this.attemptAgain(this.waiting.shift())
  }

  private retry(message: number): void {
    if (this.isTooOld(message)) this.giveUp(message, 'expired')
    else this.attemptAgain(message)
  }

  /** Of an event that was taken before: there may be an outage since. */
  private attemptAgain(message: number): void {
    if (this.isUnavailable) this.backOff(message)
    else this.attempt(message)
  }

  private expiresUs(message: number): number {
    const { reals } = this.world.messages
    return reals[4 * message + ENTERED_US]! + this.settings.maximumEventAgeUs
  }

  private isTooOld(message: number): boolean {
    return this.world.simulator.nowUs >= this.expiresUs(message)
  }

  /**
   * Gives it up without having tried it. As an event of its own: two functions that are each other's
   * failure target would otherwise hand it to and fro without end inside one call.
   */
  private giveUpSoon(message: number): void {
    const { simulator } = this.world
    simulator.schedule(simulator.nowUs, RANK_POLL, this.refusalEnds, message)
  }

  /**
   * What comes back to a function that has cut its chain before is lost without a record (assumed):
   * failure targets that lead back would otherwise go on with it for ever.
   */
  private giveUpUntried(message: number): void {
    const { messages, lineages } = this.world
    const { index } = this.qualifier.function
    const lineage = messages.lineage[message]!
    if (lineages.wasCut(lineage, index)) {
      this.lose(message, 'dropped')
      return
    }
    if (lineages.isCut(lineage, index))
      messages.lineage[message] = lineages.afterCut(lineage, index)
    this.giveUp(message, 'dropped')
  }

  /** The last of an event that never succeeded: its failure targets, or nothing. */
  private giveUp(message: number, loss: 'expired' | 'dropped'): void {
    const { ageExceeded, retriesExhausted } = this.meter
    const condition = loss === 'expired' ? ageExceeded : retriesExhausted
    condition.add(1)
    const outcome = this.destinations.recordFailure(message)
    this.lose(message, outcome ?? loss)
  }

  private lose(message: number, outcome: LedgerOutcome): void {
    this.meter.dropped.add(1)
    this.meter.loss.add(1)
    this.meter.ledger.settle(outcome)
    this.leave(message)
  }

  /** Its outcome is in the book. */
  private leave(message: number): void {
    this.present--
    this.announce(MESSAGE_ENDED, message)
    this.world.messages.give(message)
  }

  private announce(code: number, message: number): void {
    const ordinal = this.world.messages.reals[4 * message + ORDINAL]!
    this.world.transitions.announce(code, this.hash, foldOrdinal(ordinal), message)
  }
}
