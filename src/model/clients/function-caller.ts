import { invariant } from '../../kernel/invariant.ts'
import type { Qualifier } from '../compute/lambda-function.ts'
import { Router } from '../compute/router.ts'
import { ARRIVED_US, DURATION_US } from '../invocation/invocation-store.ts'
import type { Origin } from '../invocation/origin.ts'
import { SUCCEEDED, TIMED_OUT } from '../invocation/outcome.ts'
import { NONE } from '../messages/message-store.ts'
import type { World } from '../world.ts'
import { Caller, type CallerOptions, FAILED, THROTTLED, TIMED_OUT_BEHIND } from './caller.ts'

export interface FunctionCallerOptions extends CallerOptions {
  readonly qualifier: Qualifier
  readonly retriesFunctionErrors: boolean
}

/** A caller that invokes a function itself. */
export class FunctionCaller extends Caller implements Origin {
  private readonly qualifier: Qualifier
  private readonly retriesFunctionErrors: boolean
  private readonly router: Router
  private readonly origin: number
  /** Attempts that nobody waits for any more. */
  private abandoned = 0
  private wasRefused = false

  constructor(options: FunctionCallerOptions, world: World) {
    super(options, world)
    this.qualifier = options.qualifier
    this.retriesFunctionErrors = options.retriesFunctionErrors
    this.router = new Router(options.qualifier, options.streamName)
    this.origin = world.invocations.addOrigin(this)
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
    this.cancelTimeout(request)
    const latencyUs = this.latencyUs(request, slot)
    const isSuccess = outcome === SUCCEEDED
    const how = isSuccess ? 0 : outcome === TIMED_OUT ? TIMED_OUT_BEHIND : FAILED
    if (!isSuccess && this.retriesFunctionErrors) this.failed(request, how, latencyUs)
    // To an SDK a function error is a success, because Invoke answers it with HTTP 200.
    else this.ended(request, how, latencyUs)
  }

  attemptOf(slot: number): number {
    return this.world.invocations.store.attempt[slot]!
  }

  protected dispatch(request: number, number: number): void {
    const { requests } = this
    const { invocations } = this.world
    const { store } = invocations
    const ordinal = requests.ordinal[request]!
    const slot = invocations.open(this.origin, ordinal)
    store.cause[slot] = request
    store.attempt[slot] = number
    this.drawFor(slot, request, number)
    requests.await(request, slot)
    this.world.transitions.timeParts?.callerInvokes(this, request, slot)
    this.wasRefused = false
    invocations.attempt(slot, this.qualifier, this.router.poolOf(ordinal))
    if (this.wasRefused) return
    this.admitted(request)
    this.startTimeout(request)
  }

  protected disown(slot: number): void {
    this.world.invocations.store.cause[slot] = NONE
    this.abandoned++
  }

  protected checkAttempts(awaited: number): void {
    const inFlight = this.world.invocations.inFlightOf[this.origin]!
    invariant(
      inFlight === awaited + this.abandoned,
      () =>
        `${this.path}: ${inFlight} attempts in flight, ${awaited} waited for, ${this.abandoned} given up`,
    )
  }

  private drawFor(slot: number, request: number, number: number): void {
    const { draws, requests } = this
    const { store } = this.world.invocations
    const target = this.qualifier.function
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

  /** Until the end of an attempt, which keeps its fraction of a microsecond. */
  private latencyUs(request: number, slot: number): number {
    const { invocations } = this.world
    const attemptedUs = invocations.store.reals[4 * slot + ARRIVED_US]!
    return attemptedUs - this.requests.beganUs[request]! + invocations.latencyUs(slot)
  }
}
