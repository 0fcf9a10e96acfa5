import { RANK_EXPIRY } from '../../kernel/order.ts'
import { TimerLane } from '../../kernel/timer-lane.ts'
import { CALL_SUCCEEDED, type CallOutcome, type CallOwner } from '../downstream/calls.ts'
import type { Downstream } from '../downstream/downstream.ts'
import type { CallSite } from './call-site.ts'
import { DONE, type Program, type Step, type StepResult, WAITING } from './step.ts'

/** Calls a downstream: the handler waits for its answer, and its environment stays busy. */
export class ServiceStep implements Step, CallOwner {
  readonly settings: CallSite['settings']
  private readonly site: CallSite
  private readonly program: Program
  private readonly owner: number
  private readonly timeouts: TimerLane | null
  private readonly timeoutKind: number
  private downstream: Downstream | null = null

  constructor(site: CallSite, program: Program) {
    const { world, settings } = site
    this.site = site
    this.settings = settings
    this.program = program
    this.owner = world.calls.addOwner(this)
    this.timeouts = settings.timeoutUs === null ? null : new TimerLane(settings.timeoutUs)
    this.timeoutKind = world.addEventKind(() => this.onTimeouts())
  }

  connect(): void {
    const { site, settings } = this
    const downstream = site.world.downstream(settings.to)
    this.downstream = downstream
    if (downstream.onEnvironmentGone === undefined) return
    site.function.environmentListeners.push({
      onEnvironmentGone: (environment) => downstream.onEnvironmentGone?.(environment),
    })
  }

  take(progress: number, item: number, repetition: number): StepResult {
    const { site, program } = this
    const ordinal = site.ordinalOf(item, repetition)
    if (!site.happens(ordinal)) return DONE
    const { calls, simulator } = site.world
    const call = calls.open(this.owner, progress)
    calls.environment[call] = program.environmentOf(progress)
    calls.stream[call] = site.stream
    calls.ordinal[call] = ordinal
    program.wait(progress, call)
    if (this.timeouts !== null) {
      this.timeouts.start(call, simulator.nowUs)
      this.armTimeouts(this.timeouts)
    }
    this.downstream!.begin(call)
    return WAITING
  }

  onAnswer(call: number, outcome: CallOutcome): void {
    const { calls } = this.site.world
    const progress = calls.subject[call]!
    this.timeouts?.cancel(call)
    calls.give(call)
    this.program.resume(progress, outcome === CALL_SUCCEEDED)
  }

  abandon(call: number): void {
    this.timeouts?.cancel(call)
    this.downstream!.abandon(call)
  }

  end(environment: number): void {
    this.downstream!.onInvocationEnd?.(environment)
  }

  private onTimeouts(): void {
    const timeouts = this.timeouts!
    const { calls, simulator } = this.site.world
    timeouts.isArmed = false
    for (;;) {
      const call = timeouts.takeDue(simulator.nowUs)
      if (call < 0) break
      const progress = calls.subject[call]!
      this.downstream!.abandon(call)
      this.program.resume(progress, false)
    }
    this.armTimeouts(timeouts)
  }

  private armTimeouts(timeouts: TimerLane): void {
    if (timeouts.isArmed || timeouts.headDueUs === Number.POSITIVE_INFINITY) return
    timeouts.isArmed = true
    this.site.world.simulator.scheduleLater(timeouts.headDueUs, RANK_EXPIRY, this.timeoutKind, 0)
  }
}
