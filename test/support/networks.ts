/** A function in a VPC with one subnet and a NAT gateway, that calls a partner outside of it. */
import { callingFunction } from './downstreams.ts'

/** Any other key is as in `callingFunction`. */
export interface InVpc {
  readonly settings?: object
  readonly [section: string]: unknown
  readonly vpc?: object
  readonly subnet?: object
  /** Beside its VPC. */
  readonly gateway?: object
  /** Of the way to the partner, beside the gateway. */
  readonly network?: object
  /** How long the partner takes. */
  readonly service?: string
  readonly vpcConfig?: object
}

export function inVpc(options: InVpc = {}): object {
  const { vpc, subnet, gateway, network, service = '1s', vpcConfig, ...others } = options
  const { settings = {}, ...rest } = others
  return callingFunction({
    calls: [{ downstream: 'partner' }],
    ...rest,
    settings: { vpcConfig: { subnetIds: ['private'], ...vpcConfig }, ...settings },
    downstreams: {
      partner: {
        type: 'rate-limited',
        rate: '100000/s',
        service,
        network: { natGateway: 'out', ...network },
      },
    },
    vpcs: { main: { ...vpc } },
    subnets: { private: { vpcId: 'main', cidrBlock: '10.0.1.0/24', ...subnet } },
    natGateways: { out: { vpcId: 'main', ...gateway } },
  })
}
