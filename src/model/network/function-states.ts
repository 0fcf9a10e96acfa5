/**
 * The states of a function in a VPC: Pending until its network interfaces are there, Active,
 * Inactive when it has not been invoked for long and Lambda has taken them back, Failed without
 * them. Sources: Lambda developer guide, "Lambda function states" and "Giving Lambda functions
 * access to resources in an Amazon VPC".
 */
import { RANK_CONTROL } from '../../kernel/order.ts'
import type { VpcSettings } from '../compiled-scenario.ts'
import { IDLE_SINCE_US, IS_UNUSED, RETIRED, STATE, TRAITS } from '../compute/environment-store.ts'
import type { Environments } from '../compute/environments.ts'
import type { EnvironmentListener, LambdaFunction } from '../compute/lambda-function.ts'
import {
  ADMITTED,
  FUNCTION_INACTIVE,
  FUNCTION_PENDING,
  FUNCTION_WITHOUT_ADDRESS,
  FUNCTION_WITHOUT_INTERFACE,
  INTERFACE_LIMIT,
} from '../compute/throttle-cause.ts'
import type { World } from '../world.ts'
import type { FunctionNetwork } from './function-network.ts'
import { InterfacePorts, type SharedInterfaces } from './shared-interfaces.ts'
import type { Subnet } from './subnet.ts'
import type { Vpc } from './vpc.ts'

export class FunctionStates implements FunctionNetwork, EnvironmentListener {
  readonly path: string
  private readonly owner: LambdaFunction
  private readonly settings: VpcSettings
  private readonly environments: Environments
  private readonly world: World
  private groups: readonly SharedInterfaces[] = []
  private hasInterfaces = false
  /** Pending because it was invoked when Inactive: then it may become Inactive again, not Failed. */
  private isWaking = false
  /** The Pending state that an event ends: an older one has been replaced. */
  private spell = 0
  /** Of environments that are gone: when one was last used. */
  private lastUsedUs = 0
  private isIdleTimerArmed = false
  private readonly pendingEnds: number
  private readonly idleEnds: number

  constructor(
    owner: LambdaFunction,
    settings: VpcSettings,
    environments: Environments,
    world: World,
  ) {
    this.owner = owner
    this.settings = settings
    this.environments = environments
    this.world = world
    this.path = `functions.${owner.name}.vpcConfig`
    this.pendingEnds = world.addEventKind((spell) => this.onPendingEnds(spell))
    this.idleEnds = world.addEventKind(() => this.onIdleEnds())
    owner.environmentListeners.push(this)
  }

  connect(): void {
    const { settings, world } = this
    const subnets = settings.subnets.map((name) => world.part(`subnets.${name}`) as Subnet)
    const vpc = world.part(subnets[0]!.vpcPath) as Vpc
    this.groups = subnets.map((subnet) => vpc.interfacesOf(subnet, settings.securityGroups))
  }

  get ports(): InterfacePorts {
    return new InterfacePorts(this.groups)
  }

  start(): void {
    if (this.settings.isPendingAtStart) this.create()
    else this.activate()
  }

  create(): void {
    this.isWaking = false
    this.become(FUNCTION_PENDING)
    this.scheduleActivation()
  }

  onRefused(cause: number): void {
    if (cause !== FUNCTION_INACTIVE) return
    this.isWaking = true
    this.become(FUNCTION_PENDING)
    this.scheduleActivation()
  }

  onEnvironmentGone(environment: number): void {
    this.lastUsedUs = Math.max(this.lastUsedUs, this.usedUs(environment))
  }

  private scheduleActivation(): void {
    const { simulator } = this.world
    const atUs = simulator.nowUs + this.settings.pendingDurationUs
    simulator.scheduleLater(atUs, RANK_CONTROL, this.pendingEnds, ++this.spell)
  }

  private onPendingEnds(spell: number): void {
    if (spell === this.spell) this.activate()
  }

  private activate(): void {
    const cause = this.hasInterfaces ? ADMITTED : this.join()
    if (cause === ADMITTED) {
      this.hasInterfaces = true
      this.lastUsedUs = this.world.simulator.nowUs
      this.become(ADMITTED)
      this.armIdleTimer()
    } else if (this.isWaking) this.become(FUNCTION_INACTIVE)
    else {
      const isOfVpc = cause === INTERFACE_LIMIT
      this.become(isOfVpc ? FUNCTION_WITHOUT_INTERFACE : FUNCTION_WITHOUT_ADDRESS)
    }
  }

  /** All of its subnets, or none. */
  private join(): number {
    for (const [index, group] of this.groups.entries()) {
      const cause = group.join()
      if (cause === ADMITTED) continue
      for (const joined of this.groups.slice(0, index)) joined.leave()
      return cause
    }
    return ADMITTED
  }

  private become(refusal: number): void {
    this.owner.setStateRefusal(refusal)
  }

  private armIdleTimer(): void {
    if (this.isIdleTimerArmed) return
    this.isIdleTimerArmed = true
    const { simulator } = this.world
    const atUs = this.lastUse() + this.settings.inactiveAfterUs
    simulator.scheduleLater(atUs, RANK_CONTROL, this.idleEnds, 0)
  }

  /** It may have been invoked since, or be Pending again: then the timer moves on. */
  private onIdleEnds(): void {
    this.isIdleTimerArmed = false
    if (this.lastUse() + this.settings.inactiveAfterUs > this.world.simulator.nowUs) {
      this.armIdleTimer()
      return
    }
    this.spell++
    this.hasInterfaces = false
    for (const group of this.groups) group.leave()
    this.become(FUNCTION_INACTIVE)
  }

  /** When it was last invoked, to within the life of an environment. */
  private lastUse(): number {
    const { environments, owner } = this
    if (owner.inFlight > 0) return this.world.simulator.nowUs
    const { bytes, inits } = environments.store
    let latestUs = this.lastUsedUs
    for (let environment = 0; environment < inits.length; environment++) {
      const state = bytes[32 * environment + STATE]!
      if (state === 0 || state === RETIRED) continue
      if (environments.poolOf(environment).function !== owner) continue
      latestUs = Math.max(latestUs, this.usedUs(environment))
    }
    return latestUs
  }

  private usedUs(environment: number): number {
    const { bytes, reals } = this.environments.store
    const isUnused = (bytes[32 * environment + TRAITS]! & IS_UNUSED) !== 0
    return isUnused ? 0 : reals[4 * environment + IDLE_SINCE_US]!
  }
}
