/**
 * Callers that give up after a while, try again, and keep themselves from calling: the life of a
 * request over its attempts. The invocations see attempts only.
 *
 * A caller that gives up tells nobody: the function runs on and is billed.
 * Source: Lambda developer guide, "Invoke a Lambda function synchronously".
 */
import { hashName } from '../../kernel/generator.ts'
import { invariant } from '../../kernel/invariant.ts'
import { RANK_ARRIVAL } from '../../kernel/order.ts'
import type { Qualifier } from '../compute/lambda-function.ts'
import { Router } from '../compute/router.ts'
import { ARRIVED_US, DURATION_US } from '../invocation/invocation-store.ts'
import type { Origin } from '../invocation/origin.ts'
import { SUCCEEDED, TIMED_OUT } from '../invocation/outcome.ts'
import { NONE } from '../messages/message-store.ts'
import type { Book } from '../metrics/ledger.ts'
import type { Part } from '../part.ts'
import { CALLER_GAVE_UP, foldOrdinal, NOT_CALLED } from '../transitions.ts'
import type { World } from '../world.ts'
import { AttemptDraws } from './attempt-draws.ts'
import type { CallerMeter, Failing } from './caller-meter.ts'
import { ClientInstance, NO_REFUSAL } from './client-instance.ts'
import type { ClientSettings } from './client-settings.ts'
import { ClientTimeouts } from './client-timeouts.ts'
import type { Failure } from './failure.ts'
import { RequestStore } from './request-store.ts'
import { TokenQueue } from './token-queue.ts'

/** How an attempt failed, as the request store keeps it; 0: there was none. */
const THROTTLED = 1
const GAVE_UP = 2
const FUNCTION_FAILED = 3
const FUNCTION_TIMED_OUT = 4

/** By these numbers: how a request ends that has no further attempt ... */
const FAILINGS: readonly Failing[] = ['rejected', 'throttled', 'timedOut', 'failed', 'timedOut']
/** ... and which failure it is to the retry policy. */
const FAILURES: readonly Failure[] = ['other', 'throttling', 'timeout', 'other', 'other']

export interface CallerOptions {
  readonly name: string
  readonly meter: CallerMeter
  readonly client: ClientSettings
  readonly qualifier: Qualifier
  /** `seed/replication/producer`. */
  readonly streamName: string
}

export class Caller implements Origin, Part {
  readonly name: string
  readonly hash: number
  readonly path: string
  /** Told of each request that is over, by its ordinal; set by a closed loop. */
  onSettled: ((ordinal: number) => void) | null = null
  readonly meter: CallerMeter
  private readonly options: CallerOptions
  private readonly world: World
  private readonly requests = new RequestStore()
  private readonly instances: readonly ClientInstance[]
  private readonly timeouts: ClientTimeouts | null
  private readonly router: Router
  private readonly draws: AttemptDraws
  private readonly origin: number
  private readonly retryKind: number
  /** Attempts that nobody waits for any more. */
  private abandoned = 0
  private wasRefused = false

  constructor(options: CallerOptions, world: World) {
    const { client, name, qualifier, streamName } = options
    const { requests } = this
    this.options = options
    this.meter = options.meter
    this.world = world
    this.name = name
    this.hash = hashName(name)
    this.path = `traffic.${name}`
    const send = (request: number): void => this.attempt(request)
    const tokenKind = world.addEventKind((index) => this.instances[index]!.tokens!.release(send))
    this.instances = Array.from(
      { length: client.instances },
      (_, index) =>
        new ClientInstance(
          client,
          () => new TokenQueue(requests, world.simulator, tokenKind, index),
        ),
    )
    const isTimed = client.timeoutUs < Number.POSITIVE_INFINITY
    this.timeouts = isTimed
      ? new ClientTimeouts(client.timeoutUs, world, (request) => this.abandon(request))
      : null
    this.router = new Router(qualifier, streamName)
    this.draws = new AttemptDraws(streamName)
    this.origin = world.invocations.addOrigin(this)
    this.retryKind = world.addEventKind((request) => this.proceed(request))
  }

  /** A request is born; `sharedBy` modulo the number of client instances says whose it is. */
  request(ordinal: number, sharedBy: number, durationUs: number, failureDraw: number): void {
    const { requests } = this
    const { nowUs } = this.world.simulator
    const instance = sharedBy % this.instances.length
    const request = requests.take(ordinal, instance, nowUs)
    requests.firstDurationUs[request] = durationUs
    requests.firstFailureDraw[request] = failureDraw
    this.meter.begin()
    const client = this.instances[instance]!
    const guard = client.refusalToBegin(nowUs)
    client.inFlight++
    if (guard === NO_REFUSAL) this.proceed(request)
    else this.refuse(request, guard)
  }

  onRefused(slot: number, _cause: number): void {
    const request = this.world.invocations.store.cause[slot]!
    this.wasRefused = true
    this.requests.throttles[request]!++
    this.failed(request, THROTTLED, this.waitedUs(request))
  }

  onEnded(slot: number, outcome: number): void {
    const request = this.world.invocations.store.cause[slot]!
    if (request === NONE) {
      this.abandoned--
      return
    }
    this.timeouts?.cancel(request)
    const latencyUs = this.latencyUs(request, slot)
    const how = outcome === TIMED_OUT ? FUNCTION_TIMED_OUT : FUNCTION_FAILED
    const isSuccess = outcome === SUCCEEDED
    if (!isSuccess && this.options.client.retriesFunctionErrors) {
      this.failed(request, how, latencyUs)
      return
    }
    // To an SDK a function error is a success, because Invoke answers it with HTTP 200.
    this.clientOf(request).retrier?.succeeded(this.requests.lastCost[request]!)
    this.answered(request, false, !isSuccess)
    if (isSuccess) this.succeed(request, latencyUs)
    else this.fail(request, FAILINGS[how]!, latencyUs)
  }

  attemptOf(slot: number): number {
    return this.world.invocations.store.attempt[slot]!
  }

  pending(): number {
    return this.requests.used
  }

  closeBooks(): readonly Book[] {
    const inFlight = this.world.invocations.inFlightOf[this.origin]!
    const { used } = this.requests
    const counted = this.instances.reduce((sum, client) => sum + client.inFlight, 0)
    const awaited = this.requests.awaited
    invariant(
      inFlight === awaited + this.abandoned && counted === used,
      () =>
        `${this.path}: ${inFlight} attempts in flight, ${awaited} waited for, ${this.abandoned} given up; ${used} requests, ${counted} of clients`,
    )
    this.meter.close(used)
    return []
  }

  /** The next attempt of a request, unless a guard refuses it or the rate limiter delays it. */
  private proceed(request: number): void {
    const client = this.clientOf(request)
    const guard = client.refusalToAttempt(this.world.simulator.nowUs)
    if (guard !== NO_REFUSAL) this.refuse(request, guard)
    else if (client.tokens === null || client.tokens.mayGo(request)) this.attempt(request)
  }

  private attempt(request: number): void {
    const { requests } = this
    const { invocations } = this.world
    const { qualifier } = this.options
    const { meter } = this
    const { store } = invocations
    const ordinal = requests.ordinal[request]!
    const number = ++requests.attempts[request]!
    meter.attempt(number)
    const slot = invocations.open(this.origin, ordinal)
    store.cause[slot] = request
    store.attempt[slot] = number
    this.drawFor(slot, request, number)
    requests.await(request, slot)
    this.wasRefused = false
    invocations.attempt(slot, qualifier, this.router.poolOf(ordinal))
    if (this.wasRefused) return
    // Admitted: its code starts, sooner or later, whatever the caller does.
    if (++requests.admitted[request]! === 2) meter.duplicated()
    this.timeouts?.start(request)
  }

  private drawFor(slot: number, request: number, number: number): void {
    const { draws, requests } = this
    const { store } = this.world.invocations
    const target = this.options.qualifier.function
    const ordinal = requests.ordinal[request]!
    const isFirst = number === 1
    store.reals[4 * slot + DURATION_US] = isFirst
      ? requests.firstDurationUs[request]!
      : draws.durationUs(target, ordinal, number)
    if (!target.drawsFailures) return
    store.failureDraw[slot] = isFirst
      ? requests.firstFailureDraw[request]!
      : draws.failureDraw(ordinal, number)
  }

  /** The caller's timeout strikes. */
  private abandon(request: number): void {
    this.world.invocations.store.cause[this.requests.current[request]!] = NONE
    this.abandoned++
    this.meter.timedOutAtClient()
    this.announce(CALLER_GAVE_UP, request)
    this.failed(request, GAVE_UP, this.waitedUs(request))
  }

  /** An attempt failed: the next one is planned, or the request has failed. */
  private failed(request: number, how: number, latencyUs: number): void {
    const { requests, world } = this
    requests.last[request] = how
    this.answered(request, how === THROTTLED, true)
    if (!this.mayRetry(request, how)) {
      this.fail(request, FAILINGS[how]!, latencyUs)
      return
    }
    const retry = requests.attempts[request]!
    const draw = this.draws.jitter(requests.ordinal[request]!, retry + 1)
    const waitUs = this.clientOf(request).retrier!.waitUs(retry, FAILURES[how]!, draw)
    const atUs = Math.round(world.simulator.nowUs + waitUs)
    world.simulator.schedule(atUs, RANK_ARRIVAL, this.retryKind, request)
  }

  private mayRetry(request: number, how: number): boolean {
    const client = this.clientOf(request)
    const { retrier } = client
    if (retrier === null) return false
    const { meter } = this
    const decision = retrier.decide(this.requests.attempts[request]!, FAILURES[how]!)
    if (decision === 'quota-exhausted') meter.exhaustedQuota()
    if (decision !== 'retry') return false
    const guard = client.refusalToRetry(this.world.simulator.nowUs)
    if (guard !== NO_REFUSAL) {
      meter.refusedBy(guard)
      retrier.takeBack()
      return false
    }
    this.requests.lastCost[request] = retrier.lastCost
    return true
  }

  /** Nobody waits for the attempt any more; its client learns how it went. */
  private answered(request: number, isThrottle: boolean, hasFailed: boolean): void {
    this.requests.endAwait(request)
    this.clientOf(request).answered(isThrottle, hasFailed, this.world.simulator.nowUs)
  }

  /** No further attempt, because a guard of the client does not let it go. */
  private refuse(request: number, guard: number): void {
    this.meter.refusedBy(guard)
    this.announce(NOT_CALLED, request)
    this.fail(request, FAILINGS[this.requests.last[request]!]!, this.waitedUs(request))
  }

  private succeed(request: number, latencyUs: number): void {
    const { attempts, throttles } = this.requests
    this.meter.succeed(latencyUs, attempts[request]!, throttles[request]!)
    this.settle(request)
  }

  private fail(request: number, how: Failing, latencyUs: number): void {
    this.meter.fail(how, latencyUs)
    this.settle(request)
  }

  private settle(request: number): void {
    this.clientOf(request).inFlight--
    const ordinal = this.requests.ordinal[request]!
    this.requests.give(request)
    this.onSettled?.(ordinal)
  }

  private waitedUs(request: number): number {
    return this.world.simulator.nowUs - this.requests.beganUs[request]!
  }

  /** Until the end of an attempt, which keeps its fraction of a microsecond. */
  private latencyUs(request: number, slot: number): number {
    const { invocations } = this.world
    const attemptedUs = invocations.store.reals[4 * slot + ARRIVED_US]!
    return attemptedUs - this.requests.beganUs[request]! + invocations.latencyUs(slot)
  }

  private clientOf(request: number): ClientInstance {
    return this.instances[this.requests.instance[request]!]!
  }

  private announce(code: number, request: number): void {
    const ordinal = foldOrdinal(this.requests.ordinal[request]!)
    this.world.transitions.announce(code, this.hash, ordinal, request)
  }
}
