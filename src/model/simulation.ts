/**
 * Assembles a compiled scenario into one run. The only file that knows all parts.
 */

import type { ScenarioFiles } from '../kernel/files.ts'
import { Generator, hashName, rekey } from '../kernel/generator.ts'
import { InvariantViolation, invariant } from '../kernel/invariant.ts'
import { RANK_CONTROL } from '../kernel/order.ts'
import { type Model, Simulator } from '../kernel/simulator.ts'
import { formatDuration } from '../kernel/time.ts'
import type { CompiledScenario, FunctionSettings, TrafficSettings } from './compiled-scenario.ts'
import { Account } from './compute/account.ts'
import { Admission } from './compute/admission.ts'
import { Changes } from './compute/changes.ts'
import { EnvironmentPool } from './compute/environment-pool.ts'
import { Environments } from './compute/environments.ts'
import { IDLE_SELECTIONS } from './compute/idle-selection/index.ts'
import { LambdaFunction, type Qualifier } from './compute/lambda-function.ts'
import { ProvisionedConcurrency } from './compute/provisioned-concurrency.ts'
import { PerFunctionScalingRate, RegionalBurst, type ScalingRate } from './compute/scaling-rate.ts'
import {
  ALLOCATION_COMPLETE,
  DEPLOYMENT_SHIFT,
  ENVIRONMENT_INITIALISED,
  ENVIRONMENT_TIMER,
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
import { FunctionMeter, provisionedMeter } from './metrics/function-meter.ts'
import type { Recorder } from './metrics/recorder.ts'
import type { ArrivalContext } from './traffic/arrival-process.ts'
import { ClosedProducer } from './traffic/closed-producer.ts'
import { OpenProducer, type ProducerOptions } from './traffic/open-producer.ts'
import { TrafficMeter } from './traffic/traffic-meter.ts'
import { Transitions } from './transitions.ts'

/** Provisioned environments that one function may be given in a minute (Lambda developer guide). */
const ALLOCATIONS_PER_MINUTE = 6_000

export class Simulation implements Model {
  readonly scenario: CompiledScenario
  readonly simulator: Simulator
  readonly transitions: Transitions
  readonly account: Account
  readonly admission: Admission
  readonly functions: LambdaFunction[] = []
  readonly environments: Environments
  readonly invocations: Invocations
  readonly openProducers: OpenProducer[] = []
  readonly closedProducers: ClosedProducer[] = []
  /** With drain: when nothing was in flight any more. */
  drainedAtUs: number | null = null

  private readonly recorder: Recorder
  private readonly changes: Changes
  /** `seed/replication`: what the names of all random streams begin with. */
  private readonly streamRoot: string
  private isDraining = false

  constructor(
    scenario: CompiledScenario,
    replication: number,
    recorder: Recorder,
    files: ScenarioFiles,
  ) {
    this.scenario = scenario
    this.recorder = recorder
    this.streamRoot = `${scenario.seed}/${replication}`
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
    this.changes = new Changes(
      this.account,
      this.functions,
      this.environments,
      this.simulator,
      (owner, version, provisioned) => this.addPool(owner, version, provisioned),
      hashName(`${this.streamRoot}/allocation`),
    )
    this.addFunctions()
    for (const settings of scenario.traffic) this.addProducer(settings, files)
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
        this.changes.apply(this.scenario.timeline[subject]!)
        break
      case DEPLOYMENT_SHIFT:
        this.changes.shift(subject)
        break
      case PERIOD_ENDS:
        this.endPeriod()
        break
      case WARM_UP_ENDS:
        this.recorder.endWarmUp(this.simulator.nowUs)
        break
      case RUN_ENDS:
        this.endRun()
        break
      default:
        throw new InvariantViolation(`there is no event of kind ${kind}`)
    }
  }

  arrive(source: number): void {
    this.openProducers[source]!.arrive()
  }

  describeNext(): string {
    const { used } = this.invocations.store
    return `${used} invocations are in flight; look for durations or think times of 0`
  }

  /** Reads on for the source that stopped the run. */
  async refillStarvedSource(): Promise<void> {
    const producer = this.openProducers[this.simulator.starvedSource]!
    this.simulator.resumeSource(await this.firstArrivalUs(producer))
  }

  /** Hands every source its first arrival; traces read their first chunk. */
  async start(): Promise<void> {
    for (const [source, producer] of this.openProducers.entries()) {
      this.simulator.addSource(source, await this.firstArrivalUs(producer))
    }
    for (const producer of this.closedProducers) producer.start()
  }

  /** At the end, or where the run was interrupted: closes the books and checks that they balance. */
  finish(): void {
    const { store } = this.invocations
    const inFlight = new Map<string, number>()
    let ledgerInFlight = 0
    for (const { meter } of this.producers()) {
      const { entered, succeeded, failed, throttled, timedOut } = meter.ledger
      inFlight.set(meter.name, entered - succeeded - failed - throttled - timedOut)
      ledgerInFlight += inFlight.get(meter.name)!
    }
    invariant(
      ledgerInFlight === store.used,
      () =>
        `the ledgers have ${ledgerInFlight} requests in flight at ${formatDuration(this.simulator.nowUs)}, the engine has ${store.used}`,
    )
    for (const owner of this.functions) {
      invariant(
        owner.inFlight === owner.meter.concurrent.level && owner.inFlight >= 0,
        () => `function ${owner.name} counts ${owner.inFlight} requests in flight`,
      )
    }
    for (const { meter } of this.producers()) meter.close(inFlight.get(meter.name)!)
    this.recorder.closePeriod(this.simulator.nowUs)
  }

  producers(): (OpenProducer | ClosedProducer)[] {
    const byName = new Map<string, OpenProducer | ClosedProducer>()
    for (const producer of [...this.openProducers, ...this.closedProducers]) {
      byName.set(producer.name, producer)
    }
    return this.scenario.traffic.map(({ name }) => byName.get(name)!)
  }

  private async firstArrivalUs(producer: OpenProducer): Promise<number> {
    while (producer.arrivals.starved === true) await producer.arrivals.refill!()
    return producer.arrivals.next()
  }

  private addFunctions(): void {
    const { scaling } = this.scenario.account
    const shared =
      scaling.kind === 'regional-burst' ? new RegionalBurst(scaling.burst, scaling.perMinute) : null
    const allocationsPerMinute =
      scaling.kind === 'regional-burst' ? scaling.perMinute : ALLOCATIONS_PER_MINUTE
    this.scenario.functions.forEach((settings, index) => {
      const scalingRate = settings.scalingRateUnlimited
        ? null
        : (shared ?? new PerFunctionScalingRate())
      this.addFunction(settings, index, scalingRate, allocationsPerMinute)
    })
    this.changes.recount(0)
    for (const owner of this.functions) this.furnish(owner)
  }

  private addFunction(
    settings: FunctionSettings,
    index: number,
    scalingRate: ScalingRate | null,
    allocationsPerMinute: number,
  ): void {
    const { recorder, scenario } = this
    const meter = new FunctionMeter(recorder, settings.name, scenario.metricsPeriodUs)
    const streamName = `${this.streamRoot}/${settings.name}`
    const owner = new LambdaFunction(index, settings, meter, scalingRate, streamName)
    this.functions.push(owner)
    const pools = settings.versions.map((version) => this.addPool(owner, version, null))
    const ownMeter = owner.hasProvisioned
      ? provisionedMeter(recorder, 'function', settings.name)
      : null
    for (const qualifier of settings.qualifiers) {
      const routes = qualifier.routes.map((route) => ({
        pool: pools[route.version]!,
        weight: route.weight,
      }))
      let provisioned: ProvisionedConcurrency | null = null
      if (qualifier.hasProvisionedConcurrency) {
        const name = `${settings.name}:${qualifier.name}`
        const meters = [ownMeter!, provisionedMeter(recorder, 'alias', name)]
        const version = routes[0]!.pool.version
        provisioned = new ProvisionedConcurrency(index, meters, allocationsPerMinute, (itself) =>
          this.addPool(owner, version, itself),
        )
      }
      const entry: Qualifier = {
        index: this.invocations.qualifiers.length,
        name: qualifier.name,
        function: owner,
        routes,
        provisioned,
      }
      this.invocations.qualifiers.push(entry)
      owner.qualifiers.push(entry)
    }
  }

  private addPool(
    owner: LambdaFunction,
    version: string,
    provisioned: ProvisionedConcurrency | null,
  ): EnvironmentPool {
    const { pools, store } = this.environments
    const index = pools.length
    const selection = IDLE_SELECTIONS.find(({ kind }) => kind === owner.settings.idleSelection)!
    const generator = new Generator()
    const stream = hashName(`${this.streamRoot}/${owner.name}/idle-selection/${index}`)
    let choices = 0
    const idle = selection.create(store, () =>
      rekey(generator, stream, choices++, 0, 0).nextUniform(),
    )
    const pool = new EnvironmentPool(index, owner, version, provisioned, idle)
    pools.push(pool)
    return pool
  }

  /** What is there at time 0: provisioned environments, and idle ones if the scenario says so. */
  private furnish(owner: LambdaFunction): void {
    owner.qualifiers.forEach((qualifier, index) => {
      const settings = owner.settings.qualifiers[index]!
      this.changes.furnishProvisioned(qualifier, settings)
    })
    const pool = owner.qualifiers[0]!.routes[0]!.pool
    for (let count = 0; count < owner.settings.initialEnvironments; count++) {
      this.environments.release(this.environments.createReady(pool))
    }
  }

  private addProducer(settings: TrafficSettings, files: ScenarioFiles): void {
    const { scenario } = this
    const target = this.functions[settings.target.functionIndex]!
    const streamName = `${this.streamRoot}/${settings.name}`
    const options: ProducerOptions = {
      index: this.invocations.origins.length,
      name: settings.name,
      meter: new TrafficMeter(this.recorder, settings.name),
      qualifier: target.qualifiers[settings.target.qualifierIndex]!,
      invocations: this.invocations,
      streamName,
      drawsFailures: mayFail(scenario, settings.target.functionIndex),
    }
    const { arrivals } = settings
    if (arrivals.kind === 'open') {
      const context: ArrivalContext = {
        streamName: (purpose) => `${streamName}/${purpose}`,
        durationUs: scenario.durationUs,
        startsAtMs: scenario.startsAtMs,
      }
      const producer = new OpenProducer(options, arrivals.create(context, files), this.simulator)
      this.openProducers.push(producer)
      this.invocations.addOrigin(producer)
    } else {
      const last = this.closedProducers.at(-1)
      const firstUser = last === undefined ? 0 : last.firstUser + last.users
      const producer = new ClosedProducer(options, arrivals, this.simulator, firstUser)
      this.closedProducers.push(producer)
      this.invocations.addOrigin(producer)
    }
  }

  private scheduleControl(): void {
    const { simulator, scenario } = this
    const { durationUs, warmUpUs, metricsPeriodUs } = scenario
    // The end of the run first: what it adds to the books belongs to the last period.
    simulator.scheduleLater(durationUs, RANK_CONTROL, RUN_ENDS, 0)
    simulator.scheduleLater(metricsPeriodUs, RANK_CONTROL, PERIOD_ENDS, 0)
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

  private endRun(): void {
    if (!this.scenario.drain) {
      this.simulator.stop()
      return
    }
    this.isDraining = true
    this.simulator.silenceSources()
    for (const producer of this.closedProducers) producer.silence()
    this.stopWhenDrained()
  }

  private stopWhenDrained(): void {
    if (this.invocations.store.used > 0) return
    this.drainedAtUs = this.simulator.nowUs
    this.simulator.stop()
  }

  private wakeUser(subject: number): void {
    for (const producer of this.closedProducers) {
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

/** Whether any failure share of the function is above 0 at any time of the run. */
function mayFail(scenario: CompiledScenario, functionIndex: number): boolean {
  const shares = [scenario.functions[functionIndex]!.handler.failures]
  for (const action of scenario.timeline) {
    if (
      action.kind === 'set' &&
      action.change.kind === 'failures' &&
      action.change.functionIndex === functionIndex
    ) {
      shares.push(action.change.value)
    }
  }
  return shares.some(
    ({ error, crash, outOfMemory, timeout }) => error + crash + outOfMemory + timeout > 0,
  )
}
