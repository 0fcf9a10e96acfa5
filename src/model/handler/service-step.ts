import { hashName, mixBits } from '../../kernel/generator.ts'
import { RANK_EXPIRY, RANK_RELEASE } from '../../kernel/order.ts'
import { TimerLane } from '../../kernel/timer-lane.ts'
import type { Failure } from '../clients/failure.ts'
import { Retrier } from '../clients/retry-policy.ts'
import {
  CALL_SUCCEEDED,
  CALL_THROTTLED,
  CALL_TIMED_OUT,
  type CallOutcome,
  type CallOwner,
} from '../downstream/calls.ts'
import type { Downstream } from '../downstream/downstream.ts'
import type { CounterSeries } from '../metrics/series.ts'
import type { CallSite } from './call-site.ts'
import { DONE, type Program, type Step, type StepResult, WAITING } from './step.ts'

const JITTER = hashName('retry-jitter')

/** Waits to be tried again; above the states of any downstream. */
const BACKING_OFF = 20
/** The same, but the handler does not wait for it any more. */
const BACKING_OFF_FOR_NOBODY = 21

/**
 * Calls a downstream: the handler waits for its answer, over all attempts, and its environment
 * stays busy. Each environment has an SDK client of its own, and so a retry quota of its own.
 */
export class ServiceStep implements Step, CallOwner {
  readonly settings: CallSite['settings']
  private readonly site: CallSite
  private readonly program: Program
  private readonly owner: number
  private readonly timeouts: TimerLane | null
  private readonly timeoutKind: number
  private readonly retryKind: number
  private readonly retries: CounterSeries | null
  /** By environment; made when its first call fails. */
  private readonly retriers = new Map<number, Retrier>()
  private downstream: Downstream | null = null

  constructor(site: CallSite, program: Program) {
    const { world, settings } = site
    this.site = site
    this.settings = settings
    this.program = program
    this.owner = world.calls.addOwner(this)
    this.timeouts = settings.timeoutUs === null ? null : new TimerLane(settings.timeoutUs)
    this.timeoutKind = world.addEventKind(() => this.onTimeouts())
    this.retryKind = world.addEventKind((call) => this.tryAgain(call))
    this.retries = settings.retry === null ? null : program.countRetries()
  }

  connect(): void {
    const { site, settings } = this
    this.downstream = site.world.downstream(settings.to)
    site.function.environmentListeners.push(this)
  }

  onEnvironmentGone(environment: number): void {
    this.retriers.delete(environment)
    this.downstream!.onEnvironmentGone?.(environment)
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
    this.begin(call)
    return WAITING
  }

  onAnswer(call: number, outcome: CallOutcome): void {
    const { calls } = this.site.world
    this.timeouts?.cancel(call)
    if (outcome !== CALL_SUCCEEDED && this.isTriedAgain(call, outcome)) return
    const progress = calls.subject[call]!
    if (outcome === CALL_SUCCEEDED) {
      const retrier = this.retriers.get(calls.environment[call]!)
      retrier?.succeeded(calls.attempt[call] === 0 ? 0 : retrier.lastCost)
    }
    calls.give(call)
    this.program.resume(progress, outcome === CALL_SUCCEEDED)
  }

  abandon(call: number): void {
    const { state } = this.site.world.calls
    if (state[call] === BACKING_OFF) {
      state[call] = BACKING_OFF_FOR_NOBODY
      return
    }
    this.timeouts?.cancel(call)
    this.downstream!.abandon(call)
  }

  end(environment: number): void {
    this.downstream!.onInvocationEnd?.(environment)
  }

  private begin(call: number): void {
    const { timeouts } = this
    const { calls, transitions } = this.site.world
    transitions.timeParts?.callBegins(call, this.program, calls.subject[call]!)
    if (timeouts !== null) {
      timeouts.start(call, this.site.world.simulator.nowUs)
      this.armTimeouts(timeouts)
    }
    this.downstream!.begin(call)
  }

  /** Whether the call that has failed, and is the step's own again, waits for another attempt. */
  private isTriedAgain(call: number, outcome: CallOutcome): boolean {
    const retrier = this.retrierOf(call)
    if (retrier === null) return false
    const { calls, simulator, transitions } = this.site.world
    const attempts = calls.attempt[call]! + 1
    const failure = failureOf(outcome)
    if (retrier.decide(attempts, failure) !== 'retry') return false
    const purpose = mixBits(JITTER ^ attempts)
    const draw = this.site.drawFor(calls.ordinal[call]!, purpose).nextUniform()
    const waitUs = retrier.waitUs(attempts, failure, draw)
    calls.state[call] = BACKING_OFF
    calls.attempt[call] = attempts
    transitions.timeParts?.handlerWaits(this.program, calls.subject[call]!, 'backOff')
    const atUs = Math.floor(simulator.nowUs + waitUs + 0.5)
    simulator.schedule(atUs, RANK_RELEASE, this.retryKind, call)
    return true
  }

  private tryAgain(call: number): void {
    const { calls } = this.site.world
    if (calls.state[call] === BACKING_OFF_FOR_NOBODY) {
      calls.give(call)
      return
    }
    this.retries!.add(1)
    this.begin(call)
  }

  private retrierOf(call: number): Retrier | null {
    const { retry } = this.settings
    if (retry === null) return null
    const environment = this.site.world.calls.environment[call]!
    const known = this.retriers.get(environment)
    if (known !== undefined) return known
    const created = new Retrier(retry)
    this.retriers.set(environment, created)
    return created
  }

  private onTimeouts(): void {
    const timeouts = this.timeouts!
    const { simulator } = this.site.world
    timeouts.isArmed = false
    for (;;) {
      const call = timeouts.takeDue(simulator.nowUs)
      if (call < 0) break
      this.timeOut(call)
    }
    this.armTimeouts(timeouts)
  }

  /** The downstream keeps the call that nobody waits for; what is tried again is another one. */
  private timeOut(call: number): void {
    const { calls } = this.site.world
    const progress = calls.subject[call]!
    const again = calls.open(this.owner, progress)
    calls.environment[again] = calls.environment[call]!
    calls.stream[again] = calls.stream[call]!
    calls.ordinal[again] = calls.ordinal[call]!
    calls.attempt[again] = calls.attempt[call]!
    this.downstream!.abandon(call)
    if (this.isTriedAgain(again, CALL_TIMED_OUT)) {
      this.program.waitOn(progress, again)
      return
    }
    calls.give(again)
    this.program.resume(progress, false)
  }

  private armTimeouts(timeouts: TimerLane): void {
    if (timeouts.isArmed || timeouts.headDueUs === Number.POSITIVE_INFINITY) return
    timeouts.isArmed = true
    this.site.world.simulator.scheduleLater(timeouts.headDueUs, RANK_EXPIRY, this.timeoutKind, 0)
  }
}

function failureOf(outcome: CallOutcome): Failure {
  if (outcome === CALL_THROTTLED) return 'throttling'
  return outcome === CALL_TIMED_OUT ? 'timeout' : 'other'
}
