/**
 * NAT gateways: what functions in a VPC call outside of it goes through one, and holds one of its
 * ports while the connection is open.
 * Sources: Amazon VPC user guide, "NAT gateway basics" and "Monitor NAT gateways using Amazon
 * CloudWatch".
 */
import { z } from 'zod'
import { invariant } from '../../kernel/invariant.ts'
import { RANK_CONTROL } from '../../kernel/order.ts'
import { MICROSECONDS_PER_HOUR } from '../../kernel/time.ts'
import type { Assumption } from '../compiled-scenario.ts'
import { ClosestApproach } from '../compute/closest-approach.ts'
import type { ResourceEntry } from '../entry.ts'
import { nodeName } from '../messages/delivery-schema.ts'
import type { CounterSeries } from '../metrics/series.ts'
import type { LimitUse, Part } from '../part.ts'
import { duration, positiveDuration, wholeNumber } from '../units.ts'
import type { World } from '../world.ts'
import type { PortSource } from './connections.ts'
import { sharedNameFaults } from './names.ts'
import { NatMeter } from './nat-meter.ts'

const BASICS = 'Amazon VPC user guide, "NAT gateway basics"'

/** To one destination (address, port and protocol), by each address of the gateway. */
const CONNECTIONS_PER_ADDRESS = 55_000
const MOST_ADDRESSES = 8

const schema = z.strictObject({
  vpcId: nodeName('a NAT gateway').meta({ description: 'The VPC that it is in.' }),
  addresses: wholeNumber('addresses', 1, MOST_ADDRESSES).prefault(1).meta({
    description: 'How many IP addresses it has; more than two take a raised quota.',
    source: BASICS,
  }),
  connectionsPerAddress: wholeNumber('connectionsPerAddress', 1, 65_535)
    .prefault(CONNECTIONS_PER_ADDRESS)
    .meta({
      description:
        'How many connections to one destination (address, port and protocol) an address has ports for; lower where others use the gateway as well.',
      source: BASICS,
    }),
  idleTimeout: positiveDuration.prefault('350s').meta({
    description: 'After how long without traffic a connection is given up and its port free.',
    source: BASICS,
  }),
  portHold: duration.prefault('60s').meta({
    description: 'How long the port of a connection that was closed stays taken.',
    source:
      'not documented; inferred from "55,000 connections to each destination per minute" in AWS Support, "How do I resolve the ErrorPortAllocation error on my NAT gateway?", 2019',
  }),
})

export type NatGatewayConfig = z.output<typeof schema>

/** The ports to one destination. */
export class NatDestination implements PortSource {
  used = 0
  readonly gateway: NatGateway
  /** Of the downstream. */
  readonly name: string
  readonly closest: ClosestApproach
  /** Addresses behind its name. */
  private readonly addresses: number

  constructor(gateway: NatGateway, name: string, addresses: number) {
    this.gateway = gateway
    this.name = name
    this.addresses = addresses
    this.closest = new ClosestApproach(this.limit)
  }

  get limit(): number {
    return this.gateway.portsPerDestination * this.addresses
  }

  take(): boolean {
    const { meter } = this.gateway
    if (this.used >= this.limit) {
      meter.refuse()
      return false
    }
    this.used++
    this.closest.rise(this.used)
    meter.establish()
    return true
  }

  close(): void {
    this.gateway.meter.active.add(-1)
  }

  free(_environment: number, wasClosed: boolean): void {
    const { meter } = this.gateway
    this.used--
    meter.ports.add(-1)
    if (!wasClosed) meter.expire()
  }
}

export class NatGateway implements Part {
  readonly name: string
  readonly path: string
  readonly meter: NatMeter
  readonly config: NatGatewayConfig
  portsPerDestination: number
  private readonly world: World
  private readonly destinations: NatDestination[] = []
  private readonly hours: CounterSeries
  private readonly hourBegins: number
  private isSilent = false

  constructor(name: string, config: NatGatewayConfig, world: World) {
    this.name = name
    this.path = `natGateways.${name}`
    this.world = world
    this.config = config
    this.portsPerDestination = config.addresses * config.connectionsPerAddress
    this.meter = new NatMeter(world.recorder, name)
    this.hours = world.recorder.counter('network', name, 'NatGatewayHours')
    this.hourBegins = world.addEventKind(() => this.beginHour())
  }

  start(): void {
    this.beginHour()
  }

  silence(): void {
    this.isSilent = true
  }

  /** The ports to a downstream; callers of one downstream share them. */
  destination(name: string, addresses: number): NatDestination {
    const known = this.destinations.find((candidate) => candidate.name === name)
    if (known !== undefined) return known
    const created = new NatDestination(this, name, addresses)
    this.destinations.push(created)
    return created
  }

  reconfigure(config: unknown): void {
    const { addresses, connectionsPerAddress } = config as NatGatewayConfig
    this.portsPerDestination = addresses * connectionsPerAddress
    for (const { closest, limit, used } of this.destinations) closest.changeLimit(limit, used)
  }

  limitUses(): readonly LimitUse[] {
    return this.destinations.map(({ name, closest }) => ({
      scope: 'network',
      name: this.name,
      limit: `ports to ${name}`,
      ...closest.read(),
    }))
  }

  closeBooks(): readonly [] {
    const { attempted, refused, established, ports, active } = this.meter
    const used = this.destinations.reduce((sum, destination) => sum + destination.used, 0)
    invariant(
      attempted === established + refused && ports.level === used && active.level <= used,
      () =>
        `${this.path}: ${attempted} connections attempted, ${established} established, ${refused} refused, ${used} ports of ${ports.level} taken, ${active.level} open`,
    )
    return []
  }

  /** Each hour begun is paid for (Amazon VPC pricing, "NAT gateway"). */
  private beginHour(): void {
    if (this.isSilent) return
    const { simulator } = this.world
    this.hours.add(1)
    simulator.scheduleLater(
      simulator.nowUs + MICROSECONDS_PER_HOUR,
      RANK_CONTROL,
      this.hourBegins,
      0,
    )
  }
}

const PORTS: Assumption = {
  id: 'nat-ports',
  statement:
    'A NAT gateway spreads connections evenly over its addresses and those of a destination; a call that gets no port fails after connectTimeout, and the port of a closed connection stays taken for portHold.',
  confidence: 'assumed',
  source: `${BASICS}, for the number of connections; AWS Support, "How do I resolve the ErrorPortAllocation error on my NAT gateway?"`,
}

const UNUSED =
  'nothing goes through it: downstreams.NAME.network.natGateway says what functions in a VPC reach by it'

export const natGateway: ResourceEntry<NatGatewayConfig> = {
  section: 'natGateways',
  scope: 'network',
  isNoTarget: true,
  summary: 'A NAT gateway: how many connections at once lead to one destination outside of a VPC.',
  schema,
  settable: ['addresses', 'connectionsPerAddress'],
  references: ({ vpcId }) => [
    {
      path: ['vpcId'],
      to: vpcId,
      sections: ['vpcs'],
      role: 'where a NAT gateway is',
      sends: false,
    },
  ],
  bill: () => [
    { product: 'natGatewayHours', amount: (_gateway: NatGateway, { lengthUs }) => lengthUs },
    { product: 'natGatewayData', amount: ({ meter }: NatGateway) => meter.processed },
  ],
  metrics: () => NatMeter.METRICS,
  assumptions: () => [PORTS],
  check: (name, _config, context) => sharedNameFaults(name, 'natGateways', context),
  warnings: (name, _config, context) =>
    context.referencesTo('natGateways', name).length > 0 ? [] : [UNUSED],
  create: (name, config, _initial, world) => new NatGateway(name, config, world),
}
