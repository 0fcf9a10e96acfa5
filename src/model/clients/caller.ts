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
import type { Book } from '../metrics/ledger.ts'
import type { Part } from '../part.ts'
import type { RequestOwner, TimeParts } from '../time-parts.ts'
import { Timeouts } from '../timeouts.ts'
import { CALLER_GAVE_UP, foldOrdinal, NOT_CALLED } from '../transitions.ts'
import type { World } from '../world.ts'
import { AttemptDraws } from './attempt-draws.ts'
import type { CallerMeter, Failing } from './caller-meter.ts'
import { ClientInstance, NO_REFUSAL } from './client-instance.ts'
import type { ClientSettings } from './client-settings.ts'
import type { Failure } from './failure.ts'
import { RequestStore } from './request-store.ts'
import { TokenQueue } from './token-queue.ts'

/** How an attempt failed, as the request store keeps it; 0: there was none. */
export const THROTTLED = 1
const GAVE_UP = 2
export const FAILED = 3
export const TIMED_OUT_BEHIND = 4

/** By these numbers: how a request ends that has no further attempt ... */
const FAILINGS: readonly Failing[] = ['rejected', 'throttled', 'timedOut', 'failed', 'timedOut']
/** ... and which failure it is to the retry policy. */
const FAILURES: readonly Failure[] = ['other', 'throttling', 'timeout', 'other', 'other']

export interface CallerOptions {
  readonly name: string
  readonly meter: CallerMeter
  readonly client: ClientSettings
  /** `seed/replication/producer`. */
  readonly streamName: string
}

/** What it calls, a function or a front door, is a subclass's to say. */
export abstract class Caller implements Part, RequestOwner {
  readonly name: string
  readonly hash: number
  readonly path: string
  /** Told of each request that is over, by its ordinal; set by a closed loop. */
  onSettled: ((ordinal: number) => void) | null = null
  readonly meter: CallerMeter
  protected readonly world: World
  protected readonly requests = new RequestStore()
  protected readonly draws: AttemptDraws
  private readonly instances: readonly ClientInstance[]
  private readonly timeouts: Timeouts | null
  private readonly retryKind: number

  constructor(options: CallerOptions, world: World) {
    const { client, name, streamName } = options
    const { requests } = this
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
      ? new Timeouts(client.timeoutUs, world, (request) => this.abandon(request))
      : null
    this.draws = new AttemptDraws(streamName)
    this.retryKind = world.addEventKind((request) => this.proceed(request))
  }

  /** Makes an attempt, and tells its answer by `failed` or `answered`; `requests.await` says which. */
  protected abstract dispatch(request: number, number: number): void
  /** Nobody waits for this attempt any more, and nobody is told its answer. */
  protected abstract disown(attempt: number): void
  /** At the end: so many attempts are waited for. */
  protected abstract checkAttempts(awaited: number): void

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

  pending(): number {
    return this.requests.used
  }

  closeBooks(): readonly Book[] {
    const { used } = this.requests
    const counted = this.instances.reduce((sum, client) => sum + client.inFlight, 0)
    invariant(counted === used, () => `${this.path}: ${used} requests, ${counted} of clients`)
    this.checkAttempts(this.requests.awaited)
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
    const number = ++this.requests.attempts[request]!
    this.meter.attempt(number)
    this.timeParts?.attemptBegins(this, request, number)
    this.dispatch(request, number)
  }

  /** The caller's timeout strikes. */
  private abandon(request: number): void {
    this.disown(this.requests.current[request]!)
    this.meter.timedOutAtClient()
    this.announce(CALLER_GAVE_UP, request)
    this.failed(request, GAVE_UP, this.waitedUs(request))
  }

  /** An attempt failed: the next one is planned, or the request has failed. */
  protected failed(request: number, how: number, latencyUs: number): void {
    const { requests, world } = this
    requests.last[request] = how
    this.timeParts?.attemptEnds(this, request, how === GAVE_UP)
    this.answered(request, how === THROTTLED, true)
    if (!this.mayRetry(request, how, latencyUs)) {
      this.fail(request, FAILINGS[how]!, latencyUs)
      return
    }
    const retry = requests.attempts[request]!
    const draw = this.draws.jitter(requests.ordinal[request]!, retry + 1)
    const waitUs = this.clientOf(request).retrier!.waitUs(retry, FAILURES[how]!, draw)
    const atUs = Math.round(world.simulator.nowUs + waitUs)
    world.simulator.schedule(atUs, RANK_ARRIVAL, this.retryKind, request)
  }

  private mayRetry(request: number, how: number, latencyUs: number): boolean {
    const client = this.clientOf(request)
    const { retrier } = client
    if (retrier === null) return false
    const { meter } = this
    const decision = retrier.decide(this.requests.attempts[request]!, FAILURES[how]!)
    if (decision === 'quota-exhausted') {
      meter.exhaustedQuota()
      this.noteRejectedRetry(request, 'retryQuota', latencyUs)
    }
    if (decision !== 'retry') return false
    const guard = client.refusalToRetry(this.world.simulator.nowUs)
    if (guard !== NO_REFUSAL) {
      meter.refusedBy(guard)
      this.noteRejectedRetry(request, client.guardKeys[guard]!, latencyUs)
      retrier.takeBack()
      return false
    }
    this.requests.lastCost[request] = retrier.lastCost
    return true
  }

  /** An attempt ended well, as far as retries go; `how` it failed all the same, or 0. */
  protected ended(request: number, how: number, latencyUs: number): void {
    this.clientOf(request).retrier?.succeeded(this.requests.lastCost[request]!)
    this.timeParts?.attemptEnds(this, request, false)
    this.answered(request, false, how !== 0)
    if (how === 0) this.succeed(request, latencyUs)
    else this.fail(request, FAILINGS[how]!, latencyUs)
  }

  /** The function's code starts, sooner or later, whatever the caller does. */
  protected admitted(request: number): void {
    if (++this.requests.admitted[request]! === 2) this.meter.duplicated()
  }

  protected startTimeout(request: number): void {
    this.timeouts?.start(request)
  }

  protected cancelTimeout(request: number): void {
    this.timeouts?.cancel(request)
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
    const number = this.requests.attempts[request]! + 1
    const reason = this.clientOf(request).guardKeys[guard]!
    this.timeParts?.attemptRejected(this, request, number, reason)
    this.fail(request, FAILINGS[this.requests.last[request]!]!, this.waitedUs(request))
  }

  private succeed(request: number, latencyUs: number): void {
    const { attempts, throttles } = this.requests
    this.meter.succeed(latencyUs, attempts[request]!, throttles[request]!)
    this.settle(request, latencyUs)
  }

  private fail(request: number, how: Failing, latencyUs: number): void {
    this.meter.fail(how, latencyUs)
    this.settle(request, latencyUs)
  }

  private settle(request: number, latencyUs: number): void {
    this.timeParts?.requestEnds(this, request, latencyUs)
    this.clientOf(request).inFlight--
    const ordinal = this.requests.ordinal[request]!
    this.requests.give(request)
    this.onSettled?.(ordinal)
  }

  ordinalOf(request: number): number {
    return this.requests.ordinal[request]!
  }

  beganUs(request: number): number {
    return this.requests.beganUs[request]!
  }

  protected waitedUs(request: number): number {
    return this.world.simulator.nowUs - this.requests.beganUs[request]!
  }

  private clientOf(request: number): ClientInstance {
    return this.instances[this.requests.instance[request]!]!
  }

  private noteRejectedRetry(request: number, reason: string, latencyUs: number): void {
    const number = this.requests.attempts[request]! + 1
    this.timeParts?.retryRejected(this, request, number, reason, latencyUs)
  }

  private get timeParts(): TimeParts | null {
    return this.world.transitions.timeParts
  }

  private announce(code: number, request: number): void {
    const ordinal = foldOrdinal(this.requests.ordinal[request]!)
    this.world.transitions.announce(code, this.hash, ordinal, request)
  }
}
