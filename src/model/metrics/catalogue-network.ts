import type { MetricEntry } from './catalogue-entry.ts'

const NETWORK = { scopes: ['network'], cloudWatch: false } as const
/** Amazon VPC user guide, "Monitor NAT gateways using Amazon CloudWatch". */
const NAT = { scopes: ['network'], cloudWatch: true } as const

/** Of VPCs, subnets and NAT gateways. */
export const NETWORK_METRICS: readonly MetricEntry[] = [
  {
    ...NETWORK,
    name: 'NetworkInterfaces',
    kind: 'gauge',
    unit: 'count',
    help: 'Network interfaces that Lambda has in the VPC.',
  },
  {
    ...NETWORK,
    name: 'NetworkInterfaceErrors',
    kind: 'counter',
    unit: 'count',
    help: 'Network interfaces that were needed and could not be made: the quota of the VPC or the addresses of a subnet were used up.',
  },
  {
    ...NETWORK,
    name: 'IpAddresses',
    kind: 'gauge',
    unit: 'count',
    help: 'Addresses of the subnet that network interfaces of Lambda have.',
  },
  {
    ...NAT,
    name: 'ActiveConnectionCount',
    kind: 'gauge',
    unit: 'count',
    help: 'Connections through the NAT gateway that nobody has closed, whether or not a call uses them.',
  },
  {
    ...NETWORK,
    name: 'AllocatedPorts',
    kind: 'gauge',
    unit: 'count',
    help: 'Ports of the NAT gateway that are taken, to all destinations, also by connections closed a short while ago.',
  },
  {
    ...NAT,
    name: 'ConnectionAttemptCount',
    kind: 'counter',
    unit: 'count',
    help: 'Connections attempted through the NAT gateway.',
  },
  {
    ...NAT,
    name: 'ConnectionEstablishedCount',
    kind: 'counter',
    unit: 'count',
    help: 'Connections established through the NAT gateway.',
  },
  {
    ...NAT,
    name: 'ErrorPortAllocation',
    kind: 'counter',
    unit: 'count',
    shareOf: ['ConnectionAttemptCount'],
    help: 'Connections that failed because no port to their destination was left.',
  },
  {
    ...NAT,
    name: 'IdleTimeoutCount',
    kind: 'counter',
    unit: 'count',
    help: 'Connections that were given up because nothing went over them for the idle timeout.',
  },
  {
    ...NAT,
    name: 'BytesOutToDestination',
    kind: 'counter',
    unit: 'bytes',
    help: 'Bytes of calls, as far as `requestSize` states them.',
  },
  {
    ...NAT,
    name: 'BytesInFromDestination',
    kind: 'counter',
    unit: 'bytes',
    help: 'Bytes of answers, as far as `responseSize` states them.',
  },
  {
    ...NETWORK,
    name: 'BytesProcessed',
    kind: 'counter',
    unit: 'bytes',
    help: 'Bytes in both directions: what AWS bills as data processed.',
  },
  {
    ...NETWORK,
    name: 'NatGatewayHours',
    kind: 'counter',
    unit: 'count',
    help: 'Hours begun, each of which AWS bills as a whole.',
  },
  {
    ...NETWORK,
    name: 'AttachDuration',
    kind: 'duration',
    unit: 'ms',
    help: 'How long attaching a network interface to a new environment took, on a platform before 2019-09; it is part of PlacementDuration.',
  },
]
