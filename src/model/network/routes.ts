import { MICROSECONDS_PER_SECOND } from '../../kernel/time.ts'
import type { LambdaFunction } from '../compute/lambda-function.ts'
import { createDistribution } from '../distributions/index.ts'
import type { Downstream } from '../downstream/downstream.ts'
import { bareName } from '../node-names.ts'
import type { World } from '../world.ts'
import { Connections } from './connections.ts'
import type { NatGateway } from './nat-gateway.ts'
import { Route, type RouteSettings } from './route.ts'
import type { DownstreamNetwork } from './schema.ts'

/** Of a connection that goes through no NAT gateway (assumed to be as that of one). */
const IDLE_TIMEOUT_US = 350 * MICROSECONDS_PER_SECOND

/** The ways from functions to downstreams; whoever has nothing on the way is led straight there. */
export class Routes {
  private readonly networks = new Map<string, DownstreamNetwork>()
  /** By function and downstream. */
  private readonly connections = new Map<string, Connections>()

  /** What the scenario says of the way to a downstream. */
  declare(downstreamName: string, network: DownstreamNetwork): void {
    this.networks.set(downstreamName, network)
  }

  /** What stands for the downstream where the function calls it. Only from `connect` on. */
  to(downstream: Downstream, owner: LambdaFunction, world: World): Downstream {
    const network = this.networks.get(bareName(downstream.path))
    const ports = owner.network?.ports ?? null
    const gateway = this.gatewayOf(network, owner, world)
    const roundTrip =
      network?.roundTrip === undefined ? null : createDistribution(network.roundTrip)
    if (roundTrip === null && ports === null && gateway === null) return downstream
    const settings: RouteSettings = {
      roundTrip,
      connections: this.connectionsOf(downstream, owner, network, gateway, world),
      connectTimeoutUs: network?.connectTimeout ?? 0,
      nat: gateway?.meter ?? null,
      requestBytes: network?.requestSize ?? 0,
      responseBytes: network?.responseSize ?? 0,
    }
    return new Route(downstream, settings, world)
  }

  /** Functions in no VPC go straight to the internet. */
  private gatewayOf(
    network: DownstreamNetwork | undefined,
    owner: LambdaFunction,
    world: World,
  ): NatGateway | null {
    if (network?.natGateway === undefined || owner.network === null) return null
    return world.part(`natGateways.${bareName(network.natGateway)}`) as NatGateway
  }

  /** The steps of a function that call the same downstream share its connections. */
  private connectionsOf(
    downstream: Downstream,
    owner: LambdaFunction,
    network: DownstreamNetwork | undefined,
    gateway: NatGateway | null,
    world: World,
  ): Connections | null {
    const ports = owner.network?.ports ?? null
    if (ports === null && gateway === null) return null
    const key = `${owner.name} ${downstream.path}`
    const known = this.connections.get(key)
    if (known !== undefined) return known
    const name = bareName(downstream.path)
    const destination = gateway?.destination(name, network?.addresses ?? 1) ?? null
    const created = new Connections(
      {
        isKept: network?.connection !== 'per-call',
        idleTimeoutUs: gateway?.config.idleTimeout ?? IDLE_TIMEOUT_US,
        portHoldUs: gateway?.config.portHold ?? 0,
      },
      [ports, destination].filter((source) => source !== null),
      world,
    )
    this.connections.set(key, created)
    return created
  }
}
