/**
 * What a person is told about each limit: its name, and the setting that would have prevented the
 * throttles. Source of the limits: Lambda developer guide, "Understanding Lambda function scaling".
 */
export interface ThrottleCause {
  readonly label: string
  /** Completes "It would have taken ...". */
  readonly cure: (functionName: string) => string
}

export const THROTTLE_EXPLANATIONS: Readonly<Record<string, ThrottleCause>> = {
  'reserved-zero': {
    label: 'reserved concurrency of 0',
    cure: (name) =>
      `a functions.${name}.reservedConcurrentExecutions above 0: 0 switches the function off.`,
  },
  'reserved-concurrency': {
    label: 'reserved concurrency',
    cure: (name) =>
      `a higher functions.${name}.reservedConcurrentExecutions, or a shorter handler.duration.`,
  },
  'reserved-rate': {
    label: 'request rate of the reserved concurrency',
    cure: (name) =>
      `a higher functions.${name}.reservedConcurrentExecutions: it allows 10 requests/s for each unit, however short they are.`,
  },
  'account-concurrency': {
    label: 'account concurrency',
    cure: (name) =>
      `a higher account.concurrentExecutions (a quota increase), or functions.${name}.reservedConcurrentExecutions to keep a share of it for ${name}.`,
  },
  'account-rate': {
    label: 'request rate of the account',
    cure: () =>
      'a higher account.concurrentExecutions (a quota increase): it allows 10 requests/s for each unit, however short they are.',
  },
  'scaling-rate': {
    label: 'scaling rate',
    cure: (name) =>
      `functions.${name}.provisionedConcurrentExecutions ready before the peak, or traffic that grows more slowly: 1,000 new environments per 10 s is a fixed quota.`,
  },
  'scaling-request-rate': {
    label: 'request rate while scaling',
    cure: (name) =>
      `functions.${name}.provisionedConcurrentExecutions ready before the peak, or traffic that grows more slowly: 10,000 more requests/s per 10 s is a fixed quota.`,
  },
  'regional-burst': {
    label: 'burst of the region',
    cure: (name) =>
      `functions.${name}.provisionedConcurrentExecutions ready before the peak, or a platform of 2023-11 or later, where each function scales on its own.`,
  },
  'function-pending': {
    label: 'function state Pending',
    cure: (name) => `traffic that comes only when ${name} is Active.`,
  },
  'function-inactive': {
    label: 'function state Inactive',
    cure: (name) =>
      `an invocation of ${name} now and then: one that is idle for functions.${name}.vpcConfig.inactiveAfter loses its network interfaces.`,
  },
  'function-without-interface': {
    label: 'function state Failed: no network interface',
    cure: () => 'a higher vpcs.NAME.networkInterfaceLimit (a quota increase).',
  },
  'function-without-address': {
    label: 'function state Failed: no address in a subnet',
    cure: (name) =>
      `more addresses in one of functions.${name}.vpcConfig.subnetIds, or another subnet.`,
  },
  'network-interfaces': {
    label: 'network interfaces of the VPC',
    cure: (name) =>
      `a higher vpcs.NAME.networkInterfaceLimit (a quota increase), a lower functions.${name}.reservedConcurrentExecutions, or a platform of 2019-09 or later, where functions share interfaces.`,
  },
  'subnet-addresses': {
    label: 'addresses of the subnets',
    cure: (name) =>
      `more or larger functions.${name}.vpcConfig.subnetIds, or a platform of 2019-09 or later, where functions share interfaces.`,
  },
  'managed-concurrency': {
    label: 'places of environments on managed instances',
    cure: (name) =>
      `a higher functions.${name}.functionScalingConfig.minExecutionEnvironments before the peak, or traffic that doubles in no less than five minutes (and a higher maxVCpuCount, where the capacity provider has none left): managed instances do not scale for a request.`,
  },
  'managed-cpu': {
    label: 'CPU time of environments on managed instances',
    cure: (name) =>
      `a higher functions.${name}.functionScalingConfig.minExecutionEnvironments before the peak, or traffic that doubles in no less than five minutes (and a higher maxVCpuCount, where the capacity provider has none left): managed instances do not scale for a request.`,
  },
}

export function throttleCause(cause: string): ThrottleCause {
  return (
    THROTTLE_EXPLANATIONS[cause] ?? {
      label: cause.replaceAll('-', ' '),
      cure: () => 'less traffic, or a higher limit.',
    }
  )
}
