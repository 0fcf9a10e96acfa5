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
]
