/** The `functions` section. Keys are CloudFormation's property names in lower camel case. */
import { z } from 'zod'
import { IDLE_SELECTIONS } from '../../model/compute/idle-selection/index.ts'
import { KEEP_ALIVE_POLICIES } from '../../model/compute/keep-alive/index.ts'
import {
  capacityProviderConfigSchema,
  functionScalingConfigSchema,
} from '../../model/compute/managed-instances/schema.ts'
import { RUNTIMES } from '../../model/compute/runtimes.ts'
import { vpcConfigSchema } from '../../model/network/schema.ts'
import {
  concurrency,
  durationBetween,
  memory,
  positiveDuration,
  share,
  shown,
  size,
  wholeNumber,
} from '../../model/units.ts'
import { durationDistribution, name, oneOf } from './common.ts'
import { asynchronousConfig, deadLetterConfig, eventSchema } from './events.ts'
import { handlerSchema } from './handler.ts'
import { provisionedConcurrency } from './provisioned.ts'

const SECOND_US = 1_000_000
const LONGEST_TIMEOUT_US = 900 * SECOND_US

const QUOTAS = 'Lambda developer guide, "Lambda quotas"'
const RESERVED = 'Lambda developer guide, "Configuring reserved concurrency"'
const PROVISIONED = 'Lambda developer guide, "Configuring provisioned concurrency"'
const ALIASES = 'Lambda developer guide, "Managing Lambda function aliases"'
const TENANCY = 'Lambda API reference, TenancyConfig'
const SNAP_START = 'Lambda developer guide, "Improving startup performance with Lambda SnapStart"'
const LIFECYCLE = 'Lambda developer guide, "Understanding the execution environment lifecycle"'

const ephemeralSize = memory.refine((megabytes) => megabytes >= 512, {
  error: 'ephemeral storage is between 512 and 10240 MB',
})

const coldStartParts = z.strictObject({
  placement: durationDistribution.optional().meta({
    description: 'Sandbox creation and code download before init; not billed.',
    defaultText: 'lognormal, median 100ms, p99 400ms (assumed)',
  }),
  init: durationDistribution.optional().meta({
    description: 'Extension, runtime and function init (Init Duration); limited to 10 s.',
    defaultText:
      "an empty function's measured init for this runtime, with a warning: median and p99 over 82 days where known, else ten cold starts of one day",
    source: 'maxday/lambda-perf, 2026-06-01 to 2026-08-22',
  }),
  restore: durationDistribution.optional().meta({
    description:
      'Resuming a published version from its SnapStart snapshot, in place of init; limited to 10 s with its hooks.',
    defaultText:
      "an empty function's measured restore for java11, java17 and java21; else lognormal, median 300ms, p99 1s (inferred)",
    source: 'maxday/lambda-perf, 2025-10-18',
  }),
  restoreHooks: durationDistribution.optional().meta({
    description: 'Code that runs after a restore; part of RestoreDuration, and billed.',
    defaultText: 'none',
    source: SNAP_START,
  }),
  firstInvocation: durationDistribution.optional().meta({
    description: "Extra handler time of an environment's first request.",
    defaultText: 'measured of an empty function for this runtime and memory',
    source: 'maxday/lambda-perf, 2026-08-22',
  }),
  cpuBound: share.prefault('100%').meta({
    description:
      'Share of a stated firstInvocation that scales with memory when memorySize is overridden; the measured ones do so nearly whole (java21: 100, 38, 18 and 7 ms at 128, 256, 512 and 1024 MB).',
    source: 'maxday/lambda-perf, 2026-08-22',
  }),
  proactive: share
    .refine((part) => part < 1, { error: 'proactive is below 100%: some requests ask first' })
    .prefault('0%')
    .meta({
      description:
        'Share of all environments that Lambda initialises unasked: after each that a request waits for it begins as many more, on average, as make up this share.',
      source:
        'aaronstuyvenberg.com, "Understanding Proactive Initialization", 2023-07: 50% to 85% of initialisations delayed no request; how Lambda chooses is not documented',
    }),
  handOver: oneOf(['never', 'busy', 'proactive']).prefault('never').meta({
    description:
      'Whether a request that waits for an init may take an environment that becomes free first: never; busy: any that ends a request; proactive: only those that no request waits for.',
    source: 'not documented by AWS',
  }),
})

const coldStart = z.union([z.literal('none'), coldStartParts])

const keepAlive = z.discriminatedUnion(
  'policy',
  KEEP_ALIVE_POLICIES.map((entry) => entry.schema) as unknown as [
    z.ZodObject<{ policy: z.ZodLiteral<string> }>,
  ],
  {
    error: (issue) => {
      if (issue.code !== 'invalid_union') return undefined
      const { policy } = issue.input as { policy?: unknown }
      const known = KEEP_ALIVE_POLICIES.map((entry) => entry.kind).join(', ')
      return policy === undefined
        ? `missing required key \`policy\`: known are ${known}`
        : `${shown(policy)} is no known keep-alive policy: known are ${known}`
    },
  },
)

const versionNumber = z
  .union([z.int().positive(), z.string()], { error: 'a version is a number such as 7' })
  .transform(String)
  .pipe(
    z.string().regex(/^([1-9][0-9]{0,8}|\$LATEST)$/, {
      error: (issue) => `${shown(issue.input)} is not a version: a number such as 7, or $LATEST`,
    }),
  )

const publishedVersion = z.string().regex(/^[1-9][0-9]{0,8}$/, {
  error: (issue) => `${shown(issue.input)} is not a published version: a number such as "8"`,
})

const alias = z.strictObject({
  functionVersion: versionNumber.meta({
    description: 'The version that the alias points to.',
    source: ALIASES,
  }),
  routingConfig: z.record(publishedVersion, share).optional().meta({
    description: 'A second version and its share of the traffic: { "8": 10% }.',
    source: ALIASES,
  }),
  provisionedConcurrentExecutions: provisionedConcurrency.optional().meta({
    description: 'Environments kept initialised for this alias.',
    source: PROVISIONED,
  }),
})

const version = z.strictObject({
  provisionedConcurrentExecutions: provisionedConcurrency.meta({
    description: 'Environments kept initialised for this version.',
    source: PROVISIONED,
  }),
})

export const lambdaFunction = z.strictObject({
  runtime: oneOf(RUNTIMES).meta({
    description: 'The runtime identifier; it selects the measured cold start.',
    source: 'Lambda developer guide, "Lambda runtimes"',
  }),
  architectures: oneOf(['x86_64', 'arm64']).prefault('x86_64').meta({
    description: 'The instruction set.',
    source: 'Lambda developer guide, "Selecting and configuring an instruction set architecture"',
  }),
  packageType: oneOf(['Zip', 'Image']).prefault('Zip').meta({
    description: 'How the code is packaged: Zip archive or container Image.',
    source: 'Lambda API reference, CreateFunction',
  }),
  memorySize: memory.prefault(128).meta({
    description: 'Memory of an environment, 128 to 10240 MB: 512, 512MB, 1GB.',
    source: QUOTAS,
  }),
  ephemeralStorage: z
    .strictObject({
      size: ephemeralSize.meta({ description: 'Size of /tmp, 512 to 10240 MB.', source: QUOTAS }),
    })
    .prefault({ size: 512 })
    .meta({ description: 'The storage in /tmp of an environment.' }),
  loggingConfig: z
    .strictObject({
      bytesPerInvocation: size.meta({
        description:
          "What each invocation writes to CloudWatch Logs, Lambda's own lines included, on average; it is billed as it comes in.",
        source: 'a property of the code, not a setting of AWS',
      }),
    })
    .optional()
    .meta({
      description: 'What the function logs.',
      defaultText: 'nothing that is billed',
      source: 'Lambda API reference, LoggingConfig',
    }),
  tenancyConfig: z
    .strictObject({
      tenantIsolationMode: oneOf(['PER_TENANT']).meta({
        description: 'PER_TENANT: an environment serves the requests of one tenant only.',
        source: TENANCY,
      }),
      tenants: wholeNumber('tenants', 1, 10_000).meta({
        description:
          'How many tenants send requests, all equally many; a request is of one drawn evenly.',
        source: 'a property of the traffic, not a setting of AWS',
      }),
    })
    .optional()
    .meta({
      description: 'Whether tenants share environments.',
      defaultText: 'they do',
      source: TENANCY,
    }),
  snapStart: z
    .strictObject({
      applyOn: oneOf(['None', 'PublishedVersions']).meta({
        description: 'PublishedVersions: their environments are restored from a snapshot.',
        source: SNAP_START,
      }),
    })
    .optional()
    .meta({
      description: 'Whether published versions start from a snapshot taken after init.',
      defaultText: 'None',
      source: SNAP_START,
    }),
  timeout: durationBetween(SECOND_US, LONGEST_TIMEOUT_US)
    .refine((timeoutUs) => timeoutUs % SECOND_US === 0, {
      error: 'a timeout is a whole number of seconds',
    })
    .prefault('3s')
    .meta({
      description: 'How long an invocation may run, 1s to 15m in whole seconds.',
      source: QUOTAS,
    }),
  reservedConcurrentExecutions: concurrency.optional().meta({
    description:
      "A slice of the account's concurrency that is this function's guarantee and cap; 0 disables the function.",
    defaultText: 'none: the function uses the unreserved pool',
    source: RESERVED,
  }),
  provisionedConcurrentExecutions: provisionedConcurrency.optional().meta({
    description:
      'Shorthand: alias live on version 1 with this provisioned concurrency; the bare function name then means that alias. 0: none, the alias stays.',
    defaultText: 'none',
    source: PROVISIONED,
  }),
  provisionedLifetime: positiveDuration.optional().meta({
    description:
      'How old provisioned environments become before Lambda recycles them and has another ready: on average, evenly between three and five quarters of it.',
    defaultText: 'any age: they are recycled, AWS says, but not when',
    source: PROVISIONED,
  }),
  aliases: z.record(name, alias).optional().meta({
    description: 'Aliases by name; the bare function name then means $LATEST.',
    source: ALIASES,
  }),
  versions: z.record(publishedVersion, version).optional().meta({
    description: 'Published versions that have provisioned concurrency of their own.',
    source: PROVISIONED,
  }),
  events: z.record(name, eventSchema).optional().meta({
    description: 'What leads to the function beside calls by its name, by name.',
    source: 'AWS SAM developer guide, "EventSource"',
  }),
  eventInvokeConfig: asynchronousConfig.prefault({}).meta({
    description: "What happens to the function's asynchronous events.",
    source:
      'Lambda developer guide, "Configuring error handling settings for asynchronous invocations"',
  }),
  deadLetterConfig: deadLetterConfig.optional().meta({
    description: 'Where asynchronous events go that were given up.',
    source: 'Lambda developer guide, "Adding a dead-letter queue"',
  }),
  recursiveLoop: oneOf(['Terminate', 'Allow']).prefault('Terminate').meta({
    description:
      'Whether a chain of events that has invoked the function 16 times is cut, or goes on.',
    source:
      'Lambda developer guide, "Use Lambda recursive loop detection to prevent infinite loops"',
  }),
  handler: handlerSchema.meta({
    description: 'What the function does with a request; a list is short for its `steps`.',
  }),
  coldStart: coldStart.prefault({}).meta({
    description: 'What a new environment costs before its first request; none: nothing.',
  }),
  keepAlive: keepAlive.optional().meta({
    description: 'When idle environments are retired. What is written holds exactly as written.',
    defaultText: "what was measured at the platform's date",
    source: 'not documented by AWS; measured by third parties',
  }),
  idleSelection: oneOf(IDLE_SELECTIONS.map((entry) => entry.kind))
    .prefault(IDLE_SELECTIONS[0]?.kind ?? '')
    .meta({
      description: 'Which idle environment serves the next request.',
      source: 'pacslab/serverless-performance-modeling, 2020: 99.7% of 23,182 choices',
    }),
  vpcConfig: vpcConfigSchema.optional().meta({
    description: 'The VPC that the function is in, by its subnets.',
    defaultText: 'none',
    source: 'Lambda API reference, CreateFunction, VpcConfig',
  }),
  capacityProviderConfig: capacityProviderConfigSchema.optional().meta({
    description: 'Runs the function on Lambda Managed Instances: EC2 instances of the account.',
    defaultText: "none: Lambda's own compute",
    source: 'Lambda API reference, CapacityProviderConfig',
  }),
  functionScalingConfig: functionScalingConfigSchema.prefault({}).meta({
    description: 'How many environments a function on managed instances has.',
    source: 'Lambda API reference, FunctionScalingConfig',
  }),
  extensions: oneOf(['none', 'internal', 'external']).prefault('none').meta({
    description:
      "Which extensions are installed: an environment's runtime has 0 ms, 500 ms or 2 s to shut down after a crash or timeout before it can serve again.",
    source: LIFECYCLE,
  }),
  scalingRate: oneOf(['platform', 'unlimited']).prefault('platform').meta({
    description: 'unlimited switches the scaling rate off for this function; for experiments.',
    source: 'Lambda developer guide, "Lambda scaling behavior"',
  }),
})

export type FunctionConfig = z.output<typeof lambdaFunction>
