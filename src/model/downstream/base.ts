import { Generator, hashName, rekey } from '../../kernel/generator.ts'
import { invariant } from '../../kernel/invariant.ts'
import { RANK_RELEASE } from '../../kernel/order.ts'
import type { Book } from '../metrics/ledger.ts'
import type { CallPhase } from '../time-parts.ts'
import type { World } from '../world.ts'
import { CALL_FAILED, CALL_SUCCEEDED, CALL_TIMED_OUT, type CallOutcome } from './calls.ts'
import { Disturbances } from './disturbances.ts'
import type { Downstream } from './downstream.ts'
import { DownstreamMeter } from './meter.ts'

/** An answer that is on its way at this instant; the states below 10 are those of a type. */
const ANSWERING = 10
const ANSWERING_NOBODY = 11

/** What all types have in common: their books, outages, errors, and answers at once. */
export abstract class BaseDownstream implements Downstream {
  readonly name: string
  readonly path: string
  protected readonly world: World
  protected readonly disturbances: Disturbances
  protected readonly meter: DownstreamMeter
  private readonly generator = new Generator()
  private readonly errorPurpose: number
  private readonly answers: number
  private errorRate: number
  private outcomes = new Int32Array(0)

  constructor(name: string, errorRate: number, world: World) {
    this.name = name
    this.path = `downstreams.${name}`
    this.world = world
    this.errorRate = errorRate
    this.disturbances = new Disturbances(world.simulator)
    this.meter = new DownstreamMeter(world.recorder, name)
    this.errorPurpose = hashName(`${this.path}/error`)
    this.answers = world.addEventKind((call) => this.answerNow(call))
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
    transitions.timeParts?.callEnters(call, this.path, this.firstPhase)
    calls.beganUs[call] = simulator.nowUs
    if (this.disturbances.isDown) this.answerSoon(call, CALL_FAILED)
    else this.enter(call)
  }

  abandon(call: number): void {
    const { calls } = this.world
    this.meter.end(CALL_TIMED_OUT, 0)
    this.world.transitions.timeParts?.callLeaves(call)
    if (calls.state[call] === ANSWERING) calls.state[call] = ANSWERING_NOBODY
    else if (this.leave(call)) calls.give(call)
  }

  command(verb: string, options: unknown): void {
    this.disturbances.command(verb, options)
  }

  closeBooks(): readonly Book[] {
    const { begun, ended, open } = this.meter
    invariant(
      begun - ended === open.level,
      () => `${this.path}: ${begun} calls began, ${ended} ended, ${open.level} are open`,
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
    const { stream, ordinal, attempt } = this.world.calls
    return rekey(this.generator, stream[call]!, ordinal[call]!, purpose, attempt[call]!)
  }

  /** Only in an event of the downstream's own. */
  protected answer(call: number, outcome: CallOutcome): void {
    const { calls, simulator } = this.world
    this.meter.end(outcome, simulator.nowUs - calls.beganUs[call]!)
    calls.answer(call, outcome)
  }

  /** At this instant, but not before the caller is ready to hear it. */
  protected answerSoon(call: number, outcome: CallOutcome): void {
    const { calls, simulator } = this.world
    if (call >= this.outcomes.length) {
      const grown = new Int32Array(calls.state.length)
      grown.set(this.outcomes)
      this.outcomes = grown
    }
    calls.state[call] = ANSWERING
    this.outcomes[call] = outcome
    simulator.schedule(simulator.nowUs, RANK_RELEASE, this.answers, call)
  }

  private answerNow(call: number): void {
    const { calls } = this.world
    if (calls.state[call] === ANSWERING_NOBODY) calls.give(call)
    else this.answer(call, this.outcomes[call]! as CallOutcome)
  }
}
