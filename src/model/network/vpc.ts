/**
 * Amazon VPCs, as far as Lambda goes: how many network interfaces one may have.
 * Sources: Amazon VPC user guide, "Amazon VPC quotas"; Lambda developer guide, "Giving Lambda
 * functions access to resources in an Amazon VPC".
 */
import { z } from 'zod'
import { ClosestApproach } from '../compute/closest-approach.ts'
import { networkInterfaceQuota, sharesInterfaces } from '../compute/platform-timeline.ts'
import { ADMITTED, INTERFACE_LIMIT, SUBNET_ADDRESSES } from '../compute/throttle-cause.ts'
import type { ResourceEntry } from '../entry.ts'
import type { CounterSeries, DurationSeries, GaugeSeries } from '../metrics/series.ts'
import type { LimitUse, Part } from '../part.ts'
import { wholeNumber } from '../units.ts'
import type { World } from '../world.ts'
import { sharedNameFaults } from './names.ts'
import { SharedInterfaces } from './shared-interfaces.ts'
import type { Subnet } from './subnet.ts'

const schema = z.strictObject({
  networkInterfaceLimit: wholeNumber('networkInterfaceLimit', 1, 100_000).optional().meta({
    description:
      'How many elastic network interfaces Lambda may have in it; a quota that AWS raises on request.',
    defaultText: '500; on a platform before 2026-01 250',
    source: 'Lambda developer guide, "Lambda quotas", and its edition of 2022',
  }),
})

type VpcConfig = z.output<typeof schema>

/** The interfaces that Lambda has in one VPC. */
export class Vpc implements Part {
  readonly name: string
  readonly path: string
  private limit: number
  private readonly world: World
  private readonly shared = new Map<string, SharedInterfaces>()
  private readonly closest: ClosestApproach
  private readonly interfaces: GaugeSeries
  private readonly refused: CounterSeries
  /** null: no environment waits for an interface. */
  private readonly attachDuration: DurationSeries | null

  constructor(name: string, config: VpcConfig, world: World) {
    this.name = name
    this.path = `vpcs.${name}`
    this.world = world
    this.limit = this.limitOf(config)
    this.closest = new ClosestApproach(this.limit)
    this.interfaces = world.recorder.gauge('network', name, 'NetworkInterfaces')
    this.refused = world.recorder.counter('network', name, 'NetworkInterfaceErrors')
    this.attachDuration = sharesInterfaces(world.settings.platform)
      ? null
      : world.recorder.duration('network', name, 'AttachDuration')
  }

  /** Why none can be made in this subnet now: a cause of throttles, or ADMITTED. */
  refusal(subnet: Subnet): number {
    if (this.interfaces.level >= this.limit) return INTERFACE_LIMIT
    return subnet.isFull ? SUBNET_ADDRESSES : ADMITTED
  }

  /** Makes one interface with one address of the subnet, which has room for it. */
  addInterface(subnet: Subnet): void {
    subnet.takeAddress()
    this.interfaces.add(1)
    this.closest.rise(this.interfaces.level)
  }

  removeInterface(subnet: Subnet): void {
    subnet.giveAddress()
    this.interfaces.add(-1)
  }

  /** The interfaces that functions of the same subnet and security groups share. */
  interfacesOf(subnet: Subnet, securityGroups: readonly string[]): SharedInterfaces {
    const key = [subnet.name, ...securityGroups].join(' ')
    const known = this.shared.get(key)
    if (known !== undefined) return known
    const created = new SharedInterfaces(this, subnet)
    this.shared.set(key, created)
    return created
  }

  recordAttachment(lengthUs: number): void {
    this.attachDuration?.record(lengthUs)
  }

  countRefusal(): void {
    this.refused.add(1)
  }

  reconfigure(config: unknown): void {
    this.limit = this.limitOf(config as VpcConfig)
    this.closest.changeLimit(this.limit, this.interfaces.level)
  }

  limitUses(): readonly LimitUse[] {
    const { name, closest } = this
    return [{ scope: 'network', name, limit: 'network interfaces', ...closest.read() }]
  }

  private limitOf({ networkInterfaceLimit }: VpcConfig): number {
    return networkInterfaceLimit ?? networkInterfaceQuota(this.world.settings.platform)
  }
}

const UNUSED =
  'no subnet is in it, so that nothing happens there: subnets.NAME.vpcId says which are'

export const vpc: ResourceEntry<VpcConfig> = {
  section: 'vpcs',
  scope: 'network',
  isNoTarget: true,
  summary: 'A VPC: how many network interfaces Lambda may make in it.',
  schema,
  settable: ['networkInterfaceLimit'],
  metrics: () => ['NetworkInterfaces', 'NetworkInterfaceErrors', 'AttachDuration'],
  check: (name, _config, context) => sharedNameFaults(name, 'vpcs', context),
  warnings: (name, _config, context) =>
    context.referencesTo('vpcs', name).length > 0 ? [] : [UNUSED],
  create: (name, config, _initial, world) => new Vpc(name, config, world),
}
