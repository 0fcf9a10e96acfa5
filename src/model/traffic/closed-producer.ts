import { Generator, hashName, rekey } from '../../kernel/generator.ts'
import { RANK_ARRIVAL } from '../../kernel/order.ts'
import type { Simulator } from '../../kernel/simulator.ts'
import type { Caller } from '../clients/caller.ts'
import type { ClosedArrivals } from '../compiled-scenario.ts'
import type { Qualifier } from '../compute/lambda-function.ts'
import { Router } from '../compute/router.ts'
import type { Distribution } from '../distributions/distribution.ts'
import { USER_WAKES } from '../event-kinds.ts'
import { DURATION_US, ORDINAL } from '../invocation/invocation-store.ts'
import type { Origin } from '../invocation/origin.ts'
import { activeIntervals, mostUsers } from './closed-loop.ts'
import type { ProducerOptions } from './open-producer.ts'
import type { TrafficMeter } from './traffic-meter.ts'

const THINK_TIME = hashName('think-time')
const DURATION = hashName('duration')
const FAILURE = hashName('failure')

/** Users are numbered above 2^32, so that user and iteration make one exact ordinal. */
const ORDINALS_PER_USER = 4_294_967_296

/** Without a qualifier the caller draws what requests need. */
export type ClosedProducerOptions =
  | ProducerOptions
  | (Pick<ProducerOptions, 'name' | 'meter' | 'streamName'> & {
      readonly qualifier: null
      readonly caller: Caller
    })

/**
 * A closed loop: each user thinks, asks, waits for the answer and thinks again, so that a slow
 * system is asked less often. A user's draws are keyed by user and iteration.
 */
export class ClosedProducer implements Origin {
  readonly name: string
  readonly hash: number
  readonly meter: TrafficMeter
  readonly users: number
  /** Its users' wake-up events carry this much more than their number. */
  readonly firstUser: number
  private readonly options: ClosedProducerOptions
  /** The same where it calls functions. */
  private readonly direct: ProducerOptions | null
  private readonly settings: ClosedArrivals
  private readonly simulator: Simulator
  private readonly router: Router | null
  private readonly stream: number
  private readonly generator = new Generator()
  /** Requests each user has made. */
  private readonly iterations: Float64Array
  private isSilent = false

  constructor(
    options: ClosedProducerOptions,
    settings: ClosedArrivals,
    simulator: Simulator,
    firstUser: number,
  ) {
    this.name = options.name
    this.hash = hashName(options.name)
    this.meter = options.meter
    this.options = options
    this.settings = settings
    this.simulator = simulator
    this.firstUser = firstUser
    this.users = mostUsers(settings.users)
    this.iterations = new Float64Array(this.users)
    const { qualifier, streamName } = options
    this.direct = options.qualifier === null ? null : options
    this.router = qualifier === null ? null : new Router(qualifier, streamName)
    this.stream = hashName(streamName)
    const { caller } = options
    if (caller !== null) caller.onSettled = (ordinal) => this.answered(ordinal)
  }

  start(): void {
    for (let user = 0; user < this.users; user++) this.think(user, 0)
  }

  /** Nobody asks any more; answers under way are still waited for. */
  silence(): void {
    this.isSilent = true
  }

  wake(user: number): void {
    if (this.isSilent) return
    const { caller, qualifier } = this.options
    const ordinal = user * ORDINALS_PER_USER + this.iterations[user]!++
    if (qualifier === null) {
      caller.request(ordinal, user, 0, 0)
      return
    }
    const { duration } = qualifier.function.settings.handler
    const durationUs = this.draw(ordinal, DURATION, duration)
    if (caller !== null) caller.request(ordinal, user, durationUs, this.failureDraw(ordinal))
    else this.call(ordinal, durationUs, qualifier)
  }

  onRefused(invocation: number, _cause: number): void {
    this.meter.refused()
    this.answered(this.ordinalOf(invocation))
  }

  onEnded(invocation: number, outcome: number): void {
    this.meter.ended(outcome, this.direct!.invocations.latencyUs(invocation))
    this.answered(this.ordinalOf(invocation))
  }

  private call(ordinal: number, durationUs: number, qualifier: Qualifier): void {
    const { invocations, index, drawsFailures } = this.direct!
    const { store } = invocations
    const slot = invocations.open(index, ordinal)
    store.reals[4 * slot + DURATION_US] = durationUs
    if (drawsFailures) store.failureDraw[slot] = this.failureDraw(ordinal)
    this.meter.enter()
    invocations.attempt(slot, qualifier, this.router!.poolOf(ordinal))
  }

  private failureDraw(ordinal: number): number {
    if (!this.direct!.drawsFailures) return 0
    return rekey(this.generator, this.stream, ordinal, FAILURE, 0).nextUniform()
  }

  private ordinalOf(invocation: number): number {
    return this.direct!.invocations.store.reals[4 * invocation + ORDINAL]!
  }

  private answered(ordinal: number): void {
    this.think(Math.floor(ordinal / ORDINALS_PER_USER), this.simulator.nowUs)
  }

  /** Schedules the user's next request, in this or a later stretch of activity. */
  private think(user: number, fromUs: number): void {
    const ordinal = user * ORDINALS_PER_USER + this.iterations[user]!
    // At least a microsecond: a refusal answers at once, and time must go on.
    const thinkUs = Math.max(1, this.draw(ordinal, THINK_TIME, this.settings.thinkTime))
    for (const interval of activeIntervals(this.settings.users, user)) {
      const atUs = Math.round(Math.max(fromUs, interval.fromUs) + thinkUs)
      if (atUs >= interval.untilUs) continue
      this.simulator.schedule(atUs, RANK_ARRIVAL, USER_WAKES, this.firstUser + user)
      return
    }
  }

  private draw(ordinal: number, purpose: number, from: Distribution): number {
    return from.sample(rekey(this.generator, this.stream, ordinal, purpose, 0))
  }
}
