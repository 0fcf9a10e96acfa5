import { Generator, hashName } from '../../kernel/generator.ts'
import { invariant } from '../../kernel/invariant.ts'
import type { Book } from '../metrics/ledger.ts'
import type { CallPhase } from '../time-parts.ts'
import type { World } from '../world.ts'
import { CALL_FAILED, CALL_SUCCEEDED, CALL_TIMED_OUT, type CallOutcome } from './calls.ts'
import { Disturbances } from './disturbances.ts'
import type { Downstream } from './downstream.ts'
import { ImmediateAnswers } from './immediate-answers.ts'
import { DownstreamMeter } from './meter.ts'

/** What all types have in common: their books, outages, errors, and answers at once. */
export abstract class BaseDownstream implements Downstream {
  readonly name: string
  readonly path: string
  protected readonly world: World
  protected readonly disturbances: Disturbances
  protected readonly meter: DownstreamMeter
  private readonly generator = new Generator()
  private readonly errorPurpose: number
  private readonly answers: ImmediateAnswers
  private readonly debtor: number
  private errorRate: number

  constructor(name: string, errorRate: number, world: World) {
    this.name = name
    this.path = `downstreams.${name}`
    this.world = world
    this.errorRate = errorRate
    this.disturbances = new Disturbances(world.simulator)
    this.meter = new DownstreamMeter(world.recorder, name)
    this.errorPurpose = hashName(`${this.path}/error`)
    this.debtor = world.calls.addDebtor()
    this.answers = new ImmediateAnswers(world, (call, outcome) => this.answer(call, outcome))
  }

  /** The call goes into what the type is made of. */
  protected abstract enter(call: number): void
  /** Its caller does not wait any more: true when nothing of it is left here. */
  protected abstract leave(call: number): boolean

  /** Where a call is before a service takes it. */
  protected get firstPhase(): CallPhase {
    return 'wait'
  }

  begin(call: number): void {
    const { calls, simulator, transitions } = this.world
    this.meter.begin()
    calls.owe(call, this.debtor)
    transitions.timeParts?.callEnters(call, this.path, this.firstPhase)
    calls.beganUs[call] = simulator.nowUs
    if (this.disturbances.isDown) this.answerSoon(call, CALL_FAILED)
    else this.enter(call)
  }

  abandon(call: number): void {
    const { calls } = this.world
    this.meter.end(CALL_TIMED_OUT, 0)
    calls.settle(call)
    this.world.transitions.timeParts?.callLeaves(call)
    if (!this.answers.withhold(call) && this.leave(call)) calls.give(call)
  }

  command(verb: string, options: unknown): void {
    this.disturbances.command(verb, options)
  }

  closeBooks(): readonly Book[] {
    const { begun, ended } = this.meter
    const owed = this.world.calls.owedBy(this.debtor)
    invariant(
      begun - ended === owed,
      () => `${this.path}: ${begun} calls began, ${ended} ended, and ${owed} wait for an answer`,
    )
    return []
  }

  protected setErrorRate(errorRate: number): void {
    this.errorRate = errorRate
  }

  /** Of a call that has been served: its share of errors falls on the call, whenever it is served. */
  protected servedOutcome(call: number): CallOutcome {
    if (this.errorRate === 0) return CALL_SUCCEEDED
    return this.drawOf(call, this.errorPurpose) < this.errorRate ? CALL_FAILED : CALL_SUCCEEDED
  }

  protected drawOf(call: number, purpose: number): number {
    return this.generatorOf(call, purpose).nextUniform()
  }

  /** Good until the next one is asked for. */
  protected generatorOf(call: number, purpose: number): Generator {
    return this.world.calls.drawFor(call, purpose, this.generator)
  }

  /** Only in an event of the downstream's own. */
  protected answer(call: number, outcome: CallOutcome): void {
    const { calls, simulator } = this.world
    this.meter.end(outcome, simulator.nowUs - calls.beganUs[call]!)
    calls.settle(call)
    calls.answer(call, outcome)
  }

  /** At this instant, but not before the caller is ready to hear it. */
  protected answerSoon(call: number, outcome: CallOutcome): void {
    this.answers.soon(call, outcome)
  }
}
