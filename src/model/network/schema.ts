/** The YAML of functions in a VPC, and of the way from a function to a downstream. */
import { z } from 'zod'
import { type DistributionChoice, distributionSchema } from '../distributions/index.ts'
import type { Reference } from '../entry.ts'
import { duration, positiveDuration, size, wholeNumber } from '../units.ts'

const VPC = 'Lambda developer guide, "Giving Lambda functions access to resources in an Amazon VPC"'

/** The most that CreateFunction takes (Lambda API reference, VpcConfig). */
const MOST_SUBNETS = 16
const MOST_SECURITY_GROUPS = 5

const names = (what: string, most: number) =>
  z
    .array(z.string({ error: `${what} are names` }).min(1), { error: `${what} is a list of names` })
    .min(1, { error: `${what} names at least one` })
    .max(most, { error: `${what} names at most ${most}` })
    .refine((list) => new Set(list).size === list.length, {
      error: `${what} names one of them twice`,
    })

export const vpcConfigSchema = z.strictObject({
  subnetIds: names('subnetIds', MOST_SUBNETS).meta({
    description: 'Its subnets, all of one VPC, by name.',
    source: VPC,
  }),
  securityGroupIds: names('securityGroupIds', MOST_SECURITY_GROUPS).prefault(['default']).meta({
    description:
      'Its security groups, by names that need no declaration: functions with the same ones share network interfaces.',
    source: VPC,
  }),
  pendingDuration: positiveDuration.optional().meta({
    description:
      'How long it is Pending, and refuses every invocation, after it was created or was Inactive.',
    defaultText: '3m (assumed; "several minutes"); on a platform before 2023-01 90s',
    source: VPC,
  }),
  inactiveAfter: positiveDuration.optional().meta({
    description: 'After how long without an invocation it becomes Inactive.',
    defaultText: '14d; on a platform before 2023-01 30d',
    source: VPC,
  }),
  attachDuration: distributionSchema(duration).optional().meta({
    description:
      'On a platform before 2019-09: how long a cold start waits for a new network interface.',
    defaultText: 'uniform from 8s to 15s (measured)',
    source: 'measured by third parties until 2019; AWS wrote of 10 s and more',
  }),
})

/** The key `network` of a downstream. */
export const downstreamNetworkSchema = z.strictObject({
  natGateway: z
    .string({ error: '`natGateway` is the name of one of the natGateways' })
    .optional()
    .meta({
      description:
        'The NAT gateway by which functions in its VPC reach it; functions in no VPC reach it directly.',
      defaultText: 'none: it is in the VPC, or has an endpoint there',
    }),
  connection: z
    .enum(['per-environment', 'per-call'], {
      error: '`connection` is per-environment or per-call',
    })
    .prefault('per-environment')
    .meta({
      description:
        'per-environment: a connection is kept open for the next call (keep-alive); per-call: each call opens one and closes it. Only of functions in a VPC.',
      source: 'assumed; AWS SDKs keep connections alive',
    }),
  addresses: wholeNumber('addresses', 1, 1_000).prefault(1).meta({
    description: 'Addresses behind its name: a NAT gateway has ports for each.',
    source: 'assumed; many services have several',
  }),
  roundTrip: distributionSchema(duration).optional().meta({
    description:
      'How long the way there and back takes beside the service: another zone, another Region, the internet. Half of it each way; AWS publishes no figures.',
    defaultText: 'no time',
  }),
  connectTimeout: duration.prefault('1s').meta({
    description:
      'How long a call that gets no port waits before it has failed. Only of functions in a VPC.',
    source: 'assumed; the client decides',
  }),
  requestSize: size.prefault('0B').meta({
    description: 'Bytes of a call that a NAT gateway processes; only what is stated is counted.',
  }),
  responseSize: size.prefault('0B').meta({
    description: 'Bytes of an answer that a NAT gateway processes.',
  }),
})

export interface DownstreamNetwork {
  readonly natGateway?: string | undefined
  readonly connection: 'per-environment' | 'per-call'
  readonly addresses: number
  readonly roundTrip?: DistributionChoice | undefined
  readonly connectTimeout: number
  readonly requestSize: number
  readonly responseSize: number
}

/** The nodes that `vpcConfig` names. */
export function vpcReferences(
  vpcConfig: { readonly subnetIds: readonly string[] } | undefined,
): readonly Reference[] {
  return (vpcConfig?.subnetIds ?? []).map((to, index) => ({
    path: ['vpcConfig', 'subnetIds', index],
    to,
    sections: ['subnets'],
    role: 'where a function is',
    sends: false,
  }))
}
