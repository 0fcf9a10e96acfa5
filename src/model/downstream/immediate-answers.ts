import { RANK_RELEASE } from '../../kernel/order.ts'
import type { World } from '../world.ts'
import { type CallOutcome, grownToCalls } from './calls.ts'

/** An answer that is on its way at this instant; the states below 10 are those of who gives it. */
const ANSWERING = 10
const ANSWERING_NOBODY = 11

/** Answers at this instant, each in an event of its own: not before the caller is ready to hear it. */
export class ImmediateAnswers {
  private outcomes = new Int32Array(0)
  private readonly world: World
  private readonly kind: number

  constructor(world: World, deliver: (call: number, outcome: CallOutcome) => void) {
    const { calls } = world
    this.world = world
    this.kind = world.addEventKind((call) => {
      if (calls.state[call] === ANSWERING_NOBODY) calls.give(call)
      else deliver(call, this.outcomes[call]! as CallOutcome)
    })
  }

  soon(call: number, outcome: CallOutcome): void {
    const { calls, simulator } = this.world
    this.outcomes = grownToCalls(this.outcomes, call, calls)
    calls.state[call] = ANSWERING
    this.outcomes[call] = outcome
    simulator.schedule(simulator.nowUs, RANK_RELEASE, this.kind, call)
  }

  /** Nobody waits for the call any more. False: no answer to it is on its way. */
  withhold(call: number): boolean {
    const { state } = this.world.calls
    if (state[call] !== ANSWERING) return false
    state[call] = ANSWERING_NOBODY
    return true
  }
}
