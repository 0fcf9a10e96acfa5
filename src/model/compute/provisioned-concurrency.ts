import { hashName } from '../../kernel/generator.ts'
import { MICROSECONDS_PER_MINUTE, MICROSECONDS_PER_SECOND } from '../../kernel/time.ts'
import type { CapacityMeter, ProvisionedMeter } from '../metrics/function-meter.ts'
import { REQUESTS_PER_CONCURRENCY } from './account.ts'
import { ClosestApproach } from './closest-approach.ts'
import { ConfiguredTime } from './configured-time.ts'
import type { EnvironmentPool } from './environment-pool.ts'
import { TokenBucket } from './token-bucket.ts'
import type { UtilizationSamples } from './utilization-samples.ts'

/** Preparation before an allocation begins: one to two minutes (Lambda developer guide, "Configuring provisioned concurrency"). */
export const PREPARATION_MINIMUM_US = 60 * MICROSECONDS_PER_SECOND
export const PREPARATION_SPAN_US = 60 * MICROSECONDS_PER_SECOND

export interface ProvisionedOptions {
  readonly meters: readonly ProvisionedMeter[]
  /** null: nothing changes it by itself. */
  readonly capacityMeter: CapacityMeter | null
  /** Environments that one function may be given in a minute. */
  readonly perMinute: number
  readonly streamName: string
  readonly createPool: (provisioned: ProvisionedConcurrency) => EnvironmentPool
  /** `claimed` became smaller without a change of the target. */
  readonly onClaimShrunk: () => void
}

interface Allocation {
  readonly identifier: number
  count: number
}

/**
 * The environments that an alias or version keeps initialised. An increment becomes usable all at
 * once when the whole of it is allocated; what is ready keeps serving meanwhile.
 */
export class ProvisionedConcurrency {
  readonly meters: readonly ProvisionedMeter[]
  /** Replaced when the qualifier moves to another version. */
  pool: EnvironmentPool
  /** How long how much has been configured, for the bill. */
  readonly configured = new ConfiguredTime()
  /** Billed for invocations on its environments. */
  billedMs = 0
  /** Environments that may serve. */
  ready = 0
  busy = 0
  readonly closest = new ClosestApproach(0)
  /** Allocations begun so far: the draw of the next one's preparation. */
  allocationsBegun = 0
  /** Where the draws of its allocations come from. */
  readonly stream: number
  readonly requestRate = new TokenBucket(0)
  /** What target tracking looks at; null: nothing does. */
  samples: UtilizationSamples | null = null
  private readonly capacityMeter: CapacityMeter | null
  private readonly allocations: Allocation[] = []
  private readonly perMinute: number
  private readonly onClaimShrunk: () => void

  constructor(options: ProvisionedOptions) {
    this.meters = options.meters
    this.capacityMeter = options.capacityMeter
    this.perMinute = options.perMinute
    this.stream = hashName(options.streamName)
    this.onClaimShrunk = options.onClaimShrunk
    this.pool = options.createPool(this)
  }

  /** What is configured, ready or not. */
  get target(): number {
    return this.configured.level
  }

  configure(nowUs: number, target: number): void {
    this.configured.set(nowUs, target)
    this.closest.changeLimit(target, this.busy)
    this.capacityMeter?.requested.set(target)
  }

  /** What it takes of the account: after a decrease, environments that are still busy count on. */
  get claimed(): number {
    return Math.max(this.target, this.busy)
  }

  get allocating(): number {
    return this.allocations.reduce((sum, allocation) => sum + allocation.count, 0)
  }

  /** Begins to allocate `count` more; returns how long it takes. `draw` is uniform in [0, 1). */
  beginAllocation(identifier: number, count: number, draw: number): number {
    this.allocations.push({ identifier, count })
    const preparationUs = PREPARATION_MINIMUM_US + draw * PREPARATION_SPAN_US
    return preparationUs + (count / this.perMinute) * MICROSECONDS_PER_MINUTE
  }

  /** The allocation is complete: how many environments become ready (0 when it was withdrawn). */
  completeAllocation(identifier: number): number {
    const index = this.allocations.findIndex((allocation) => allocation.identifier === identifier)
    if (index < 0) return 0
    return this.allocations.splice(index, 1)[0]!.count
  }

  /** Gives up `count` units: first what is still being allocated; returns how many ready ones must go. */
  withdraw(count: number): number {
    let rest = count
    while (rest > 0 && this.allocations.length > 0) {
      const last = this.allocations.at(-1)!
      const taken = Math.min(rest, last.count)
      last.count -= taken
      rest -= taken
      if (last.count === 0) this.allocations.pop()
    }
    return rest
  }

  /** Busy environments to allocated ones; after a decrease, those still busy are allocated until they end. */
  get utilization(): number {
    const allocated = Math.max(this.ready, this.busy)
    return allocated > 0 ? this.busy / allocated : 0
  }

  setReady(nowUs: number, ready: number): void {
    this.ready = ready
    this.capacityMeter?.allocated.set(ready)
    this.requestRate.setRate(nowUs, ready * REQUESTS_PER_CONCURRENCY)
    this.publish()
  }

  enter(): void {
    this.busy++
    this.closest.rise(this.busy)
    for (const meter of this.meters) meter.invocations.add(1)
    if (this.samples !== null) this.samples.add(this.utilization)
    this.publish()
  }

  leave(): void {
    const isSurplus = this.busy > this.target
    this.busy--
    this.publish()
    if (isSurplus) this.onClaimShrunk()
  }

  countSpillover(): void {
    for (const meter of this.meters) meter.spilloverInvocations.add(1)
  }

  private publish(): void {
    const { utilization } = this
    for (const meter of this.meters) {
      meter.executions.set(this.busy)
      meter.utilization.set(utilization)
    }
  }
}
