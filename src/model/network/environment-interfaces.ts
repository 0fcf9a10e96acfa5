/**
 * Functions in a VPC before 2019-09: environments had network interfaces of their own, each of
 * which served 3 GB worth of them, and a cold start waited for a new one to be attached.
 * Source: Lambda developer guide of 2018, "Configuring a Lambda function to access resources in an
 * Amazon VPC": projected peak concurrent executions x (memory in GB / 3 GB).
 */
import { invariant } from '../../kernel/invariant.ts'
import type { VpcSettings } from '../compiled-scenario.ts'
import type { LambdaFunction } from '../compute/lambda-function.ts'
import { ADMITTED, INTERFACE_LIMIT, SUBNET_ADDRESSES } from '../compute/throttle-cause.ts'
import type { Distribution } from '../distributions/distribution.ts'
import type { World } from '../world.ts'
import type { FunctionNetwork } from './function-network.ts'
import type { Subnet } from './subnet.ts'
import type { Vpc } from './vpc.ts'

const MB_PER_INTERFACE = 3 * 1_024

/** How many network interfaces so many environments at once need. */
export function interfacesNeeded(environments: number, memoryMb: number): number {
  return Math.ceil((environments * memoryMb) / MB_PER_INTERFACE)
}

/** An interface that is not needed any more is given back at once (assumed). */
export class EnvironmentInterfaces implements FunctionNetwork {
  readonly path: string
  readonly ports = null
  private readonly owner: LambdaFunction
  private readonly settings: VpcSettings
  private readonly world: World
  private vpc: Vpc | null = null
  private subnets: readonly Subnet[] = []
  private environments = 0
  /** The subnet of each interface, the newest last. */
  private readonly held: Subnet[] = []
  /** When the newest one is attached. */
  private readyUs = 0

  constructor(owner: LambdaFunction, settings: VpcSettings, world: World) {
    this.owner = owner
    this.settings = settings
    this.world = world
    this.path = `functions.${owner.name}.vpcConfig`
  }

  connect(): void {
    const { settings, world } = this
    this.subnets = settings.subnets.map((name) => world.part(`subnets.${name}`) as Subnet)
    this.vpc = world.part(this.subnets[0]!.vpcPath) as Vpc
    this.owner.interfaces = this
  }

  create(): void {
    invariant(false, () => `${this.path}: a function had no states yet`)
  }

  /** Why no environment can be added; ADMITTED: one can. */
  refusal(): number {
    if (this.needed(this.environments + 1) <= this.held.length) return ADMITTED
    const causes = this.subnets.map((subnet) => this.vpc!.refusal(subnet))
    if (causes.includes(ADMITTED)) return ADMITTED
    return causes.includes(INTERFACE_LIMIT) ? INTERFACE_LIMIT : SUBNET_ADDRESSES
  }

  onRefused(cause: number): void {
    if (cause === INTERFACE_LIMIT || cause === SUBNET_ADDRESSES) this.vpc!.countRefusal()
  }

  /** An environment is added; returns how long it waits for its interface, us. */
  attach(draw: (from: Distribution) => number): number {
    const { nowUs } = this.world.simulator
    this.environments++
    if (this.needed(this.environments) > this.held.length) {
      const subnet = this.roomiest()
      this.vpc!.addInterface(subnet)
      this.held.push(subnet)
      const attachUs = draw(this.settings.attachDuration)
      this.vpc!.recordAttachment(attachUs)
      this.readyUs = nowUs + attachUs
    }
    return Math.max(0, this.readyUs - nowUs)
  }

  /** An environment is gone. */
  detach(): void {
    this.environments--
    while (this.held.length > this.needed(this.environments)) {
      this.vpc!.removeInterface(this.held.pop()!)
    }
  }

  /** The subnet with most free addresses (assumed), the first of several. */
  private roomiest(): Subnet {
    const open = this.subnets.filter((subnet) => this.vpc!.refusal(subnet) === ADMITTED)
    invariant(open.length > 0, () => `${this.path}: no room for a network interface`)
    return open.reduce((best, subnet) => (subnet.free > best.free ? subnet : best))
  }

  private needed(environments: number): number {
    return interfacesNeeded(environments, this.owner.settings.memoryMb)
  }
}
