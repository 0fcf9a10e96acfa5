/** The keys of managed instances: CloudFormation's names in lower camel case. */
import { z } from 'zod'
import { nodeName } from '../../messages/delivery-schema.ts'
import { duration, positiveDuration, share, shown, wholeNumber } from '../../units.ts'
import { INSTANCE_TYPE_NAMES } from './instance-types.ts'

const SCALING = 'Lambda developer guide, "Scaling Lambda Managed Instances"'
const CLOUD_FORMATION = 'AWS CloudFormation, AWS::Lambda::CapacityProvider'
const NOT_DOCUMENTED = 'not documented by AWS'

const target = share.refine((part) => part > 0 && part <= 1, {
  error: 'a target is above 0% and at most 100%',
})

const knownType = z
  .string({ error: 'an instance type is a name such as m7g.xlarge' })
  .refine((name) => INSTANCE_TYPE_NAMES.includes(name), {
    error: (issue) =>
      `${shown(issue.input)} is no instance type whose size and price are known here: known are ${INSTANCE_TYPE_NAMES.join(', ')}`,
  })

const scalingConfig = z
  .strictObject({
    maxVCpuCount: wholeNumber('maxVCpuCount', 2, 15_000).prefault(400).meta({
      description: 'vCPUs of all its instances at most.',
      source: CLOUD_FORMATION,
    }),
    scalingMode: z.enum(['Auto', 'Manual']).prefault('Auto').meta({
      description:
        'Whether Lambda chooses the target of CPU use (Auto), or scalingPolicies say it.',
      source: CLOUD_FORMATION,
    }),
    scalingPolicies: z
      .array(
        z.strictObject({
          predefinedMetricType: z
            .literal('LambdaCapacityProviderAverageCPUUtilization')
            .prefault('LambdaCapacityProviderAverageCPUUtilization')
            .meta({ description: 'The only metric there is.', source: CLOUD_FORMATION }),
          targetValue: target.meta({
            description: 'Which share of the vCPUs should be in use.',
            source: CLOUD_FORMATION,
          }),
        }),
      )
      .max(1, { error: 'one policy is enough: all have the same metric' })
      .prefault([])
      .meta({ description: 'With Manual: the target of CPU use.', source: CLOUD_FORMATION }),
  })
  .superRefine(({ scalingMode, scalingPolicies }, context) => {
    const isManual = scalingMode === 'Manual'
    if (isManual === scalingPolicies.length > 0) return
    const message = isManual
      ? 'scalingMode Manual takes a policy: scalingPolicies: [{ targetValue: 70% }]'
      : 'scalingPolicies need scalingMode: Manual'
    context.addIssue({ code: 'custom', path: ['scalingMode'], message })
  })

export const capacityProviderSchema = z.strictObject({
  instanceRequirements: z
    .strictObject({
      allowedInstanceTypes: z
        .array(knownType)
        .min(1, { error: 'allowedInstanceTypes names at least one type' })
        .prefault(INSTANCE_TYPE_NAMES.slice(0, 1))
        .meta({
          description: `EC2 instance types that may be launched: the first is. Known are ${INSTANCE_TYPE_NAMES.join(', ')}.`,
          defaultText: `\`${INSTANCE_TYPE_NAMES[0]}\` (assumed)`,
          source: CLOUD_FORMATION,
        }),
    })
    .prefault({})
    .meta({ description: 'Which instances.' }),
  capacityProviderScalingConfig: scalingConfig
    .prefault({})
    .meta({ description: 'How far, and by what, its functions scale.' }),
  instanceLaunchTime: duration.prefault('60s').meta({
    description: 'From the decision to launch an instance until environments can start on it.',
    source: NOT_DOCUMENTED,
  }),
  scalingInterval: positiveDuration.prefault('10s').meta({
    description: 'How often the use of environments is looked at.',
    source: NOT_DOCUMENTED,
  }),
  scaleInDelay: positiveDuration.prefault('15m').meta({
    description: 'For how long fewer environments must be enough before some are given up.',
    source: NOT_DOCUMENTED,
  }),
  targetConcurrencyUtilization: target.prefault('50%').meta({
    description:
      'Which share of the places of environments should be taken: with 50% traffic may double at once.',
    source: `${SCALING}: traffic can double within 5 minutes; the share is not documented`,
  }),
  autoCpuTarget: target.prefault('50%').meta({
    description: 'With scalingMode Auto: which share of the vCPUs should be in use.',
    source: `${SCALING}: traffic can double within 5 minutes; the share is not documented`,
  }),
})

export type CapacityProviderConfig = z.output<typeof capacityProviderSchema>

/** Of a function. */
export const capacityProviderConfigSchema = z.strictObject({
  capacityProvider: nodeName('a capacity provider').meta({
    description: 'Whose instances the function runs on.',
    source: 'Lambda API reference, LambdaManagedInstancesCapacityProviderConfig',
  }),
  perExecutionEnvironmentMaxConcurrency: wholeNumber(
    'perExecutionEnvironmentMaxConcurrency',
    1,
    1_600,
  )
    .optional()
    .meta({
      description: 'Requests that an environment works on at once, at most 64 for each vCPU.',
      defaultText:
        'for each vCPU 64 (Node.js), 32 (Java, .NET) or 16 (Python); with provided.al2023 it must be stated',
      source: 'Lambda developer guide, runtimes for Lambda Managed Instances',
    }),
  executionEnvironmentMemoryGiBPerVCpu: z
    .union([z.literal(2), z.literal(4), z.literal(8)], {
      error: 'executionEnvironmentMemoryGiBPerVCpu is 2, 4 or 8',
    })
    .prefault(2)
    .meta({
      description: 'GiB of memory for each vCPU: 2, 4 or 8; the vCPUs follow from memorySize.',
      source: SCALING,
    }),
  heldAfterTimeout: duration.optional().meta({
    description:
      'How long a timed-out request keeps its place where its own duration does not say: one that hangs (failures.timeout) or waits for a call.',
    defaultText: "as long again as the function's timeout",
    source: `${SCALING}, for that it keeps it; how long is not documented`,
  }),
})

export const functionScalingConfigSchema = z
  .strictObject({
    minExecutionEnvironments: wholeNumber('minExecutionEnvironments', 1, 15_000).prefault(3).meta({
      description:
        'Environments that are always there; 0, with which AWS deactivates the function, is not modelled.',
      source: SCALING,
    }),
    maxExecutionEnvironments: wholeNumber('maxExecutionEnvironments', 1, 15_000).optional().meta({
      description: 'Environments at most.',
      defaultText: 'no maximum but that of the capacity provider',
      source: SCALING,
    }),
  })
  .superRefine(({ minExecutionEnvironments: min, maxExecutionEnvironments: max }, context) => {
    if (max === undefined || min <= max) return
    const message = `maxExecutionEnvironments is not below minExecutionEnvironments, which is ${min}`
    context.addIssue({ code: 'custom', path: ['maxExecutionEnvironments'], message })
  })

export type CapacityProviderUse = z.output<typeof capacityProviderConfigSchema>
export type FunctionScalingConfig = z.output<typeof functionScalingConfigSchema>
