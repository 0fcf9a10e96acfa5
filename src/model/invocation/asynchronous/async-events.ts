/**
 * A function's asynchronous events: Lambda's own queue in front of it.
 * Source: Lambda developer guide, "How Lambda handles errors and retries with asynchronous
 * invocation": two retries after function errors, one and two minutes later; throttles are retried
 * from 1 second to 5 minutes until the event is too old, without using up those retries.
 */
import { hashName } from '../../../kernel/generator.ts'
import { RANK_EXPIRY, RANK_POLL } from '../../../kernel/order.ts'
import { MICROSECONDS_PER_MINUTE, MICROSECONDS_PER_SECOND } from '../../../kernel/time.ts'
import type { Qualifier } from '../../compute/lambda-function.ts'
import { Router } from '../../compute/router.ts'
import { RESERVED_ZERO } from '../../compute/throttle-cause.ts'
import { RecordHandling } from '../../handler/record-handling.ts'
import { MessageList } from '../../messages/message-list.ts'
import { ENTERED_US, NONE, ORDINAL } from '../../messages/message-store.ts'
import { type Book, checkBook } from '../../metrics/ledger.ts'
import type { Backlog, Part } from '../../part.ts'
import { ACCEPTED, type Acceptance, type Target } from '../../resources/target.ts'
import { foldOrdinal, MESSAGE_ENDED, MESSAGE_RETURNED } from '../../transitions.ts'
import type { World } from '../../world.ts'
import { DURATION_US } from '../invocation-store.ts'
import type { Origin } from '../origin.ts'
import { SUCCEEDED } from '../outcome.ts'
import { AsyncMeter } from './async-meter.ts'

const FIRST_BACK_OFF_US = MICROSECONDS_PER_SECOND
const LONGEST_BACK_OFF_US = 5 * MICROSECONDS_PER_MINUTE
/** From here on doubling a second exceeds the longest back-off. */
const MOST_DOUBLINGS = 9

/** Why an event goes to its failure target, as the destination record says it. */
type Condition = 'RetriesExhausted' | 'EventAgeExceeded'

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
  private readonly world: World
  private readonly meter: AsyncMeter
  private readonly handling: RecordHandling
  private readonly router: Router
  private readonly origin: number
  private readonly throttleRetry: number
  private readonly errorRetry: number
  private readonly waitingExpires: number
  /** Untried, in order, because too many others back off. */
  private readonly waiting: MessageList
  private isExpiryArmed = false
  private backingOff = 0
  private present = 0
  private isRefused = false
  private onSuccess: Target | null = null
  private onFailure: Target | null = null
  private deadLetterTarget: Target | null = null

  constructor(qualifier: Qualifier, world: World) {
    const owner = qualifier.function
    this.qualifier = qualifier
    this.world = world
    this.name = owner.name
    this.path = AsyncEvents.pathOf(qualifier)
    this.hash = hashName(this.path)
    owner.asyncMeter ??= new AsyncMeter(world.recorder, owner.name)
    this.meter = owner.asyncMeter
    this.meter.openQualifiers++
    this.handling = new RecordHandling(owner.name, owner.settings.handler, world.births)
    this.router = new Router(qualifier, `${world.streamRoot}/${this.path}`)
    this.waiting = new MessageList(world.messages)
    this.origin = world.invocations.addOrigin(this)
    this.throttleRetry = world.addEventKind((message) => this.retryThrottled(message))
    this.errorRetry = world.addEventKind((message) => this.retry(message))
    this.waitingExpires = world.addEventKind(() => this.expireWaiting())
    qualifier.isCalled = true
  }

  connect(): void {
    const { onSuccess, onFailure, deadLetterTarget } = this.settings
    const { world } = this
    if (onSuccess !== null) this.onSuccess = world.target(onSuccess, SUCCESS_DESTINATIONS)
    if (onFailure !== null) this.onFailure = world.target(onFailure, FAILURE_DESTINATIONS)
    if (deadLetterTarget !== null) {
      this.deadLetterTarget = world.target(deadLetterTarget, DEAD_LETTER_TARGETS)
    }
  }

  accept(message: number): Acceptance {
    const { messages, simulator } = this.world
    messages.reals[4 * message + ENTERED_US] = simulator.nowUs
    // How often it was throttled.
    messages.batch[message] = 0
    this.meter.ledger.entered++
    this.meter.received.add(1)
    this.present++
    if (this.isWindowFull || this.waiting.length > 0) this.wait(message)
    else this.attempt(message)
    return ACCEPTED
  }

  onRefused(invocation: number, cause: number): void {
    this.isRefused = true
    const message = this.world.invocations.store.cause[invocation]!
    if (cause === RESERVED_ZERO) this.giveUp(message, 'RetriesExhausted')
    else this.backOff(message)
  }

  onEnded(invocation: number, outcome: number, _latencyUs: number): void {
    const { messages, invocations } = this.world
    const message = invocations.store.cause[invocation]!
    if (outcome === SUCCEEDED) {
      this.meter.endToEnd.record(this.ageUs(message))
      this.onSuccess?.accept(messages.copy(message))
      this.settle(message, 'succeeded')
      return
    }
    const errors = messages.receives(message) + 1
    messages.countReceive(message)
    if (errors > this.settings.maximumRetryAttempts) this.giveUp(message, 'RetriesExhausted')
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
    return { scope, name, waiting: queued, total: meter.ledger.entered }
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

  private get settings() {
    return this.qualifier.function.settings.asynchronous
  }

  private get running(): number {
    return this.world.invocations.inFlightOf[this.origin]!
  }

  private get queued(): number {
    return this.present - this.running
  }

  private get isWindowFull(): boolean {
    return this.backingOff >= this.settings.pollerWindow
  }

  private ageUs(message: number): number {
    const { messages, simulator } = this.world
    return simulator.nowUs - messages.reals[4 * message + ENTERED_US]!
  }

  private attempt(message: number): void {
    const { messages, invocations } = this.world
    const ordinal = messages.reals[4 * message + ORDINAL]!
    const slot = invocations.open(this.origin, ordinal)
    const { store } = invocations
    store.cause[slot] = message
    store.reals[4 * slot + DURATION_US] =
      this.handling.fixedUs(message) + this.handling.recordUs(message)
    if (this.qualifier.function.drawsFailures) {
      store.failureDraw[slot] = this.handling.fails(message)
        ? -1
        : this.handling.failureDraw(message)
    }
    const ageUs = this.ageUs(message)
    this.isRefused = false
    invocations.attempt(slot, this.qualifier, this.router.poolOf(ordinal), true)
    if (!this.isRefused) this.meter.age.record(ageUs)
  }

  private backOff(message: number): void {
    const { batch } = this.world.messages
    const throttles = batch[message]!
    batch[message] = throttles + 1
    this.backingOff++
    const factor = throttles < MOST_DOUBLINGS ? 1 << throttles : LONGEST_BACK_OFF_US
    const delayUs = Math.min(LONGEST_BACK_OFF_US, FIRST_BACK_OFF_US * factor)
    this.scheduleRetry(this.throttleRetry, message, delayUs)
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
    while (this.waiting.head !== NONE && !this.isWindowFull) this.attempt(this.waiting.shift())
  }

  private retry(message: number): void {
    if (this.isTooOld(message)) this.giveUp(message, 'EventAgeExceeded')
    else this.attempt(message)
  }

  private wait(message: number): void {
    this.waiting.append(message)
    this.armExpiry()
  }

  private armExpiry(): void {
    const { head } = this.waiting
    if (this.isExpiryArmed || head === NONE) return
    this.isExpiryArmed = true
    const { simulator } = this.world
    simulator.scheduleLater(this.expiresUs(head), RANK_EXPIRY, this.waitingExpires, 0)
  }

  private expireWaiting(): void {
    this.isExpiryArmed = false
    while (this.waiting.head !== NONE && this.isTooOld(this.waiting.head)) {
      this.giveUp(this.waiting.shift(), 'EventAgeExceeded')
    }
    this.armExpiry()
  }

  private expiresUs(message: number): number {
    const { reals } = this.world.messages
    return reals[4 * message + ENTERED_US]! + this.settings.maximumEventAgeUs
  }

  private isTooOld(message: number): boolean {
    return this.world.simulator.nowUs >= this.expiresUs(message)
  }

  /** The last of an event that never succeeded: its failure targets, or nothing. */
  private giveUp(message: number, condition: Condition): void {
    const { meter } = this
    meter.dropped.add(1)
    meter.loss.add(1)
    const isDelivered = this.deliver(message, this.onFailure, meter.destinationFailures)
    const isDeadLettered = this.deliver(message, this.deadLetterTarget, meter.deadLetterErrors)
    if (isDelivered) this.settle(message, 'deliveredToDestination')
    else if (isDeadLettered) this.settle(message, 'deadLettered')
    else this.settle(message, condition === 'EventAgeExceeded' ? 'expired' : 'dropped')
  }

  private deliver(
    message: number,
    target: Target | null,
    failures: AsyncMeter['deadLetterErrors'],
  ): boolean {
    if (target === null) return false
    const { messages } = this.world
    const record = messages.copy(message)
    if (target.accept(record) === ACCEPTED) return true
    messages.give(record)
    failures.add(1)
    return false
  }

  private settle(
    message: number,
    outcome: 'succeeded' | 'deliveredToDestination' | 'deadLettered' | 'expired' | 'dropped',
  ): void {
    this.meter.ledger.settle(outcome)
    this.present--
    this.announce(MESSAGE_ENDED, message)
    this.world.messages.give(message)
  }

  private announce(code: number, message: number): void {
    const ordinal = this.world.messages.reals[4 * message + ORDINAL]!
    this.world.transitions.announce(code, this.hash, foldOrdinal(ordinal), message)
  }
}

const SUCCESS_DESTINATIONS = ['queues', 'topics', 'buses', 'functions'] as const
const FAILURE_DESTINATIONS = ['queues', 'topics', 'buses', 'functions', 'buckets'] as const
const DEAD_LETTER_TARGETS = ['queues', 'topics'] as const
