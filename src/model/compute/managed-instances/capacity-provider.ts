/**
 * Capacity providers: the EC2 instances that functions on Lambda Managed Instances run on.
 * Sources: Lambda developer guide, "Scaling Lambda Managed Instances"; CloudFormation,
 * AWS::Lambda::CapacityProvider.
 */

import { TimeWeighted } from '../../../stats/time-weighted.ts'
import type { ResourceEntry } from '../../entry.ts'
import type { CounterSeries, GaugeSeries } from '../../metrics/series.ts'
import type { LimitUse, Part } from '../../part.ts'
import type { World } from '../../world.ts'
import { ClosestApproach } from '../closest-approach.ts'
import { FEATURES, formatPlatformMonth } from '../platform-timeline.ts'
import { providerAssumptions } from './assumptions.ts'
import { type EnvironmentSize, Fleet } from './fleet.ts'
import { type InstanceType, instanceType } from './instance-types.ts'
import { INITIAL_INSTANCES } from './limits.ts'
import type { ScalingTargets } from './scaling.ts'
import { type CapacityProviderConfig, capacityProviderSchema } from './schema.ts'

/** A function that runs on it. */
interface CpuUser {
  /** vCPUs that its requests use now. */
  readonly cpuInUse: number
}

export class CapacityProvider implements Part {
  readonly path: string
  readonly config: CapacityProviderConfig
  private readonly name: string
  private readonly fleet: Fleet
  private readonly world: World
  private readonly running = new TimeWeighted(0, 0)
  private readonly closest: ClosestApproach
  private readonly instances: GaugeSeries
  private readonly launches: CounterSeries
  private readonly allocated: GaugeSeries
  private readonly available: GaugeSeries
  private readonly cpuUtilization: GaugeSeries
  private readonly users: CpuUser[] = []

  constructor(name: string, config: CapacityProviderConfig, world: World) {
    this.name = name
    this.path = `capacityProviders.${name}`
    this.config = config
    this.world = world
    const maximum = config.capacityProviderScalingConfig.maxVCpuCount
    this.fleet = new Fleet(typeOf(config), maximum, INITIAL_INSTANCES)
    this.closest = new ClosestApproach(maximum)
    const gauge = (metric: string) => world.recorder.gauge('capacityProvider', name, metric)
    this.instances = gauge('ManagedInstances')
    this.launches = world.recorder.counter('capacityProvider', name, 'ManagedInstanceLaunches')
    this.allocated = gauge('vCPUAllocated')
    this.available = gauge('vCPUAvailable')
    this.cpuUtilization = gauge('CPUUtilization')
  }

  get targets(): ScalingTargets {
    const { targetConcurrencyUtilization } = this.config
    return { concurrency: targetConcurrencyUtilization, cpu: cpuTarget(this.config) }
  }

  /**
   * Room for an environment that is to be started: its instance, and when that is running;
   * undefined where the provider has no vCPUs for it. `isThere`: it was launched before the run.
   */
  place(
    size: EnvironmentSize,
    isThere: boolean,
  ): { readonly instance: number; readonly readyAtUs: number } | undefined {
    const { nowUs } = this.world.simulator
    let instance = this.fleet.place(size, nowUs)
    if (instance === undefined) {
      if (!this.fleet.mayLaunch) return undefined
      this.launch(isThere ? nowUs : nowUs + this.config.instanceLaunchTime)
      instance = this.fleet.place(size, nowUs)
    }
    if (instance === undefined) return undefined
    this.publish()
    return { instance, readyAtUs: this.fleet.readyAtUs(instance) }
  }

  /** An environment is gone from its instance. */
  vacate(instance: number, size: EnvironmentSize): void {
    this.fleet.vacate(instance, size)
    this.publish()
  }

  environmentsOn(instance: number): number {
    return this.fleet.environmentsOn(instance)
  }

  /** The first one has instances launched, before the run: functions are Active. */
  addUser(user: CpuUser): void {
    this.users.push(user)
    while (this.fleet.size < INITIAL_INSTANCES && this.fleet.mayLaunch) this.launch(0)
  }

  /** After a change of what is used, or of what there is. */
  publishCpu(): void {
    let vCpus = 0
    for (const { cpuInUse } of this.users) vCpus += cpuInUse
    this.cpuUtilization.set(this.fleet.size === 0 ? 0 : vCpus / this.fleet.vCpus)
  }

  /** Instances x us so far: they are paid for from their launch on (the first seconds assumed). */
  instanceUs(nowUs: number): number {
    return this.running.integral(nowUs)
  }

  reconfigure(config: unknown): void {
    const { maxVCpuCount } = (config as CapacityProviderConfig).capacityProviderScalingConfig
    this.fleet.maximumVCpus = maxVCpuCount
    this.closest.changeLimit(maxVCpuCount, this.fleet.vCpus)
  }

  limitUses(): readonly LimitUse[] {
    return [{ scope: 'capacityProvider', name: this.name, limit: 'vCPUs', ...this.closest.read() }]
  }

  private launch(readyAtUs: number): void {
    this.fleet.launch(readyAtUs)
    this.launches.add(1)
    this.publish()
  }

  private publish(): void {
    const { size, vCpus, allocatedVCpus } = this.fleet
    this.running.set(this.world.simulator.nowUs, size)
    this.closest.rise(vCpus)
    this.instances.set(size)
    this.allocated.set(allocatedVCpus)
    this.available.set(vCpus - allocatedVCpus)
    this.publishCpu()
  }
}

function typeOf({ instanceRequirements }: CapacityProviderConfig): InstanceType {
  return instanceType(instanceRequirements.allowedInstanceTypes[0]!)
}

/** With `Manual`, the target of the policy; with `Auto`, Lambda's own, which is not documented. */
function cpuTarget({
  capacityProviderScalingConfig,
  autoCpuTarget,
}: CapacityProviderConfig): number {
  return capacityProviderScalingConfig.scalingPolicies[0]?.targetValue ?? autoCpuTarget
}

export const capacityProvider: ResourceEntry<CapacityProviderConfig> = {
  section: 'capacityProviders',
  scope: 'capacityProvider',
  isNoTarget: true,
  summary: 'EC2 instances for functions on Lambda Managed Instances.',
  schema: capacityProviderSchema,
  settable: ['capacityProviderScalingConfig.maxVCpuCount'],
  bill: (config) => {
    const { product, feeProduct } = typeOf(config)
    const amount = (provider: CapacityProvider, { lengthUs }: { readonly lengthUs: number }) =>
      provider.instanceUs(lengthUs)
    return [
      { product, amount },
      { product: feeProduct, amount },
    ]
  },
  assumptions: providerAssumptions,
  check: (_name, _config, { platform }) => {
    const { since, name } = FEATURES.managedInstances
    if (platform >= since) return []
    const message = `${name} exists since ${formatPlatformMonth(since)}, and the platform is that of ${formatPlatformMonth(platform)}`
    return [{ path: [], message }]
  },
  warnings: (name, _config, context) =>
    context.referencesTo('capacityProviders', name).length > 0
      ? []
      : [
          `no function runs on it: functions.NAME.capacityProviderConfig.capacityProvider says which do`,
        ],
  create: (name, config, _initial, world) => new CapacityProvider(name, config, world),
}
