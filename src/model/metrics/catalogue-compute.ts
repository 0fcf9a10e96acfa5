import type { FunctionSettings } from '../compiled-scenario.ts'
import type { MetricEntry } from './catalogue-entry.ts'

/** Of what is done about cold starts. Each exists only where its cure is used. */
export const COMPUTE_METRICS: readonly MetricEntry[] = [
  {
    name: 'RequestedProvisionedConcurrentExecutions',
    scopes: ['alias'],
    kind: 'gauge',
    unit: 'count',
    cloudWatch: false,
    help: 'Provisioned concurrency that is configured, allocated or not, where a schedule or target tracking changes it.',
  },
  {
    name: 'AllocatedProvisionedConcurrentExecutions',
    scopes: ['alias'],
    kind: 'gauge',
    unit: 'count',
    cloudWatch: false,
    help: 'Provisioned environments that are ready to serve, where a schedule or target tracking changes how many.',
  },
  {
    name: 'ScalingActivities',
    scopes: ['alias'],
    kind: 'counter',
    unit: 'count',
    cloudWatch: false,
    help: 'How often Application Auto Scaling changed the provisioned concurrency, by schedule or by alarm.',
  },
  {
    name: 'ProactiveInits',
    scopes: ['function'],
    kind: 'counter',
    unit: 'count',
    cloudWatch: false,
    help: 'Environments that Lambda began to initialise although no request asked for one; their init is billed and in InitDuration.',
  },
  {
    name: 'TenantEnvironments',
    scopes: ['function'],
    kind: 'counter',
    unit: 'count',
    cloudWatch: false,
    help: "Environments created for one tenant; each is charged for the function's memory.",
  },
  {
    name: 'WarmerPings',
    scopes: ['event'],
    kind: 'counter',
    unit: 'count',
    cloudWatch: false,
    help: 'Pings that a warmer sent; they are among the Invocations, or the Throttles, of the function.',
  },
  {
    name: 'WarmerColdStarts',
    scopes: ['event'],
    kind: 'counter',
    unit: 'count',
    shareOf: ['WarmerPings'],
    cloudWatch: false,
    help: "Pings that found no idle environment; the function's other ColdStarts were waited for by real requests.",
  },
  {
    name: 'WarmerThrottles',
    scopes: ['event'],
    kind: 'counter',
    unit: 'count',
    shareOf: ['WarmerPings'],
    cloudWatch: false,
    help: 'Pings that were refused.',
  },
  {
    name: 'RestoreDuration',
    scopes: ['function'],
    kind: 'duration',
    unit: 'ms',
    cloudWatch: false,
    help: 'Length of restores from a SnapStart snapshot, hooks included, as `Restore Duration` in the REPORT line; such an environment has no InitDuration.',
  },
  {
    name: 'SnapStartRestores',
    scopes: ['function'],
    kind: 'counter',
    unit: 'count',
    cloudWatch: false,
    summaryOnly: true,
    help: "Environments restored from a snapshot; each restores the function's memory, which is what is billed.",
  },
  {
    name: 'SnapStartSnapshots',
    scopes: ['function'],
    kind: 'gauge',
    unit: 'count',
    cloudWatch: false,
    summaryOnly: true,
    help: "Published versions whose snapshot is cached; each is billed for the function's memory, by the second and for at least three hours.",
  },
  {
    name: 'ConcurrencyUtilization',
    scopes: ['function'],
    kind: 'gauge',
    unit: 'ratio',
    cloudWatch: false,
    help: 'Of the places that its environments on managed instances have for requests, the share that is taken; at 1 requests are refused.',
  },
  {
    name: 'ConcurrencyThrottles',
    scopes: ['function'],
    kind: 'counter',
    unit: 'count',
    cloudWatch: true,
    help: 'Of the Throttles on managed instances: every place of every environment was taken.',
  },
  {
    name: 'CPUThrottles',
    scopes: ['function'],
    kind: 'counter',
    unit: 'count',
    cloudWatch: true,
    help: 'Of the Throttles on managed instances: no environment had CPU time for another request.',
  },
  ...capacityProviderMetrics(),
]

/** Lambda developer guide, "Monitoring Lambda Managed Instances". */
function capacityProviderMetrics(): readonly MetricEntry[] {
  const scopes = ['capacityProvider'] as const
  return [
    {
      name: 'ManagedInstances',
      scopes,
      kind: 'gauge',
      unit: 'count',
      cloudWatch: false,
      help: 'Instances of the capacity provider, also while they are being launched.',
    },
    {
      name: 'ManagedInstanceLaunches',
      scopes,
      kind: 'counter',
      unit: 'count',
      cloudWatch: false,
      help: 'Instances launched, those that were there at the start included.',
    },
    {
      name: 'vCPUAllocated',
      scopes,
      kind: 'gauge',
      unit: 'count',
      cloudWatch: true,
      help: 'The vCPUs of instances that execution environments have, also those of environments that are being started.',
    },
    {
      name: 'vCPUAvailable',
      scopes,
      kind: 'gauge',
      unit: 'count',
      cloudWatch: true,
      help: 'The vCPUs of instances that no execution environment has.',
    },
    {
      name: 'CPUUtilization',
      scopes,
      kind: 'gauge',
      unit: 'ratio',
      cloudWatch: true,
      help: 'Share of the vCPUs of all instances that handlers use, by handler.cpuBound; 0 to 1, where CloudWatch has percent.',
    },
  ]
}

/** Which of these a function has. */
export function cureMetricsOf({
  coldStart,
  managed,
  tenants,
}: FunctionSettings): readonly string[] {
  return [
    ...(coldStart.restore === null
      ? []
      : ['RestoreDuration', 'SnapStartRestores', 'SnapStartSnapshots']),
    ...(coldStart.proactiveShare > 0 ? ['ProactiveInits'] : []),
    ...(tenants === null ? [] : ['TenantEnvironments']),
    ...(managed === null ? [] : ['ConcurrencyUtilization', 'ConcurrencyThrottles', 'CPUThrottles']),
  ]
}
