import type { Simulator } from '../../kernel/simulator.ts'
import type { Caller } from '../clients/caller.ts'
import type { ArrivalProcess } from './arrival-process.ts'

/** Open traffic whose requests are nothing but their ordinals: the caller draws the rest. */
export class RequestProducer {
  readonly arrivals: ArrivalProcess
  private readonly caller: Caller
  private readonly simulator: Simulator
  private ordinal = 0

  constructor(caller: Caller, arrivals: ArrivalProcess, simulator: Simulator) {
    this.caller = caller
    this.arrivals = arrivals
    this.simulator = simulator
  }

  /** The arrival that is due happens, and the next one is announced. */
  arrive(): void {
    const ordinal = this.ordinal++
    this.caller.request(ordinal, ordinal, 0, 0)
    if (this.arrivals.starved !== true) this.simulator.resumeSource(this.arrivals.next())
  }
}
