/** One run of a compiled scenario: dispatches its events, and closes its books at the end. */
import type { ScenarioFiles } from '../kernel/files.ts'
import { InvariantViolation, invariant } from '../kernel/invariant.ts'
import { RANK_CONTROL } from '../kernel/order.ts'
import { type Model, Simulator } from '../kernel/simulator.ts'
import { Assembly } from './assembly.ts'
import { Backlogs } from './backlogs.ts'
import type { CompiledScenario, TimelineAction } from './compiled-scenario.ts'
import { Account } from './compute/account.ts'
import { Admission } from './compute/admission.ts'
import type { Changes } from './compute/changes.ts'
import { Environments } from './compute/environments.ts'
import { functionBill } from './compute/function-bill.ts'
import type { LambdaFunction } from './compute/lambda-function.ts'
import {
  ALLOCATION_COMPLETE,
  BACKLOG_SAMPLE_DUE,
  DEPLOYMENT_SHIFT,
  DRAIN_ENDS,
  ENVIRONMENT_INITIALISED,
  ENVIRONMENT_TIMER,
  FIRST_PART_KIND,
  FUNCTION_TIMER,
  INVOCATION_ENDED,
  PERIOD_ENDS,
  RUN_ENDS,
  SHUTDOWN_LANE,
  TIMELINE_STEP,
  USER_WAKES,
  WARM_UP_ENDS,
} from './event-kinds.ts'
import { Invocations } from './invocation/invocations.ts'
import type { Book } from './metrics/ledger.ts'
import type { Recorder } from './metrics/recorder.ts'
import type { Parts } from './parts.ts'
import { type Usage, usageOf } from './pricing/charge.ts'
import type { Producers } from './traffic/producers.ts'
import { Transitions } from './transitions.ts'

export class Simulation implements Model {
  readonly scenario: CompiledScenario
  readonly simulator: Simulator
  readonly transitions: Transitions
  readonly account: Account
  readonly admission: Admission
  readonly functions: LambdaFunction[] = []
  readonly environments: Environments
  readonly invocations: Invocations
  readonly producers: Producers
  readonly parts: Parts
  readonly backlogs: Backlogs
  /** With drain: when nothing was in flight any more; null while anything is. */
  drainedAtUs: number | null = null

  private readonly recorder: Recorder
  private readonly changes: Changes
  private isDraining = false

  constructor(
    scenario: CompiledScenario,
    replication: number,
    recorder: Recorder,
    files: ScenarioFiles,
  ) {
    this.scenario = scenario
    this.recorder = recorder
    this.simulator = new Simulator(this, recorder.clock)
    this.transitions = new Transitions(this.simulator)
    const { account } = scenario
    // Where nothing is set aside, both equal ConcurrentExecutions and would only repeat its rows.
    const isPlain = !setsConcurrencyAside(scenario)
    this.account = new Account(account.concurrentExecutions, account.otherUnreservedConcurrency, {
      concurrent: recorder.gauge('account', 'account', 'ConcurrentExecutions'),
      unreserved: recorder.gauge('account', 'account', 'UnreservedConcurrentExecutions', isPlain),
      claimed: recorder.gauge('account', 'account', 'ClaimedAccountConcurrency', isPlain),
    })
    this.admission = new Admission(this.account, this.simulator)
    this.environments = new Environments(this.functions, this.simulator, this.transitions)
    this.invocations = new Invocations(
      this.account,
      this.admission,
      this.environments,
      this.simulator,
      this.transitions,
    )
    this.environments.connect(this.invocations)
    const assembly = new Assembly({
      scenario,
      streamRoot: `${scenario.seed}/${replication}`,
      recorder,
      simulator: this.simulator,
      account: this.account,
      functions: this.functions,
      environments: this.environments,
      invocations: this.invocations,
      transitions: this.transitions,
    })
    this.changes = assembly.changes
    assembly.addFunctions()
    this.parts = assembly.parts
    assembly.addParts()
    this.producers = assembly.addProducers(files)
    assembly.connect()
    this.backlogs = new Backlogs(this.parts.all, scenario.durationUs)
    this.scheduleControl()
  }

  dispatch(kind: number, subject: number): void {
    switch (kind) {
      case INVOCATION_ENDED:
        this.invocations.end(subject)
        if (this.isDraining) this.stopWhenDrained()
        break
      case ENVIRONMENT_INITIALISED:
        this.invocations.onInitialised(subject)
        break
      case ENVIRONMENT_TIMER:
        this.environments.onTimer(subject)
        break
      case USER_WAKES:
        this.wakeUser(subject)
        break
      case FUNCTION_TIMER:
        this.environments.onFunctionTimer(subject)
        break
      case SHUTDOWN_LANE:
        this.environments.onShutdownLane(subject)
        break
      case ALLOCATION_COMPLETE:
        this.changes.completeAllocation(subject)
        break
      case TIMELINE_STEP:
        this.takeTimelineStep(this.scenario.timeline[subject]!)
        break
      case DEPLOYMENT_SHIFT:
        this.changes.shift(subject)
        break
      case PERIOD_ENDS:
        this.endPeriod()
        break
      case BACKLOG_SAMPLE_DUE:
        this.sampleBacklogs()
        break
      case WARM_UP_ENDS:
        this.recorder.endWarmUp(this.simulator.nowUs)
        break
      case RUN_ENDS:
        this.endRun()
        break
      case DRAIN_ENDS:
        this.simulator.stop()
        break
      default:
        if (kind < FIRST_PART_KIND) {
          throw new InvariantViolation(`there is no event of kind ${kind}`)
        }
        this.parts.happen(kind, subject)
        if (this.isDraining) this.stopWhenDrained()
    }
  }

  arrive(source: number): void {
    this.producers.open[source]!.arrive()
  }

  describeNext(): string {
    const books = this.books()
    const busiest = books.reduce((one, other) => (other.entered > one.entered ? other : one))
    return `${busiest.scope} ${busiest.name} has had ${busiest.entered} requests; look at what sends them`
  }

  /** Reads on for the source that stopped the run. */
  async refillStarvedSource(): Promise<void> {
    const producer = this.producers.open[this.simulator.starvedSource]!
    this.simulator.resumeSource(await firstArrivalUs(producer))
  }

  /** Hands every source its first arrival; traces read their first chunk. */
  async start(): Promise<void> {
    this.parts.start()
    for (const [source, producer] of this.producers.open.entries()) {
      this.simulator.addSource(source, await firstArrivalUs(producer))
    }
    for (const producer of this.producers.closed) producer.start()
  }

  /** At the end, or where the run was interrupted: closes the books and checks that they balance. */
  finish(): void {
    for (const { meter, origin } of this.producers.synchronous) {
      meter.close(this.invocations.inFlightOf[origin]!)
    }
    for (const { meter } of this.producers.handover) meter.ledger.close(0, 0)
    this.parts.close()
    for (const owner of this.functions) {
      invariant(
        owner.inFlight === owner.meter.concurrent.level && owner.inFlight >= 0,
        () => `function ${owner.name} counts ${owner.inFlight} requests in flight`,
      )
    }
    this.recorder.closePeriod(this.simulator.nowUs)
  }

  /** Of every accounted place, in output order. Balanced after `finish`. */
  books(): readonly Book[] {
    return [...this.producers.books, ...this.parts.books]
  }

  /** What everybody used, for the bill: functions, then parts, in the order of the scenario. */
  usages(): readonly Usage[] {
    const run = { lengthUs: this.simulator.nowUs }
    const ofFunctions = this.functions.flatMap((owner) =>
      usageOf({ scope: 'function', name: owner.name }, functionBill(owner.settings), owner, run),
    )
    const ofParts = this.scenario.parts.flatMap((settings) =>
      usageOf(settings, settings.charges ?? [], this.parts.at(settings.path) as never, run),
    )
    return [...ofFunctions, ...ofParts]
  }

  private scheduleControl(): void {
    const { simulator, scenario } = this
    const { durationUs, warmUpUs, metricsPeriodUs } = scenario
    // The end of the run first: what it adds to the books belongs to the last period.
    simulator.scheduleLater(durationUs, RANK_CONTROL, RUN_ENDS, 0)
    simulator.scheduleLater(metricsPeriodUs, RANK_CONTROL, PERIOD_ENDS, 0)
    if (this.backlogs.areWatched) {
      simulator.scheduleLater(this.backlogs.intervalUs, RANK_CONTROL, BACKLOG_SAMPLE_DUE, 0)
    }
    if (warmUpUs > 0) simulator.scheduleLater(warmUpUs, RANK_CONTROL, WARM_UP_ENDS, 0)
    scenario.timeline.forEach((action, index) => {
      simulator.scheduleLater(action.atUs, RANK_CONTROL, TIMELINE_STEP, index)
    })
  }

  private endPeriod(): void {
    const { simulator } = this
    this.recorder.closePeriod(simulator.nowUs)
    const nextUs = simulator.nowUs + this.scenario.metricsPeriodUs
    simulator.scheduleLater(nextUs, RANK_CONTROL, PERIOD_ENDS, 0)
  }

  private sampleBacklogs(): void {
    const { backlogs, simulator } = this
    if (this.isDraining) return
    backlogs.sample(simulator.nowUs)
    const nextUs = simulator.nowUs + backlogs.intervalUs
    simulator.scheduleLater(nextUs, RANK_CONTROL, BACKLOG_SAMPLE_DUE, 0)
  }

  private endRun(): void {
    if (!this.scenario.drain) {
      this.simulator.stop()
      return
    }
    this.isDraining = true
    const endUs = this.simulator.nowUs + this.scenario.maximumDrainUs
    this.simulator.scheduleLater(endUs, RANK_CONTROL, DRAIN_ENDS, 0)
    this.simulator.silenceSources()
    for (const producer of this.producers.closed) producer.silence()
    this.parts.silence()
    this.stopWhenDrained()
  }

  private stopWhenDrained(): void {
    if (this.invocations.store.used > 0 || this.parts.pending() > 0) return
    this.drainedAtUs = this.simulator.nowUs
    this.simulator.stop()
  }

  private takeTimelineStep(action: TimelineAction): void {
    if (action.kind === 'command') {
      this.parts.at(action.partPath).command!(action.verb, action.options)
    } else if (action.kind === 'set' && action.change.kind === 'part') {
      this.parts.at(action.change.partPath).reconfigure!(action.change.config)
    } else this.changes.apply(action)
    if (this.isDraining) this.stopWhenDrained()
  }

  private wakeUser(subject: number): void {
    for (const producer of this.producers.closed) {
      const user = subject - producer.firstUser
      if (user < producer.users) {
        producer.wake(user)
        return
      }
    }
  }
}

/** Whether reserved, provisioned or foreign concurrency takes part at any time. */
function setsConcurrencyAside(scenario: CompiledScenario): boolean {
  return (
    scenario.account.otherUnreservedConcurrency > 0 ||
    scenario.timeline.some((action) => action.kind === 'set') ||
    scenario.functions.some(
      ({ reservedConcurrency, qualifiers }) =>
        reservedConcurrency !== null ||
        qualifiers.some((qualifier) => qualifier.hasProvisionedConcurrency),
    )
  )
}

async function firstArrivalUs({ arrivals }: Producers['open'][number]): Promise<number> {
  while (arrivals.starved === true) await arrivals.refill!()
  return arrivals.next()
}
