/** The producers of a run, in the scenario's order. */
import type { ScenarioFiles } from '../../kernel/files.ts'
import { InvariantViolation } from '../../kernel/invariant.ts'
import type { Caller } from '../clients/caller.ts'
import { CallerMeter } from '../clients/caller-meter.ts'
import { FunctionCaller } from '../clients/function-caller.ts'
import type { TrafficSettings, TrafficTarget } from '../compiled-scenario.ts'
import type { LambdaFunction, Qualifier } from '../compute/lambda-function.ts'
import { DoorCaller } from '../doors/door-caller.ts'
import type { Book } from '../metrics/ledger.ts'
import type { Part } from '../part.ts'
import type { Transitions } from '../transitions.ts'
import { SyncExecutionCaller } from '../workflow/sync-execution-caller.ts'
import type { World } from '../world.ts'
import type { ArrivalContext } from './arrival-process.ts'
import { ClosedProducer } from './closed-producer.ts'
import { HandoverMeter } from './handover-meter.ts'
import { HandoverProducer } from './handover-producer.ts'
import { OpenProducer, type ProducerOptions } from './open-producer.ts'
import { RequestProducer } from './request-producer.ts'
import { TrafficMeter } from './traffic-meter.ts'

type SynchronousTarget = Extract<TrafficTarget, { kind: 'synchronous' }>
type ExecutionTarget = Extract<TrafficTarget, { kind: 'execution' }>
type DoorTarget = Extract<TrafficTarget, { kind: 'door' }>

export class Producers {
  /** Those with a source of arrivals of their own, by source. */
  readonly open: (OpenProducer | RequestProducer | HandoverProducer)[] = []
  readonly closed: ClosedProducer[] = []
  readonly handover: HandoverProducer[] = []
  /** Those that wait for an answer: their books are checked against their attempts in flight. */
  readonly synchronous: { readonly meter: TrafficMeter; readonly origin: number }[] = []
  readonly books: Book[] = []
  private readonly world: World
  private readonly transitions: Transitions
  private readonly connections: (() => void)[] = []
  private readonly addPart: (part: Part) => void
  private users = 0

  constructor(world: World, transitions: Transitions, addPart: (part: Part) => void) {
    this.addPart = addPart
    this.world = world
    this.transitions = transitions
  }

  add(settings: TrafficSettings, functions: readonly LambdaFunction[], files: ScenarioFiles): void {
    const { target } = settings
    if (target.kind === 'handover') this.addHandover(settings, target, files)
    else if (target.kind !== 'synchronous') this.addCallingTraffic(settings, target, files)
    else this.addSynchronous(settings, target, functions, files)
  }

  connect(): void {
    for (const connect of this.connections) connect()
  }

  private addSynchronous(
    settings: TrafficSettings,
    target: SynchronousTarget,
    functions: readonly LambdaFunction[],
    files: ScenarioFiles,
  ): void {
    const { recorder, simulator, invocations, streamRoot } = this.world
    const { name, arrivals } = settings
    const qualifier = functions[target.functionIndex]!.qualifiers[target.qualifierIndex]!
    qualifier.isCalled = true
    const streamName = `${streamRoot}/${name}`
    const caller = this.callerOf(name, target, qualifier, streamName)
    const meter = caller?.meter ?? new TrafficMeter(recorder, name)
    const options: ProducerOptions = {
      index: invocations.origins.length,
      name,
      meter,
      qualifier,
      invocations,
      streamName,
      drawsFailures: qualifier.function.drawsFailures,
      caller,
    }
    let producer: OpenProducer | ClosedProducer
    if (arrivals.kind === 'closed') {
      producer = new ClosedProducer(options, arrivals, simulator, this.users)
      this.users += producer.users
      this.closed.push(producer)
    } else {
      const process = arrivals.create(this.arrivalContext(name), files)
      producer = new OpenProducer(options, process, simulator)
      this.open.push(producer)
    }
    this.books.push(meter)
    if (caller === null) {
      this.synchronous.push({ meter, origin: invocations.addOrigin(producer) })
    }
  }

  /** What is behind a door is not known before its routes are: every attempt draws there. */
  private addCallingTraffic(
    { name, arrivals }: TrafficSettings,
    target: DoorTarget | ExecutionTarget,
    files: ScenarioFiles,
  ): void {
    const { world } = this
    const meter = new CallerMeter(world.recorder, name, target.client)
    const streamName = `${world.streamRoot}/${name}`
    const caller =
      target.kind === 'door'
        ? new DoorCaller({ ...target, name, meter, streamName }, world)
        : new SyncExecutionCaller({ ...target, name, meter, streamName }, world)
    this.addPart(caller)
    this.books.push(meter)
    if (arrivals.kind === 'closed') {
      const options = { name, meter, qualifier: null, streamName, caller }
      const producer = new ClosedProducer(options, arrivals, world.simulator, this.users)
      this.users += producer.users
      this.closed.push(producer)
      return
    }
    const process = arrivals.create(this.arrivalContext(name), files)
    this.open.push(new RequestProducer(caller, process, world.simulator))
  }

  /** null: callers call once and wait, which needs nothing in between. */
  private callerOf(
    name: string,
    { client }: SynchronousTarget,
    qualifier: Qualifier,
    streamName: string,
  ): Caller | null {
    if (client === undefined) return null
    const meter = new CallerMeter(this.world.recorder, name, client)
    const { retriesFunctionErrors } = client
    const options = { name, meter, client, qualifier, streamName, retriesFunctionErrors }
    const caller = new FunctionCaller(options, this.world)
    this.addPart(caller)
    return caller
  }

  private addHandover(
    { name, arrivals }: TrafficSettings,
    { reference, section, shape, batch }: Extract<TrafficTarget, { kind: 'handover' }>,
    files: ScenarioFiles,
  ): void {
    const { world, transitions } = this
    const { recorder, simulator, messages, births } = world
    if (arrivals.kind === 'closed') {
      throw new InvariantViolation(
        `producer ${name} waits for answers that ${reference} never gives`,
      )
    }
    const meter = new HandoverMeter(recorder, name)
    const options = { name, meter, shape, batch, messages, births, transitions }
    const process = arrivals.create(this.arrivalContext(name), files)
    const producer = new HandoverProducer(options, process, simulator)
    this.open.push(producer)
    this.handover.push(producer)
    this.books.push(meter.ledger)
    this.connections.push(() => producer.connect(world.target(reference, [section])))
  }

  private arrivalContext(name: string): ArrivalContext {
    const { settings, streamRoot } = this.world
    return {
      streamName: (purpose) => `${streamRoot}/${name}/${purpose}`,
      durationUs: settings.durationUs,
      startsAtMs: settings.startsAtMs,
    }
  }
}
