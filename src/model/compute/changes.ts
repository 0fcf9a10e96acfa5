/**
 * What changes while a run goes on: limits, provisioned concurrency, deployments.
 * Source: Lambda developer guide, "Configuring provisioned concurrency" and "Aliases"; deployment
 * strategies: AWS SAM, "Deploying serverless applications gradually".
 */
import { Generator, rekey } from '../../kernel/generator.ts'
import { RANK_CONTROL, RANK_RELEASE } from '../../kernel/order.ts'
import type { Simulator } from '../../kernel/simulator.ts'
import type { QualifierSettings, SettingChange, TimelineAction } from '../compiled-scenario.ts'
import { ALLOCATION_COMPLETE, DEPLOYMENT_SHIFT } from '../event-kinds.ts'
import type { Account } from './account.ts'
import type { EnvironmentPool } from './environment-pool.ts'
import type { Environments } from './environments.ts'
import type { LambdaFunction, Qualifier } from './lambda-function.ts'
import type { ProvisionedConcurrency } from './provisioned-concurrency.ts'

type AddPool = (
  owner: LambdaFunction,
  version: string,
  provisioned: ProvisionedConcurrency | null,
  isPublished: boolean,
) => EnvironmentPool

/** When, after a deployment begins to shift traffic, which share goes to the new version. */
type Shifts = readonly { readonly afterUs: number; readonly share: number }[]

/** One step of a deployment: from now on this share of the traffic goes to the new version. */
interface Shift {
  readonly qualifiers: readonly Qualifier[]
  readonly from: EnvironmentPool
  readonly to: EnvironmentPool
  readonly share: number
}

export class Changes {
  private readonly account: Account
  private readonly functions: readonly LambdaFunction[]
  private readonly environments: Environments
  private readonly simulator: Simulator
  private readonly addPool: AddPool
  private readonly generator = new Generator()
  private readonly allocations: ProvisionedConcurrency[] = []
  private readonly shifts: Shift[] = []
  private deployments = 0
  /** By function on managed instances that is being deployed: the deployments that wait for that. */
  private readonly waiting = new Map<LambdaFunction, Shifts[]>()

  constructor(
    account: Account,
    functions: readonly LambdaFunction[],
    environments: Environments,
    simulator: Simulator,
    addPool: AddPool,
  ) {
    this.account = account
    this.functions = functions
    this.environments = environments
    this.simulator = simulator
    this.addPool = addPool
  }

  apply(action: Exclude<TimelineAction, { kind: 'command' }>): void {
    if (action.kind === 'set') this.set(action.change)
    else this.deploy(this.functions[action.functionIndex]!, action.shifts)
  }

  /** Sets aside what functions reserve and provision; after any change of those. */
  recount(nowUs: number): void {
    this.account.reserved = 0
    this.account.provisionedUnreserved = 0
    for (const owner of this.functions) {
      owner.provisionedClaimed = owner.qualifiers.reduce(
        (sum, { provisioned }) => sum + (provisioned?.claimed ?? 0),
        0,
      )
      if (owner.reservedConcurrency !== null) {
        this.account.reserved += owner.reservedConcurrency
        owner.closest.changeLimit(owner.reservedConcurrency, owner.reservedInUse)
      } else this.account.provisionedUnreserved += owner.provisionedClaimed
    }
    this.account.settingsChanged(nowUs)
  }

  /** At time 0: some provisioned environments are there, the rest begins to be allocated. */
  furnishProvisioned({ provisioned }: Qualifier, settings: QualifierSettings): void {
    if (provisioned === null) return
    const { provisionedConcurrency: target, initialProvisionedConcurrency: ready } = settings
    this.makeReady(provisioned, ready, true)
    provisioned.configure(this.simulator.nowUs, target)
    if (target > ready) this.allocate(provisioned, target - ready)
    this.recount(this.simulator.nowUs)
  }

  /** Sets what is configured for a qualifier from now on. */
  changeProvisioned(qualifier: Qualifier, target: number): void {
    this.setProvisioned(qualifier, target)
    this.recount(this.simulator.nowUs)
  }

  completeAllocation(identifier: number): void {
    const provisioned = this.allocations[identifier]!
    const count = provisioned.completeAllocation(identifier)
    if (count > 0) this.makeReady(provisioned, count, false)
  }

  /** A step of a deployment comes. */
  shift(identifier: number): void {
    const { qualifiers, from, to, share } = this.shifts[identifier]!
    for (const qualifier of qualifiers) {
      const before = qualifier.routes
      qualifier.routes =
        share < 1
          ? [
              { pool: from, weight: 1 - share },
              { pool: to, weight: share },
            ]
          : [{ pool: to, weight: 1 }]
      if (share < 1) continue
      this.moveProvisioned(qualifier, to)
      for (const { pool } of before) if (!this.isRouted(pool)) this.environments.close(pool)
    }
    if (share >= 1) this.deployNext(to.function)
  }

  private deployNext(owner: LambdaFunction): void {
    const [next, ...later] = this.waiting.get(owner) ?? []
    this.waiting.delete(owner)
    if (next === undefined) return
    this.deploy(owner, next)
    this.waiting.get(owner)?.push(...later)
  }

  private set(change: SettingChange): void {
    const { nowUs } = this.simulator
    switch (change.kind) {
      case 'accountConcurrency':
        this.account.limit = change.value
        break
      case 'otherUnreservedConcurrency':
        this.account.otherUnreserved = change.value
        break
      case 'reservedConcurrency':
        this.setReserved(this.functions[change.functionIndex]!, change.value)
        break
      case 'provisionedConcurrency':
        this.setProvisioned(
          this.functions[change.functionIndex]!.qualifiers[change.qualifierIndex]!,
          change.value,
        )
        break
      case 'failures':
        this.functions[change.functionIndex]!.setFailures(change.value)
        break
      case 'timeout':
        this.functions[change.functionIndex]!.changeTimeout(nowUs, change.valueUs)
        break
    }
    this.recount(nowUs)
  }

  /** Requests in flight move between the unreserved pool and the function's own. */
  private setReserved(owner: LambdaFunction, value: number | null): void {
    const wasReserved = owner.isReserved
    owner.setReservedConcurrency(this.simulator.nowUs, value)
    if (wasReserved && value === null) this.account.unreservedInFlight += owner.onDemandInFlight
    if (!wasReserved && value !== null) this.account.unreservedInFlight -= owner.onDemandInFlight
  }

  private setProvisioned({ provisioned }: Qualifier, target: number): void {
    const withProvisioned = provisioned!
    const increase = target - withProvisioned.target
    withProvisioned.configure(this.simulator.nowUs, target)
    if (increase > 0) this.allocate(withProvisioned, increase)
    if (increase >= 0) return
    const surplus = withProvisioned.withdraw(-increase)
    withProvisioned.setReady(this.simulator.nowUs, withProvisioned.ready - surplus)
    const { pool } = withProvisioned
    this.environments.retireIdle(pool, pool.size - withProvisioned.ready)
  }

  private allocate(provisioned: ProvisionedConcurrency, count: number): void {
    const identifier = this.allocations.length
    this.allocations.push(provisioned)
    const ordinal = provisioned.allocationsBegun++
    const draw = rekey(this.generator, provisioned.stream, ordinal, 0, 0).nextUniform()
    const lengthUs = provisioned.beginAllocation(identifier, count, draw)
    const atUs = Math.round(this.simulator.nowUs + lengthUs)
    this.simulator.scheduleLater(atUs, RANK_RELEASE, ALLOCATION_COMPLETE, identifier)
  }

  /** `isThere`: they were initialised before the run began. */
  private makeReady(provisioned: ProvisionedConcurrency, count: number, isThere: boolean): void {
    provisioned.setReady(this.simulator.nowUs, provisioned.ready + count)
    for (let created = 0; created < count; created++) {
      const environment = this.environments.createReady(provisioned.pool)
      if (!isThere) this.environments.billInit(environment)
      this.environments.release(environment)
    }
  }

  /** A new version takes over from the one that the bare name leads to; one deployment at a time. */
  private deploy(owner: LambdaFunction, shifts: Shifts): void {
    if (owner.managed !== null) {
      // How long one takes is not known before: it waits for its environments.
      const waiting = this.waiting.get(owner)
      if (waiting !== undefined) {
        waiting.push(shifts)
        return
      }
      this.waiting.set(owner, [])
    }
    const from = owner.qualifiers[0]!.routes[0]!.pool
    const to = this.addPool(owner, `deployed-${++this.deployments}`, null, from.isPublished)
    const qualifiers = owner.qualifiers.filter(
      (qualifier) => qualifier.name !== from.version && qualifier.routes[0]!.pool === from,
    )
    const begin = (): void => {
      for (const { afterUs, share } of shifts)
        this.planShift(afterUs, { qualifiers, from, to, share })
    }
    // On managed instances a version is Active only when its environments are there.
    if (to.managed === null) begin()
    else to.managed.publish(begin)
  }

  private planShift(afterUs: number, shift: Shift): void {
    const identifier = this.shifts.length
    this.shifts.push(shift)
    if (afterUs === 0) this.shift(identifier)
    else {
      const atUs = this.simulator.nowUs + afterUs
      this.simulator.scheduleLater(atUs, RANK_CONTROL, DEPLOYMENT_SHIFT, identifier)
    }
  }

  /** The old version's environments are given up, then as many are allocated for the new one. */
  private moveProvisioned({ provisioned }: Qualifier, to: EnvironmentPool): void {
    if (provisioned === null) return
    const { target } = provisioned
    this.environments.close(provisioned.pool)
    provisioned.withdraw(target)
    provisioned.pool = this.addPool(to.function, to.version, provisioned, true)
    provisioned.setReady(this.simulator.nowUs, 0)
    if (target > 0) this.allocate(provisioned, target)
  }

  private isRouted(pool: EnvironmentPool): boolean {
    return pool.function.qualifiers.some(({ routes }) =>
      routes.some((route) => route.pool === pool),
    )
  }
}
