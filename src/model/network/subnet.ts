/**
 * Subnets of a VPC: each network interface takes one of their addresses.
 * Source: Amazon VPC user guide, "Subnet CIDR blocks".
 */
import { z } from 'zod'
import { ClosestApproach } from '../compute/closest-approach.ts'
import type { ResourceEntry } from '../entry.ts'
import { nodeName } from '../messages/delivery-schema.ts'
import type { GaugeSeries } from '../metrics/series.ts'
import { bareName } from '../node-names.ts'
import type { LimitUse, Part } from '../part.ts'
import { shown, wholeNumber } from '../units.ts'
import type { World } from '../world.ts'
import { sharedNameFaults } from './names.ts'

/** The first four addresses of a block and its last one (Amazon VPC user guide, "Subnet sizing"). */
const RESERVED_ADDRESSES = 5
const SMALLEST_PREFIX = 16
const LARGEST_PREFIX = 28

const CIDR = /^(\d{1,3})\.(\d{1,3})\.(\d{1,3})\.(\d{1,3})\/(\d{1,2})$/

function isCidrBlock(text: string): boolean {
  const [, ...parts] = CIDR.exec(text) ?? []
  const numbers = parts.map(Number)
  const prefix = numbers.pop()
  if (prefix === undefined || prefix < SMALLEST_PREFIX || prefix > LARGEST_PREFIX) return false
  return numbers.every((part) => part <= 255)
}

/** Addresses of a block that interfaces may have. */
function addressesOf(cidrBlock: string): number {
  const prefix = Number(cidrBlock.split('/')[1])
  return (1 << (32 - prefix)) - RESERVED_ADDRESSES
}

const schema = z
  .strictObject({
    vpcId: nodeName('a subnet').meta({ description: 'The VPC that it is in.' }),
    cidrBlock: z
      .string({ error: 'a CIDR block is text such as 10.0.1.0/24' })
      .refine(isCidrBlock, {
        error: ({ input }) =>
          `${shown(input)} is no CIDR block of a subnet: write 10.0.1.0/24, with a prefix from /16 to /28`,
      })
      .optional()
      .meta({
        description: 'Its addresses, of which AWS keeps five to itself: 10.0.1.0/24 leaves 251.',
        source: 'Amazon VPC user guide, "Subnet CIDR blocks"',
      }),
    availableIpAddresses: wholeNumber('availableIpAddresses', 0, 65_531).optional().meta({
      description: 'Addresses that are left for Lambda, where other things have some of the block.',
      defaultText: 'all of `cidrBlock`',
    }),
  })
  .superRefine(({ cidrBlock, availableIpAddresses }, context) => {
    if (cidrBlock !== undefined || availableIpAddresses !== undefined) return
    const message =
      'how many addresses has it? Give cidrBlock (10.0.1.0/24), or availableIpAddresses'
    context.addIssue({ code: 'custom', message })
  })

export type SubnetConfig = z.output<typeof schema>

/** The addresses of one subnet that Lambda may use. */
export class Subnet implements Part {
  readonly name: string
  readonly path: string
  /** `vpcs.main`. */
  readonly vpcPath: string
  private available: number
  private readonly closest: ClosestApproach
  private readonly addresses: GaugeSeries

  constructor(name: string, config: SubnetConfig, world: World) {
    this.name = name
    this.path = `subnets.${name}`
    this.vpcPath = `vpcs.${bareName(config.vpcId)}`
    this.available = availableOf(config)
    this.closest = new ClosestApproach(this.available)
    this.addresses = world.recorder.gauge('network', name, 'IpAddresses')
  }

  get free(): number {
    return this.available - this.addresses.level
  }

  get isFull(): boolean {
    return this.free <= 0
  }

  takeAddress(): void {
    this.addresses.add(1)
    this.closest.rise(this.addresses.level)
  }

  giveAddress(): void {
    this.addresses.add(-1)
  }

  reconfigure(config: unknown): void {
    this.available = availableOf(config as SubnetConfig)
    this.closest.changeLimit(this.available, this.addresses.level)
  }

  limitUses(): readonly LimitUse[] {
    const { name, closest } = this
    return [{ scope: 'network', name, limit: 'ip addresses', ...closest.read() }]
  }
}

function availableOf({ cidrBlock, availableIpAddresses }: SubnetConfig): number {
  return availableIpAddresses ?? addressesOf(cidrBlock!)
}

const UNUSED = 'no function is in it: functions.NAME.vpcConfig.subnetIds says which are'

export const subnet: ResourceEntry<SubnetConfig> = {
  section: 'subnets',
  scope: 'network',
  isNoTarget: true,
  summary: 'A subnet of a VPC: how many addresses it has for network interfaces.',
  schema,
  settable: ['availableIpAddresses'],
  metrics: () => ['IpAddresses'],
  references: ({ vpcId }) => [
    { path: ['vpcId'], to: vpcId, sections: ['vpcs'], role: 'where a subnet is', sends: false },
  ],
  check: (name, _config, context) => sharedNameFaults(name, 'subnets', context),
  warnings: (name, _config, context) =>
    context.referencesTo('subnets', name).length > 0 ? [] : [UNUSED],
  create: (name, config, _initial, world) => new Subnet(name, config, world),
}
