/**
 * A front door: it takes requests, invokes the function behind their route, and answers with a code.
 * Where it does not wait for a function any longer, the function runs on and is billed.
 * Source: Amazon API Gateway developer guide, "Amazon API Gateway quotas": the integration timeout.
 */
import { invariant } from '../../kernel/invariant.ts'
import { RANK_ARRIVAL } from '../../kernel/order.ts'
import { ClientTimeouts } from '../clients/client-timeouts.ts'
import type { Qualifier } from '../compute/lambda-function.ts'
import type { TokenBucket } from '../compute/token-bucket.ts'
import type { Distribution } from '../distributions/distribution.ts'
import { createDistribution } from '../distributions/index.ts'
import { DURATION_US } from '../invocation/invocation-store.ts'
import { SUCCEEDED, TIMED_OUT } from '../invocation/outcome.ts'
import { NONE } from '../messages/message-store.ts'
import type { Book } from '../metrics/ledger.ts'
import type { Part } from '../part.ts'
import type { World } from '../world.ts'
import { DoorCalls } from './door-calls.ts'
import { DoorMeter } from './door-meter.ts'
import {
  ANSWERED,
  type Fate,
  FUNCTION_FAILED,
  FUNCTION_TIMED_OUT,
  INTEGRATION_TIMED_OUT,
  REFUSED_BY_DOOR,
  REFUSED_BY_LAMBDA,
} from './fate.ts'
import { bucketOf, passes, UsageKey } from './limits.ts'
import type { DoorConfig, DoorProtocol, RouteConfig } from './protocol.ts'
import { type DoorClient, Visitor } from './visitor.ts'

/** A way from a door to a function. */
export interface Route {
  /** `functions.FUNCTION.events.NAME`. */
  readonly path: string
  readonly qualifier: Qualifier
  readonly weight: number
  /** Limit of its own; null: it has that of the stage. */
  readonly bucket: TokenBucket | null
  /** Requests whose draw is below it, and not below that of the route before, take this route. */
  upTo: number
}

export class Door implements Part {
  readonly name: string
  readonly path: string
  readonly codes: readonly number[]
  private readonly config: DoorConfig
  private readonly world: World
  private readonly meter: DoorMeter
  private readonly calls: DoorCalls
  private readonly stage: TokenBucket | null
  private readonly account: TokenBucket | null
  private readonly timeouts: ClientTimeouts | null
  private readonly latency: Distribution | null
  private readonly invokeKind: number
  private readonly routes: Route[] = []
  private readonly visitors: Visitor[] = []
  /** Calls whose function has been invoked and not answered. */
  private invoked = 0
  /** Invocations whose answer no call waits for any more. */
  private abandoned = 0
  private wasRefused = false
  /** Requests that it let in: API Gateway does not charge for those that it throttles. */
  billedRequests = 0

  constructor(name: string, protocol: DoorProtocol, config: DoorConfig, world: World) {
    this.name = name
    this.path = `apis.${name}`
    this.codes = protocol.answers
    this.config = config
    this.world = world
    this.calls = new DoorCalls(this.path)
    this.meter = new DoorMeter(world.recorder, name, protocol.metrics, protocol.answers.length)
    this.stage = bucketOf(config.throttle)
    this.account = protocol.countsForAccount ? world.gatewayRequests : null
    const timeoutUs = protocol.integrationTimeoutUs(config)
    this.timeouts =
      timeoutUs < Number.POSITIVE_INFINITY
        ? new ClientTimeouts(timeoutUs, world, (call) => this.onTimeout(call))
        : null
    this.latency = config.latency === undefined ? null : createDistribution(config.latency)
    this.invokeKind = world.addEventKind((call) => this.invoke(call))
  }

  addRoute(path: string, qualifier: Qualifier, { weight, throttle }: RouteConfig): void {
    qualifier.isCalled = true
    this.routes.push({ path, qualifier, weight, bucket: bucketOf(throttle), upTo: 0 })
  }

  start(): void {
    const whole = this.routes.reduce((sum, { weight }) => sum + weight, 0)
    let sum = 0
    for (const route of this.routes) {
      sum += route.weight
      route.upTo = sum / whole
    }
  }

  /** Somebody will send requests, all by the route at this path, or, for null, by any. */
  admit(client: DoorClient, streamName: string, routePath: string | null): Visitor {
    const { usagePlan } = this.config
    const { settings } = this.world
    const usage = usagePlan === undefined ? null : new UsageKey(usagePlan, settings.startsAtMs)
    const route = this.routes.findIndex(({ path }) => path === routePath)
    invariant(route >= 0 || routePath === null, () => `${this.path} has no route ${routePath}`)
    const options = {
      index: this.visitors.length,
      streamName,
      route: routePath === null ? null : route,
      usage,
    }
    const visitor = new Visitor(this, client, options, this.world)
    this.visitors.push(visitor)
    return visitor
  }

  /** A call that is about to be made by `enter`. */
  open(visitor: Visitor, request: number, ordinal: number, attempt: number): number {
    const { calls } = this
    const call = calls.take()
    calls.visitor[call] = visitor.index
    calls.request[call] = request
    calls.ordinal[call] = ordinal
    calls.attempt[call] = attempt
    calls.arrivedUs[call] = this.world.simulator.nowUs
    calls.route[call] = visitor.routeOf(ordinal, this.routes)
    visitor.awaited++
    return call
  }

  /** The call comes in; it may be answered before this returns. */
  enter(call: number): void {
    const { calls, latency } = this
    const { simulator } = this.world
    const { nowUs } = simulator
    const visitor = this.visitors[calls.visitor[call]!]!
    const { bucket } = this.routes[calls.route[call]!]!
    this.meter.begin()
    if (!passes(visitor.usage, bucket ?? this.stage, this.account, nowUs)) {
      this.answer(call, REFUSED_BY_DOOR, 0)
      return
    }
    this.billedRequests++
    if (latency === null) {
      this.invoke(call)
      return
    }
    const delayUs = visitor.latencyUs(calls.ordinal[call]!, calls.attempt[call]!, latency)
    simulator.schedule(nowUs + delayUs, RANK_ARRIVAL, this.invokeKind, call)
  }

  /** Its client does not wait any longer; the door does. */
  disown(call: number): void {
    this.visitors[this.calls.visitor[call]!]!.awaited--
    this.calls.request[call] = NONE
  }

  requestOf(call: number): number {
    return this.calls.request[call]!
  }

  arrivedUs(call: number): number {
    return this.calls.arrivedUs[call]!
  }

  onRefused(invocation: number): void {
    const call = this.world.invocations.store.cause[invocation]!
    this.wasRefused = true
    this.integrated(call, 0, REFUSED_BY_LAMBDA)
  }

  onEnded(invocation: number, outcome: number): void {
    const { invocations } = this.world
    const call = invocations.store.cause[invocation]!
    if (call === NONE) {
      this.abandoned--
      return
    }
    this.timeouts?.cancel(call)
    const fate =
      outcome === SUCCEEDED
        ? ANSWERED
        : outcome === TIMED_OUT
          ? FUNCTION_TIMED_OUT
          : FUNCTION_FAILED
    this.integrated(call, invocations.latencyUs(invocation), fate)
  }

  pending(): number {
    return this.calls.used
  }

  closeBooks(): readonly Book[] {
    const { inFlightOf } = this.world.invocations
    const inFlight = this.visitors.reduce((sum, { origin }) => sum + inFlightOf[origin]!, 0)
    invariant(
      inFlight === this.invoked + this.abandoned && this.invoked <= this.calls.used,
      () =>
        `${this.path}: ${inFlight} invocations in flight, ${this.invoked} waited for, ${this.abandoned} given up, ${this.calls.used} calls`,
    )
    return []
  }

  private invoke(call: number): void {
    const { calls, world } = this
    const { invocations, simulator } = world
    const { store } = invocations
    const visitor = this.visitors[calls.visitor[call]!]!
    const index = calls.route[call]!
    const route = this.routes[index]!
    const ordinal = calls.ordinal[call]!
    const attempt = calls.attempt[call]!
    const target = route.qualifier.function
    const slot = invocations.open(visitor.origin, ordinal)
    store.cause[slot] = call
    store.attempt[slot] = attempt
    store.reals[4 * slot + DURATION_US] = visitor.draws.durationUs(target, ordinal, attempt)
    if (target.drawsFailures) store.failureDraw[slot] = visitor.draws.failureDraw(ordinal, attempt)
    calls.invocation[call] = slot
    calls.invokedUs[call] = simulator.nowUs
    this.invoked++
    this.wasRefused = false
    const pool = visitor.routerOf(index, route).poolOf(ordinal)
    invocations.attempt(slot, route.qualifier, pool)
    if (this.wasRefused) return
    this.timeouts?.start(call)
    const request = calls.request[call]!
    if (request !== NONE) visitor.client.onAdmitted(request)
  }

  /** The integration timeout strikes. */
  private onTimeout(call: number): void {
    const { invocations, simulator } = this.world
    invocations.store.cause[this.calls.invocation[call]!] = NONE
    this.abandoned++
    this.integrated(call, simulator.nowUs - this.calls.invokedUs[call]!, INTEGRATION_TIMED_OUT)
  }

  private integrated(call: number, latencyUs: number, fate: Fate): void {
    const { arrivedUs, invokedUs } = this.calls
    this.invoked--
    this.meter.integrated(latencyUs)
    this.answer(call, fate, invokedUs[call]! - arrivedUs[call]! + latencyUs)
  }

  private answer(call: number, fate: Fate, latencyUs: number): void {
    const { calls } = this
    this.meter.end(fate, latencyUs)
    if (calls.request[call] !== NONE) {
      const visitor = this.visitors[calls.visitor[call]!]!
      visitor.awaited--
      visitor.client.onAnswer(call, fate, latencyUs)
    }
    calls.give(call)
  }
}
