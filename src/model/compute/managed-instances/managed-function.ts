/**
 * A function on Lambda Managed Instances: environments that serve several requests at once, are
 * there before requests come, and are added by looking at their use, never for a request.
 * Source: Lambda developer guide, "Scaling Lambda Managed Instances".
 */
import { invariant } from '../../../kernel/invariant.ts'
import { RANK_CONTROL, RANK_RELEASE } from '../../../kernel/order.ts'
import type { Simulator } from '../../../kernel/simulator.ts'
import { TIMED_OUT } from '../../invocation/outcome.ts'
import type { CounterSeries, GaugeSeries } from '../../metrics/series.ts'
import type { LimitUse, Part } from '../../part.ts'
import type { World } from '../../world.ts'
import { ClosestApproach } from '../closest-approach.ts'
import type { EnvironmentPool } from '../environment-pool.ts'
import type { Environments } from '../environments.ts'
import type { LambdaFunction } from '../lambda-function.ts'
import { ADMITTED, MANAGED_CONCURRENCY, MANAGED_CPU } from '../throttle-cause.ts'
import type { CapacityProvider } from './capacity-provider.ts'
import { ManagedPool } from './managed-pool.ts'
import type { EnvironmentRange, ManagedSettings } from './settings.ts'

/** An environment on its way. */
interface Start {
  readonly pool: ManagedPool
  readonly instance: number
  readonly initUs: number
}

export class ManagedFunction implements Part {
  readonly path: string
  readonly lambda: LambdaFunction
  readonly settings: ManagedSettings
  readonly environments: Environments
  readonly simulator: Simulator
  range: EnvironmentRange
  private connected: CapacityProvider | null = null
  private readonly world: World
  private readonly pools: ManagedPool[] = []
  private readonly starts = new Map<number, Start>()
  private startsBegun = 0
  /** By attempt: how much longer its code runs than its timeout, us. */
  private readonly overruns = new Map<number, number>()
  /** Places that timed-out requests keep. */
  private held = 0
  private inUse = 0
  private readonly closest = new ClosestApproach(0)
  private readonly utilization: GaugeSeries
  private readonly throttles: CounterSeries
  private readonly lookDue: number
  private readonly initOver: number
  private readonly holdOver: number

  constructor(
    lambda: LambdaFunction,
    settings: ManagedSettings,
    environments: Environments,
    world: World,
  ) {
    this.path = `functions.${lambda.name}.capacityProviderConfig`
    this.lambda = lambda
    this.settings = settings
    this.environments = environments
    this.world = world
    this.simulator = world.simulator
    this.range = settings.scaling
    const { recorder } = world
    this.utilization = recorder.gauge('function', lambda.name, 'ConcurrencyUtilization')
    const counters = ['ConcurrencyThrottles', 'CPUThrottles'].map((metric) =>
      recorder.counter('function', lambda.name, metric),
    )
    this.throttles = counters[settings.isLimitedByCpu ? 1 : 0]!
    this.lookDue = world.addEventKind(() => this.look())
    this.initOver = world.addEventKind((start) => this.endStart(start))
    this.holdOver = world.addEventKind((environment) => this.endHold(environment))
  }

  get provider(): CapacityProvider {
    return this.connected!
  }

  /** The environments of a version. */
  addPool(): ManagedPool {
    const pool = new ManagedPool(this)
    this.pools.push(pool)
    return pool
  }

  connect(): void {
    this.connected = this.world.part(
      `capacityProviders.${this.settings.capacityProvider}`,
    ) as CapacityProvider
    this.connected.addUser(this)
  }

  get startingEnvironments(): number {
    return this.starts.size
  }

  get cpuInUse(): number {
    return this.inUse * this.settings.cpuOfRequest
  }

  start(): void {
    const { initialEnvironments, scaling } = this.settings
    for (const [index, pool] of this.pools.entries()) {
      pool.furnish(index === 0 ? initialEnvironments : scaling.minExecutionEnvironments)
    }
    this.scheduleLook()
  }

  /** Whether a request may run on this version now; otherwise the cause. */
  refusal(pool: EnvironmentPool): number {
    if (pool.idle.size > 0) return ADMITTED
    return this.settings.isLimitedByCpu ? MANAGED_CPU : MANAGED_CONCURRENCY
  }

  onRefused(cause: number): void {
    if (cause === MANAGED_CPU || cause === MANAGED_CONCURRENCY) this.throttles.add(1)
  }

  /** The code of an attempt will run for so much longer than its timeout. */
  noteOverrun(attempt: number, overrunUs: number): void {
    this.overruns.set(attempt, overrunUs)
  }

  /** An attempt crashed, ran out of memory or timed out on this environment. */
  onBroken(attempt: number, environment: number, pool: EnvironmentPool, outcome: number): void {
    if (outcome === TIMED_OUT) {
      this.hold(attempt, environment)
      return
    }
    pool.managed!.breakDown(environment)
  }

  beginStart(pool: ManagedPool, instance: number, readyAtUs: number, initUs: number): void {
    const identifier = this.startsBegun++
    this.starts.set(identifier, { pool, instance, initUs })
    const atUs = Math.max(this.simulator.nowUs, readyAtUs) + initUs
    this.simulator.scheduleLater(atUs, RANK_RELEASE, this.initOver, identifier)
  }

  /** Requests begin or cease to be on its environments. */
  use(by: number): void {
    this.inUse += by
    this.closest.rise(this.inUse)
    if (this.settings.cpuOfRequest > 0) this.provider.publishCpu()
    this.publish()
  }

  /** After a change of what is in use, or of how much there is. */
  publish(): void {
    const places = this.placeCount
    this.closest.changeLimit(places, this.inUse)
    this.utilization.set(places === 0 ? 0 : this.inUse / places)
  }

  reconfigure(config: unknown): void {
    this.range = config as EnvironmentRange
    for (const pool of this.pools) pool.keepInRange()
  }

  limitUses(): readonly LimitUse[] {
    const limit = this.settings.isLimitedByCpu ? 'vCPUs of environments' : 'places of environments'
    return [{ scope: 'function', name: this.lambda.name, limit, ...this.closest.read() }]
  }

  closeBooks(): readonly [] {
    const onEnvironments = this.pools.reduce((sum, pool) => sum + pool.inUse, 0)
    invariant(
      onEnvironments === this.lambda.inFlight + this.held && onEnvironments === this.inUse,
      () =>
        `${this.path}: ${onEnvironments} places taken, by ${this.lambda.inFlight} requests and ${this.held} that timed out`,
    )
    return []
  }

  /** Free ones and taken ones: an environment that takes no more requests has only the latter. */
  private get placeCount(): number {
    let places = this.inUse
    for (const pool of this.pools) places += pool.size
    return places
  }

  private look(): void {
    for (const pool of this.pools) pool.scale(this.simulator.nowUs)
    this.scheduleLook()
  }

  private scheduleLook(): void {
    const atUs = this.simulator.nowUs + this.provider.config.scalingInterval
    this.simulator.scheduleLater(atUs, RANK_CONTROL, this.lookDue, 0)
  }

  private endStart(identifier: number): void {
    const { pool, instance, initUs } = this.starts.get(identifier)!
    this.starts.delete(identifier)
    pool.started(instance, initUs)
  }

  /** Its code is not stopped: it keeps its place until it would have returned. */
  private hold(attempt: number, environment: number): void {
    const overrunUs = this.overruns.get(attempt) ?? Number.POSITIVE_INFINITY
    this.overruns.delete(attempt)
    const lengthUs = Number.isFinite(overrunUs) ? overrunUs : this.settings.heldAfterTimeoutUs
    this.held++
    const atUs = Math.round(this.simulator.nowUs + lengthUs)
    this.simulator.scheduleLater(atUs, RANK_RELEASE, this.holdOver, environment)
  }

  private endHold(environment: number): void {
    this.held--
    this.environments.poolOf(environment).managed!.add(environment)
  }
}
