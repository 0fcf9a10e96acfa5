/** What AWS does not document about managed instances, and what is simpler here than there. */
import { formatDuration } from '../../../kernel/time.ts'
import type { Assumption } from '../../compiled-scenario.ts'
import type { CapacityProviderConfig } from './schema.ts'
import type { ManagedSettings } from './settings.ts'

const SCALING = 'Lambda developer guide, "Scaling Lambda Managed Instances"'

const percent = (share: number): string => `${Math.round(share * 1e4) / 1e2}%`

export function providerAssumptions({
  instanceLaunchTime,
  scalingInterval,
  scaleInDelay,
  targetConcurrencyUtilization,
  autoCpuTarget,
  capacityProviderScalingConfig: { scalingMode },
  instanceRequirements: { allowedInstanceTypes },
}: CapacityProviderConfig): readonly Assumption[] {
  const cpu =
    scalingMode === 'Auto' ? ` and ${percent(autoCpuTarget)} of their vCPUs are in use` : ''
  return [
    {
      id: 'managed-instance-launch',
      statement: `A managed instance can start environments ${formatDuration(instanceLaunchTime)} after the decision to launch it, is paid for from that decision on, and is a ${allowedInstanceTypes[0]!}.`,
      confidence: 'assumed',
      source: 'not documented by AWS',
      alternatives: [
        { label: 'instances in 20 s', set: { instanceLaunchTime: '20s' } },
        { label: 'instances in 3 min', set: { instanceLaunchTime: '3m' } },
      ],
    },
    {
      id: 'managed-instance-scaling',
      statement: `Every ${formatDuration(scalingInterval)} a function on managed instances gets as many environments as bring it to where ${percent(targetConcurrencyUtilization)} of their places${cpu}; some are given up when fewer would have done for ${formatDuration(scaleInDelay)}.`,
      confidence: 'assumed',
      source: `${SCALING}, for the signals and for traffic that may double within 5 minutes; the rule is not documented`,
      alternatives: [
        {
          label: 'a target of 70%',
          set: { targetConcurrencyUtilization: '70%', autoCpuTarget: '70%' },
        },
        { label: 'a look every minute', set: { scalingInterval: '60s' } },
      ],
    },
    {
      id: 'managed-instance-placement',
      statement:
        'The least busy environment serves the next request; a new one comes to the running instance with the most free vCPUs.',
      confidence: 'assumed',
      source: `${SCALING}, for the router that tries another environment; its choice is not documented`,
    },
    {
      id: 'managed-instance-quotas',
      statement:
        "Requests of functions on managed instances take nothing of the account's concurrency and request rate.",
      confidence: 'inferred',
      source:
        'Lambda developer guide, "Lambda Managed Instances quotas": separate from the quotas of Lambda (default)',
    },
  ]
}

/** What is simpler than at AWS in functions that run on managed instances. */
export function managedFunctionAssumptions(
  functions: readonly { readonly managed: ManagedSettings | null }[],
): readonly Assumption[] {
  const managed = functions.flatMap((each) => (each.managed === null ? [] : [each.managed]))
  if (managed.length === 0) return []
  const isCpuStated = managed.every(({ cpuOfRequest }) => cpuOfRequest > 0)
  return [
    {
      id: 'managed-instance-duration',
      statement: isCpuStated
        ? 'A request on a managed instance takes as long as stated however many share its environment; an environment takes no more requests than its vCPUs have time for.'
        : 'A request on a managed instance takes as long as stated however many share its environment, and without handler.cpuBound uses no CPU: state the duration at that concurrency.',
      confidence: 'assumed',
      source: `${SCALING}, for that new requests are refused to protect those in flight`,
    },
    {
      id: 'managed-instance-failures',
      statement:
        'A crash on a managed instance ends its own request; the environment finishes the others, takes no more, and is replaced from then on.',
      confidence: 'assumed',
      source: `${SCALING}, for that crashed environments are replaced; what becomes of the other requests is not documented`,
    },
  ]
}
