/** Turns a compiled scenario into a run: functions with their pools, resources, edges, producers. */
import type { ScenarioFiles } from '../kernel/files.ts'
import { Generator, hashName, rekey } from '../kernel/generator.ts'
import type { Simulator } from '../kernel/simulator.ts'
import type { CompiledScenario, FunctionSettings } from './compiled-scenario.ts'
import type { Account } from './compute/account.ts'
import { Changes } from './compute/changes.ts'
import { EnvironmentPool } from './compute/environment-pool.ts'
import type { Environments } from './compute/environments.ts'
import { FunctionCommands } from './compute/function-commands.ts'
import { IDLE_SELECTIONS } from './compute/idle-selection/index.ts'
import type { KeepAlivePolicy } from './compute/keep-alive/policy.ts'
import { LambdaFunction, type Qualifier } from './compute/lambda-function.ts'
import { ManagedFunction } from './compute/managed-instances/managed-function.ts'
import { ProvisionedConcurrency } from './compute/provisioned-concurrency.ts'
import { ProvisionedScaling } from './compute/provisioned-scaling.ts'
import { PerFunctionScalingRate, RegionalBurst, type ScalingRate } from './compute/scaling-rate.ts'
import { LATEST, meanStartUs, SnapStartMeter } from './compute/snap-start.ts'
import { HandlerCalls } from './handler/calls.ts'
import type { Invocations } from './invocation/invocations.ts'
import { capacityMeter, FunctionMeter, provisionedMeter } from './metrics/function-meter.ts'
import type { Recorder } from './metrics/recorder.ts'
import { EnvironmentInterfaces } from './network/environment-interfaces.ts'
import { FunctionStates } from './network/function-states.ts'
import { Parts } from './parts.ts'
import { createWorld } from './run-world.ts'
import { Producers } from './traffic/producers.ts'
import type { Transitions } from './transitions.ts'
import type { World } from './world.ts'

/** Provisioned environments that one function may be given in a minute (Lambda developer guide, "Configuring provisioned concurrency"). */
const ALLOCATIONS_PER_MINUTE = 6_000

export interface AssemblyContext {
  readonly scenario: CompiledScenario
  /** `seed/replication`: what the names of all random streams begin with. */
  readonly streamRoot: string
  readonly recorder: Recorder
  readonly simulator: Simulator
  readonly account: Account
  readonly functions: LambdaFunction[]
  readonly environments: Environments
  readonly invocations: Invocations
  readonly transitions: Transitions
}

export class Assembly {
  readonly changes: Changes
  readonly parts = new Parts()
  readonly world: World
  private producers: Producers | null = null
  private readonly context: AssemblyContext
  /** What keep-alive policies of several functions share. */
  private readonly shared = new Map<string, unknown>()

  constructor(context: AssemblyContext) {
    const { account, functions, environments, simulator } = context
    this.context = context
    this.world = createWorld(context, this.parts)
    this.changes = new Changes(
      account,
      functions,
      environments,
      simulator,
      (owner, version, provisioned, isPublished) =>
        this.addPool(owner, version, provisioned, isPublished),
    )
  }

  addFunctions(): void {
    const { scenario, functions } = this.context
    const { scaling } = scenario.account
    const shared =
      scaling.kind === 'regional-burst' ? new RegionalBurst(scaling.burst, scaling.perMinute) : null
    const allocationsPerMinute =
      scaling.kind === 'regional-burst' ? scaling.perMinute : ALLOCATIONS_PER_MINUTE
    scenario.functions.forEach((settings, index) => {
      const scalingRate = settings.scalingRateUnlimited
        ? null
        : (shared ?? new PerFunctionScalingRate())
      this.addFunction(settings, index, scalingRate, allocationsPerMinute)
    })
    this.changes.recount(0)
    for (const owner of functions) this.furnish(owner)
  }

  /** Adds resources, event edges and handlers' calls; they find each other when `connect` is called. */
  addParts(): void {
    const { functions, scenario, simulator } = this.context
    for (const owner of functions) {
      this.parts.add(new FunctionCommands(owner, simulator))
      if (owner.managed !== null) this.parts.add(owner.managed)
      this.addNetwork(owner)
      this.addScaling(owner)
      if (owner.settings.handler.steps.length === 0) continue
      owner.calls = new HandlerCalls(owner, this.world)
      this.parts.add(owner.calls)
    }
    for (const settings of scenario.parts) this.parts.add(settings.create(this.world))
  }

  private addNetwork(owner: LambdaFunction): void {
    const { vpc } = owner.settings
    if (vpc === null) return
    owner.network = vpc.sharesInterfaces
      ? new FunctionStates(owner, vpc, this.context.environments, this.world)
      : new EnvironmentInterfaces(owner, vpc, this.world)
    this.parts.add(owner.network)
  }

  /** Adds the producers in the scenario's order, which becomes that of their origins. */
  addProducers(files: ScenarioFiles): Producers {
    const { scenario, functions } = this.context
    this.producers = new Producers(this.world, this.context.transitions, (part) =>
      this.parts.add(part),
    )
    for (const settings of scenario.traffic) {
      this.producers.add(settings, functions, files)
    }
    return this.producers
  }

  /** Everything exists: references become targets. */
  connect(): void {
    this.producers!.connect()
    this.parts.connect()
  }

  private addFunction(
    settings: FunctionSettings,
    index: number,
    scalingRate: ScalingRate | null,
    allocationsPerMinute: number,
  ): void {
    const { recorder, scenario, streamRoot, functions, invocations, simulator } = this.context
    const meter = new FunctionMeter(
      recorder,
      settings.name,
      scenario.metricsPeriodUs,
      settings.coldStart.proactiveShare > 0,
    )
    const streamName = `${streamRoot}/${settings.name}`
    const keepAlive = this.keepAliveOf(settings)
    const owner = new LambdaFunction(index, settings, meter, scalingRate, streamName, keepAlive)
    owner.drawsFailures = mayFail(scenario, index)
    if (settings.tenants !== null) {
      meter.tenantEnvironments = recorder.counter('function', settings.name, 'TenantEnvironments')
    }
    if (owner.hasProvisioned) {
      meter.provisionedInits = recorder.counter(
        'function',
        settings.name,
        'ProvisionedInitBilledDuration',
      )
    }
    functions.push(owner)
    if (settings.managed !== null) {
      const { environments } = this.context
      owner.managed = new ManagedFunction(owner, settings.managed, environments, this.world)
    }
    if (settings.coldStart.restore !== null) {
      owner.snapStart = new SnapStartMeter(recorder, settings.name)
    }
    const pools = settings.versions.map((version) =>
      this.addPool(owner, version, null, version !== LATEST),
    )
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
        provisioned = new ProvisionedConcurrency({
          meters,
          capacityMeter: qualifier.scaling === null ? null : capacityMeter(recorder, name),
          perMinute: allocationsPerMinute,
          streamName: `${streamRoot}/${name}/allocation`,
          createPool: (itself) => this.addPool(owner, version, itself, true),
          onClaimShrunk: () => this.changes.recount(simulator.nowUs),
        })
      }
      const entry: Qualifier = {
        index: invocations.qualifiers.length,
        name: qualifier.name,
        function: owner,
        routes,
        provisioned,
        isCalled: false,
      }
      invocations.qualifiers.push(entry)
      owner.qualifiers.push(entry)
    }
  }

  private keepAliveOf(settings: FunctionSettings): KeepAlivePolicy {
    const { keepAlive, memoryMb } = settings
    const coldStartUs = meanStartUs(settings)
    const shared = (name: string, make: () => unknown): unknown => {
      if (!this.shared.has(name)) this.shared.set(name, make())
      return this.shared.get(name)
    }
    return keepAlive.create({ memoryMb, coldStartUs, shared })
  }

  private addScaling(owner: LambdaFunction): void {
    owner.qualifiers.forEach((qualifier, index) => {
      const settings = owner.settings.qualifiers[index]!.scaling
      if (settings === null) return
      const setCapacity = (scaled: Qualifier, capacity: number): void => {
        this.changes.changeProvisioned(scaled, capacity)
      }
      const { world } = this
      this.parts.add(new ProvisionedScaling({ qualifier, settings, world, setCapacity }))
    })
  }

  /** The environments of a version, or of each tenant of it. */
  private addPool(
    owner: LambdaFunction,
    version: string,
    provisioned: ProvisionedConcurrency | null,
    isPublished: boolean,
  ): EnvironmentPool {
    const pool = this.addOnePool(owner, version, provisioned, isPublished)
    if (owner.settings.tenants === null) return pool
    pool.tenants = Array.from({ length: owner.settings.tenants }, () => {
      const tenant = this.addOnePool(owner, version, provisioned, isPublished)
      tenant.isOfTenant = true
      return tenant
    })
    return pool
  }

  private addOnePool(
    owner: LambdaFunction,
    version: string,
    provisioned: ProvisionedConcurrency | null,
    isPublished: boolean,
  ): EnvironmentPool {
    const { environments, simulator, streamRoot } = this.context
    const { pools, store } = environments
    const index = pools.length
    const selection = IDLE_SELECTIONS.find(({ kind }) => kind === owner.settings.idleSelection)!
    const kind = provisioned === null ? 'on-demand' : 'provisioned'
    const generator = new Generator()
    const stream = hashName(`${streamRoot}/${owner.name}/${version}/${kind}/idle-selection`)
    let choices = 0
    const managed = provisioned === null ? (owner.managed?.addPool() ?? null) : null
    const idle =
      managed ??
      selection.create(store, () => rekey(generator, stream, choices++, 0, 0).nextUniform())
    const pool = new EnvironmentPool(index, owner, version, provisioned, isPublished, idle)
    managed?.connect(pool)
    pool.managed = managed
    if (owner.snapStart !== null && isPublished && provisioned === null) {
      pool.restore = owner.settings.coldStart.restore
      owner.snapStart.published(simulator.nowUs)
    }
    pools.push(pool)
    return pool
  }

  /** What is there at time 0: provisioned environments, and idle ones if the scenario says so. */
  private furnish(owner: LambdaFunction): void {
    owner.qualifiers.forEach((qualifier, index) => {
      const settings = owner.settings.qualifiers[index]!
      this.changes.furnishProvisioned(qualifier, settings)
    })
    const { environments } = this.context
    const pool = owner.qualifiers[0]!.routes[0]!.pool
    const pools = pool.tenants ?? [pool]
    for (let count = 0; count < owner.settings.initialEnvironments; count++) {
      environments.release(environments.createReady(pools[count % pools.length]!))
    }
  }
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
  const { poison, transient, byAttribute } =
    scenario.functions[functionIndex]!.handler.recordFailures
  if (poison > 0 || transient > 0 || byAttribute.length > 0) return true
  return shares.some(
    ({ error, crash, outOfMemory, timeout }) => error + crash + outOfMemory + timeout > 0,
  )
}
