/**
 * The network interfaces of functions in a VPC since 2019-09: all functions of one subnet and set
 * of security groups share them, and Lambda adds some as their traffic grows.
 * Source: Lambda developer guide, "Giving Lambda functions access to resources in an Amazon VPC".
 */
import { ADMITTED } from '../compute/throttle-cause.ts'
import type { PortSource } from './connections.ts'
import type { Subnet } from './subnet.ts'
import type { Vpc } from './vpc.ts'

/** Of one interface (the same page). */
const CONNECTIONS_PER_INTERFACE = 65_000

/** Those of one subnet and set of security groups; they go when the last function has left. */
export class SharedInterfaces {
  private readonly vpc: Vpc
  private readonly subnet: Subnet
  private count = 0
  private functions = 0
  private connections = 0

  constructor(vpc: Vpc, subnet: Subnet) {
    this.vpc = vpc
    this.subnet = subnet
  }

  /** A function comes to use them; returns ADMITTED, or why the first one cannot be made. */
  join(): number {
    if (this.count === 0) {
      const cause = this.add()
      if (cause !== ADMITTED) return cause
    }
    this.functions++
    return ADMITTED
  }

  leave(): void {
    this.functions--
    if (this.functions > 0) return
    for (; this.count > 0; this.count--) this.vpc.removeInterface(this.subnet)
  }

  connect(): boolean {
    const isFull = this.connections >= this.count * CONNECTIONS_PER_INTERFACE
    if (isFull && this.add() !== ADMITTED) return false
    this.connections++
    return true
  }

  disconnect(): void {
    this.connections--
  }

  private add(): number {
    const cause = this.vpc.refusal(this.subnet)
    if (cause !== ADMITTED) {
      this.vpc.countRefusal()
      return cause
    }
    this.vpc.addInterface(this.subnet)
    this.count++
    return ADMITTED
  }
}

/** The interfaces of one function: its environments are spread evenly over its subnets (assumed). */
export class InterfacePorts implements PortSource {
  private readonly groups: readonly SharedInterfaces[]

  constructor(groups: readonly SharedInterfaces[]) {
    this.groups = groups
  }

  take(environment: number): boolean {
    return this.groupOf(environment).connect()
  }

  close(): void {}

  free(environment: number): void {
    this.groupOf(environment).disconnect()
  }

  private groupOf(environment: number): SharedInterfaces {
    return this.groups[environment % this.groups.length]!
  }
}
