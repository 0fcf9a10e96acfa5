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
]
