import type { IdleSet } from './idle-selection/idle-set.ts'
import type { LambdaFunction } from './lambda-function.ts'
import type { ManagedPool } from './managed-instances/managed-pool.ts'
import type { ProvisionedConcurrency } from './provisioned-concurrency.ts'
import type { RestoreSettings } from './snap-start.ts'

/**
 * The execution environments of one version of a function: either its on-demand ones or those that
 * a qualifier's provisioned concurrency keeps. Environments never change pools.
 */
export class EnvironmentPool {
  readonly index: number
  readonly function: LambdaFunction
  readonly version: string
  /** null: on demand. */
  readonly provisioned: ProvisionedConcurrency | null
  /** A deployment of $LATEST publishes nothing. */
  readonly isPublished: boolean
  readonly idle: IdleSet
  /** Neither provisioned nor on managed instances: asked with every request, in place of both. */
  isOnDemand: boolean
  /** Its environments are one tenant's. */
  isOfTenant = false
  /** Initialising, busy and idle ones. */
  size = 0
  /** With tenant isolation: the pool of each tenant, and this one has no environments; null: without. */
  tenants: readonly EnvironmentPool[] | null = null
  /** SnapStart restores its environments from a snapshot; null: each has its own init. */
  restore: RestoreSettings | null = null
  /** On managed instances: the same environments as `idle`; null: elsewhere. */
  private managedPool: ManagedPool | null = null
  /** The version is no longer invoked: what is idle is retired, what is busy when it ends. */
  isClosed = false
  /** Attempts that wait for an init, oldest first; kept only where they may be handed over. */
  waitingHead = -1
  waitingTail = -1

  constructor(
    index: number,
    owner: LambdaFunction,
    version: string,
    provisioned: ProvisionedConcurrency | null,
    isPublished: boolean,
    idle: IdleSet,
  ) {
    this.index = index
    this.function = owner
    this.version = version
    this.provisioned = provisioned
    this.isOnDemand = provisioned === null
    this.isPublished = isPublished
    this.idle = idle
  }

  get managed(): ManagedPool | null {
    return this.managedPool
  }

  set managed(managed: ManagedPool | null) {
    this.managedPool = managed
    this.isOnDemand = this.provisioned === null && managed === null
  }

  /** A request that waits for an init may take an environment that becomes free first. */
  get mayHandOver(): boolean {
    return this.function.settings.coldStart.handOver !== 'never'
  }
}
