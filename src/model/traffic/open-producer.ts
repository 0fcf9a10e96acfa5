import { BlockStream, UNIFORM } from '../../kernel/block-stream.ts'
import { hashName, namedGenerator } from '../../kernel/generator.ts'
import type { Simulator } from '../../kernel/simulator.ts'
import type { Caller } from '../clients/caller.ts'
import type { Qualifier } from '../compute/lambda-function.ts'
import { Router } from '../compute/router.ts'
import { DURATION_US } from '../invocation/invocation-store.ts'
import type { Invocations } from '../invocation/invocations.ts'
import type { Origin } from '../invocation/origin.ts'
import type { ArrivalProcess } from './arrival-process.ts'
import type { TrafficMeter } from './traffic-meter.ts'

export interface ProducerOptions {
  readonly index: number
  readonly name: string
  readonly meter: TrafficMeter
  readonly qualifier: Qualifier
  readonly invocations: Invocations
  /** `seed/replication/producer`: what the names of its random streams begin with. */
  readonly streamName: string
  /** Whether any failure share is ever above 0, so that requests need their failure draw. */
  readonly drawsFailures: boolean
  /** Makes the attempts where callers retry or give up; null: the producer makes one of each. */
  readonly caller: Caller | null
}

/** Open traffic: its requests come when they come, whatever happened to the ones before. */
export class OpenProducer implements Origin {
  readonly name: string
  readonly hash: number
  readonly meter: TrafficMeter
  readonly arrivals: ArrivalProcess
  private readonly options: ProducerOptions
  private readonly durations: BlockStream
  private readonly failureDraws: BlockStream | null
  private readonly router: Router
  private readonly simulator: Simulator
  private ordinal = 0

  constructor(options: ProducerOptions, arrivals: ArrivalProcess, simulator: Simulator) {
    this.simulator = simulator
    const { name, meter, qualifier, streamName } = options
    this.name = name
    this.hash = hashName(name)
    this.meter = meter
    this.options = options
    this.arrivals = arrivals
    const { duration } = qualifier.function.settings.handler
    this.durations = new BlockStream(namedGenerator(`${streamName}/duration`), duration)
    this.failureDraws = options.drawsFailures
      ? new BlockStream(namedGenerator(`${streamName}/failure`), UNIFORM)
      : null
    this.router = new Router(options.qualifier, streamName)
  }

  /** The arrival that is due happens, and the next one is announced. */
  arrive(): void {
    if (this.options.caller === null) this.call()
    else this.ask(this.options.caller)
    if (this.arrivals.starved !== true) this.simulator.resumeSource(this.arrivals.next())
  }

  private call(): void {
    const { invocations, index, qualifier } = this.options
    const { store } = invocations
    const ordinal = this.ordinal++
    const slot = invocations.open(index, ordinal)
    store.reals[4 * slot + DURATION_US] = this.durations.next()
    if (this.failureDraws !== null) store.failureDraw[slot] = this.failureDraws.next()
    this.meter.enter()
    invocations.attempt(slot, qualifier, this.router.poolOf(ordinal))
  }

  private ask(caller: Caller): void {
    const ordinal = this.ordinal++
    const failureDraw = this.failureDraws === null ? 0 : this.failureDraws.next()
    caller.request(ordinal, ordinal, this.durations.next(), failureDraw)
  }

  onRefused(_invocation: number, _cause: number): void {
    this.meter.refused()
  }

  onEnded(invocation: number, outcome: number): void {
    this.meter.ended(outcome, this.options.invocations.latencyUs(invocation))
  }
}
