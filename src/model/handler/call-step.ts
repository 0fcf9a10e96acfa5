import { hashName, mixBits } from '../../kernel/generator.ts'
import { RANK_RELEASE } from '../../kernel/order.ts'
import type { Failure } from '../clients/failure.ts'
import {
  CALL_FAILED,
  CALL_SUCCEEDED,
  CALL_THROTTLED,
  CALL_TIMED_OUT,
  type CallOutcome,
  type CallOwner,
} from '../downstream/calls.ts'
import type { CallTarget } from '../downstream/downstream.ts'
import type { CounterSeries } from '../metrics/series.ts'
import { Timeouts } from '../timeouts.ts'
import { CallClient } from './call-client.ts'
import type { CallSite } from './call-site.ts'
import { DONE, type Program, type Step, type StepResult, WAITING } from './step.ts'

const JITTER = hashName('retry-jitter')

/** Waits to be made, or made again; above the states of what is called. */
const HELD_BACK = 20
/** The same, but the handler does not wait for it any more. */
const HELD_BACK_FOR_NOBODY = 21

/**
 * Calls a downstream or a function: the handler waits for the answer, over all attempts, and its
 * environment stays busy. In each environment the call has an SDK client of its own, with a retry
 * quota and a rate limiter of its own.
 */
export class CallStep implements Step, CallOwner {
  readonly settings: CallSite['settings']
  private readonly site: CallSite
  private readonly program: Program
  private readonly owner: number
  private readonly timeouts: Timeouts | null
  private readonly heldBackKind: number
  private readonly retries: CounterSeries | null
  /** By environment; made with its first call. null: nothing is tried again. */
  private readonly clients: Map<number, CallClient> | null
  private readonly find: () => CallTarget
  private target: CallTarget | null = null

  /** `find` is asked whom it calls, when all that exists can be found. */
  constructor(site: CallSite, program: Program, find: () => CallTarget) {
    const { world, settings } = site
    this.site = site
    this.settings = settings
    this.program = program
    this.find = find
    this.owner = world.calls.addOwner(this)
    this.timeouts =
      settings.timeoutUs === null
        ? null
        : new Timeouts(settings.timeoutUs, world, (call) => this.timeOut(call))
    this.heldBackKind = world.addEventKind((call) => this.onHeldBack(call))
    this.clients = settings.retry === null ? null : new Map()
    this.retries = settings.retry === null ? null : program.countRetries()
  }

  connect(): void {
    const target = this.find()
    this.target = target
    if (this.clients !== null || target.onEnvironmentGone !== undefined) {
      this.site.function.environmentListeners.push(this)
    }
  }

  onEnvironmentGone(environment: number): void {
    this.clients?.delete(environment)
    this.target!.onEnvironmentGone?.(environment)
  }

  take(progress: number, item: number, repetition: number): StepResult {
    const { site, program } = this
    const ordinal = site.ordinalOf(item, repetition)
    if (!site.happens(ordinal)) return DONE
    const { calls } = site.world
    const call = calls.open(this.owner, progress)
    calls.environment[call] = program.environmentOf(progress)
    calls.stream[call] = site.stream
    calls.ordinal[call] = ordinal
    program.wait(progress, call)
    this.proceed(call)
    return WAITING
  }

  onAnswer(call: number, outcome: CallOutcome): void {
    const { calls, simulator } = this.site.world
    this.timeouts?.cancel(call)
    if (outcome === CALL_SUCCEEDED || (outcome === CALL_FAILED && !this.settings.retriesErrors)) {
      // To an SDK a function error is a success, because Invoke answers it with HTTP 200.
      const client = this.clientOf(call)
      client?.answered(false, simulator.nowUs)
      client?.succeeded(calls.attempt[call]! + 1)
    } else if (this.isTriedAgain(call, outcome)) return
    const progress = calls.subject[call]!
    calls.give(call)
    this.program.resume(progress, outcome === CALL_SUCCEEDED)
  }

  abandon(call: number): void {
    const { state } = this.site.world.calls
    if (state[call] === HELD_BACK) {
      state[call] = HELD_BACK_FOR_NOBODY
      return
    }
    this.timeouts?.cancel(call)
    this.target!.abandon(call)
  }

  end(environment: number): void {
    this.target!.onInvocationEnd?.(environment)
  }

  checkBooks(): void {
    this.target!.checkBooks?.()
  }

  /** Makes the attempt, unless the rate limiter holds it back. */
  private proceed(call: number): void {
    const { calls, simulator, transitions } = this.site.world
    const delayUs = this.clientOf(call)?.delayUs(simulator.nowUs) ?? 0
    if (delayUs > 0) {
      this.holdBack(call, delayUs)
      return
    }
    if (calls.attempt[call]! > 0) this.retries!.add(1)
    transitions.timeParts?.callBegins(call, this.program, calls.subject[call]!)
    this.timeouts?.start(call)
    this.target!.begin(call)
  }

  /** Whether the call that has failed, and is the step's own again, waits for another attempt. */
  private isTriedAgain(call: number, outcome: CallOutcome): boolean {
    const client = this.clientOf(call)
    if (client === null) return false
    const { calls, simulator } = this.site.world
    client.answered(outcome === CALL_THROTTLED, simulator.nowUs)
    const attempts = calls.attempt[call]! + 1
    const waitUs = client.backOffUs(attempts, failureOf(outcome), () =>
      this.site.drawFor(calls.ordinal[call]!, mixBits(JITTER ^ attempts)).nextUniform(),
    )
    if (waitUs < 0) return false
    calls.attempt[call] = attempts
    this.holdBack(call, waitUs)
    return true
  }

  private holdBack(call: number, waitUs: number): void {
    const { calls, simulator, transitions } = this.site.world
    transitions.timeParts?.handlerWaits(this.program, calls.subject[call]!, 'backOff')
    calls.state[call] = HELD_BACK
    const atUs = Math.floor(simulator.nowUs + waitUs + 0.5)
    simulator.schedule(atUs, RANK_RELEASE, this.heldBackKind, call)
  }

  private onHeldBack(call: number): void {
    const { calls } = this.site.world
    if (calls.state[call] === HELD_BACK_FOR_NOBODY) calls.give(call)
    else this.proceed(call)
  }

  private clientOf(call: number): CallClient | null {
    const { clients } = this
    const { retry } = this.settings
    if (clients === null || retry === null) return null
    const environment = this.site.world.calls.environment[call]!
    const known = clients.get(environment)
    if (known !== undefined) return known
    const created = new CallClient(retry)
    clients.set(environment, created)
    return created
  }

  /** Who was called keeps the call that nobody waits for; what is tried again is another one. */
  private timeOut(call: number): void {
    const { calls } = this.site.world
    const progress = calls.subject[call]!
    const again = calls.openFor(call, this.owner, progress)
    this.target!.abandon(call)
    if (this.isTriedAgain(again, CALL_TIMED_OUT)) {
      this.program.waitOn(progress, again)
      return
    }
    calls.give(again)
    this.program.resume(progress, false)
  }
}

function failureOf(outcome: CallOutcome): Failure {
  if (outcome === CALL_THROTTLED) return 'throttling'
  return outcome === CALL_TIMED_OUT ? 'timeout' : 'other'
}
