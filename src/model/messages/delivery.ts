/**
 * One subscription of a topic, one target of a rule, one notification of a bucket, one schedule:
 * what hands messages to one target, and tries again while the target does not answer.
 */
import { hashName } from '../../kernel/generator.ts'
import { RANK_POLL } from '../../kernel/order.ts'
import type { Ledger } from '../metrics/ledger.ts'
import type { CounterSeries } from '../metrics/series.ts'
import { ACCEPTED, REJECTED, type Target } from '../resources/target.ts'
import { foldOrdinal, MESSAGE_ENDED, MESSAGE_REFUSED, MESSAGE_SENT } from '../transitions.ts'
import type { World } from '../world.ts'
import { ENTERED_US, NONE, ORDINAL } from './message-store.ts'
import { type RetrySchedule, retryWaitUs } from './retry-schedule.ts'

/** Where the deliveries of one place are counted; null: its service has no such metric. */
export interface DeliveryMeter {
  readonly ledger: Ledger
  readonly attempts: CounterSeries | null
  readonly delivered: CounterSeries | null
  readonly retried: CounterSeries | null
  readonly failed: CounterSeries | null
  readonly deadLettered: CounterSeries | null
  readonly deadLetterFailures: CounterSeries | null
}

export interface DeliveryOptions {
  /** Names its draws: `topics.orders.subscriptions.0`. */
  readonly path: string
  readonly target: Target
  readonly deadLetterTarget: Target | null
  readonly schedule: RetrySchedule
  readonly meter: DeliveryMeter
}

export class Delivery {
  /** Deliveries that wait for their time. */
  waiting = 0
  private readonly options: DeliveryOptions
  private readonly world: World
  private readonly hash: number
  private readonly purpose: number
  private readonly attemptKind: number

  constructor(options: DeliveryOptions, world: World) {
    this.options = options
    this.world = world
    this.hash = hashName(options.path)
    this.purpose = hashName(`${options.path}/retry`)
    this.attemptKind = world.addEventKind((message) => this.attemptNow(message))
  }

  /** Takes a message over and delivers it. */
  send(message: number): void {
    this.enter(message)
    this.attempt(message)
  }

  /** The same, `delayUs` later. */
  sendLater(message: number, delayUs: number): void {
    this.enter(message)
    this.wait(message, Math.round(this.world.simulator.nowUs + delayUs))
  }

  private enter(message: number): void {
    const { messages, simulator } = this.world
    messages.reals[4 * message + ENTERED_US] = simulator.nowUs
    // How often the target did not take it.
    messages.batch[message] = 0
    this.options.meter.ledger.entered++
  }

  private attemptNow(message: number): void {
    this.waiting--
    if (this.world.messages.batch[message]! > 0) {
      if (this.world.simulator.nowUs >= this.expiresUs(message)) {
        this.world.messages.batch[message] = NONE
        this.giveUp(message)
        return
      }
      this.options.meter.retried?.add(1)
    }
    this.attempt(message)
  }

  private attempt(message: number): void {
    const { meter, schedule, target } = this.options
    const { messages } = this.world
    const failures = messages.batch[message]! + 1
    // A target takes messages that are in no batch.
    messages.batch[message] = NONE
    meter.attempts?.add(1)
    this.announce(MESSAGE_SENT, message)
    const acceptance = target.accept(message)
    if (acceptance === ACCEPTED) {
      meter.ledger.settle('handedOn')
      meter.delivered?.add(1)
      return
    }
    this.announce(MESSAGE_REFUSED, message)
    if (acceptance === REJECTED || failures > schedule.maximumRetries) this.giveUp(message)
    else {
      messages.batch[message] = failures
      this.retryLater(message, failures)
    }
  }

  /** What gets too old before its next attempt is given up at that moment. */
  private retryLater(message: number, retry: number): void {
    const { births, simulator } = this.world
    const { schedule } = this.options
    const draw =
      schedule.jitterShare === 0 ? 0 : births.drawFor(message, this.purpose, retry).nextUniform()
    const atUs = simulator.nowUs + retryWaitUs(schedule, retry, draw)
    this.wait(message, Math.max(simulator.nowUs, Math.min(atUs, this.expiresUs(message))))
  }

  private wait(message: number, atUs: number): void {
    this.waiting++
    this.world.simulator.scheduleLater(atUs, RANK_POLL, this.attemptKind, message)
  }

  private expiresUs(message: number): number {
    const { reals } = this.world.messages
    return reals[4 * message + ENTERED_US]! + this.options.schedule.maximumAgeUs
  }

  private giveUp(message: number): void {
    const { meter, deadLetterTarget } = this.options
    meter.failed?.add(1)
    this.announce(MESSAGE_ENDED, message)
    if (deadLetterTarget !== null) {
      if (deadLetterTarget.accept(message) === ACCEPTED) {
        meter.deadLettered?.add(1)
        meter.ledger.settle('deadLettered')
        return
      }
      meter.deadLetterFailures?.add(1)
    }
    meter.ledger.settle('dropped')
    this.world.messages.give(message)
  }

  private announce(code: number, message: number): void {
    const ordinal = this.world.messages.reals[4 * message + ORDINAL]!
    this.world.transitions.announce(code, this.hash, foldOrdinal(ordinal), message)
  }
}
