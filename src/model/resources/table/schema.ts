/** The YAML of a table. */
import { z } from 'zod'
import { distributionSchema } from '../../distributions/index.ts'
import { duration, positiveDuration, share, wholeNumber } from '../../units.ts'
import { shardNumber } from '../stream/kinds/kind.ts'
import type { TrackingSettings } from './target-tracking.ts'

const MODES = 'DynamoDB developer guide, "DynamoDB throughput capacity"'
const ON_DEMAND = 'DynamoDB developer guide, "DynamoDB on-demand capacity mode"'
const PROVISIONED = 'DynamoDB developer guide, "DynamoDB provisioned capacity mode"'
const AUTO_SCALING =
  'DynamoDB developer guide, "Managing throughput capacity automatically with DynamoDB auto scaling"'
const BURST = 'DynamoDB developer guide, "Burst and adaptive capacity"'
const WARM = 'DynamoDB developer guide, "Understanding DynamoDB warm throughput"'
const NO_LATENCY =
  'assumed: single-digit milliseconds are documented, 10 to 20 ms in the 99th percentile are typical'

const MOST_UNITS = 10_000_000
const MOST_PARTITIONS = 10_000

const units = (what: string) => wholeNumber(what, 1, MOST_UNITS)

const tracking = (what: string) =>
  z
    .strictObject({
      target: share
        .refine((value) => value >= 0.2 && value <= 0.9, {
          error: 'a target utilization is 20% to 90%',
        })
        .prefault('70%')
        .meta({
          description: 'Share of the provisioned capacity that is to be consumed.',
          source: AUTO_SCALING,
        }),
      minCapacity: units('minCapacity').meta({ description: 'Units a second at least.' }),
      maxCapacity: units('maxCapacity').meta({ description: 'Units a second at most.' }),
    })
    .refine(({ minCapacity, maxCapacity }) => minCapacity <= maxCapacity, {
      error: 'maxCapacity is at least minCapacity',
      path: ['maxCapacity'],
    })
    .optional()
    .meta({ description: `Of its ${what}; left out: they stay as they are.` })

const keys = {
  billingMode: z.enum(['PROVISIONED', 'PAY_PER_REQUEST']).optional().meta({
    description: 'PROVISIONED: a capacity that is paid for. PAY_PER_REQUEST: on demand.',
    defaultText: 'PROVISIONED with provisionedThroughput, else PAY_PER_REQUEST',
    source: MODES,
  }),
  provisionedThroughput: z
    .strictObject({
      readCapacityUnits: units('readCapacityUnits').meta({
        description: 'Reads a second: strongly consistent ones of 4 KB, or twice as many eventual.',
      }),
      writeCapacityUnits: units('writeCapacityUnits').meta({
        description: 'Writes a second of 1 KB.',
      }),
    })
    .optional()
    .meta({
      description: 'The capacity of a PROVISIONED table; above 40,000 AWS has to raise a quota.',
      source: PROVISIONED,
    }),
  autoScaling: z
    .strictObject({
      readCapacityUnits: tracking('read capacity units'),
      writeCapacityUnits: tracking('write capacity units'),
    })
    .optional()
    .meta({
      description:
        'Target tracking of the provisioned capacity: more after 2 minutes over the target, less after 15 under it. Left out: none.',
      source: AUTO_SCALING,
    }),
  onDemandThroughput: z
    .strictObject({
      maxReadRequestUnits: units('maxReadRequestUnits').optional().meta({
        description: 'Read units a second at most; above 40,000 AWS has to raise a quota.',
        defaultText: '40,000',
      }),
      maxWriteRequestUnits: units('maxWriteRequestUnits').optional().meta({
        description: 'Write units a second at most; above 40,000 AWS has to raise a quota.',
        defaultText: '40,000',
      }),
    })
    .prefault({})
    .meta({ description: 'The most that a PAY_PER_REQUEST table takes.', source: ON_DEMAND }),
  warmThroughput: z
    .strictObject({
      readUnitsPerSecond: units('readUnitsPerSecond').optional().meta({
        description: 'Read units a second.',
        defaultText: '12,000, or what is provisioned',
      }),
      writeUnitsPerSecond: units('writeUnitsPerSecond').optional().meta({
        description: 'Write units a second.',
        defaultText: '4,000, or what is provisioned',
      }),
    })
    .prefault({})
    .meta({
      description:
        'What the table is prepared for at the start: what a PAY_PER_REQUEST table serves at once, and partitions enough for it.',
      source: WARM,
    }),
  partitions: wholeNumber('partitions', 1, MOST_PARTITIONS)
    .optional()
    .meta({
      description:
        'Partitions at the start at least; capacity that needs more brings more. Each gives 3,000 read and 1,000 write units a second.',
      defaultText:
        'one for each 3,000 read units and 1,000 write units of its capacity and warm throughput together',
      source: `assumed, from ${BURST}`,
    }),
  adaptiveCapacity: z.boolean().optional().meta({
    description:
      'Whether a busy partition may use what others leave; false: each has its even share of the provisioned capacity.',
    defaultText: 'true; false before platform 2019-05',
    source: BURST,
  }),
  latency: distributionSchema(duration)
    .prefault({ lognormal: { median: '4ms', p99: '15ms' } })
    .meta({
      description: 'How long it takes to answer a request: a distribution or a duration.',
      defaultText: '`{ lognormal: { median: 4ms, p99: 15ms } }`',
      source: NO_LATENCY,
    }),
  updateTime: positiveDuration.prefault('2m').meta({
    description:
      'How long UpdateTable takes to change provisioned capacity, by auto scaling or `set`.',
    source: 'assumed; "several minutes" (DynamoDB developer guide, "DynamoDB metrics")',
  }),
  growthTime: positiveDuration.prefault('30m').meta({
    description:
      'How old a peak of a PAY_PER_REQUEST table is before twice of it is served without throttles.',
    source: ON_DEMAND,
  }),
  streamShards: shardNumber('streamShards').prefault(1).meta({
    description: 'Shards of its change stream; about one for each partition of the table.',
    source: 'assumed; AWS chooses the number',
  }),
}

export const tableSchema = z.strictObject(keys).superRefine((config, context) => {
  const fault = (path: (string | number)[], message: string): void => {
    context.addIssue({ code: 'custom', path, message })
  }
  const { autoScaling, onDemandThroughput, provisionedThroughput } = config
  if (!isProvisioned(config)) {
    for (const key of ['provisionedThroughput', 'autoScaling'] as const) {
      if (config[key] === undefined) continue
      fault([key], `a PAY_PER_REQUEST table has no ${key} (AWS: ValidationException)`)
    }
    return
  }
  if (provisionedThroughput === undefined) {
    fault(['billingMode'], 'a PROVISIONED table needs provisionedThroughput')
  }
  if (Object.keys(onDemandThroughput).length > 0) {
    fault(['onDemandThroughput'], 'a PROVISIONED table has no onDemandThroughput')
  }
  for (const key of ['readCapacityUnits', 'writeCapacityUnits'] as const) {
    const [limits, capacity] = [autoScaling?.[key], provisionedThroughput?.[key]]
    if (limits === undefined || capacity === undefined) continue
    const { minCapacity, maxCapacity } = limits
    if (capacity >= minCapacity && capacity <= maxCapacity) continue
    const message = `${key} begins between minCapacity and maxCapacity, ${minCapacity} to ${maxCapacity}, not at ${capacity}`
    fault(['provisionedThroughput', key], message)
  }
})

export type TableConfig = z.output<typeof tableSchema>

export function isProvisioned({
  billingMode,
  provisionedThroughput,
}: Pick<TableConfig, 'billingMode' | 'provisionedThroughput'>): boolean {
  return (billingMode ?? (provisionedThroughput && 'PROVISIONED')) === 'PROVISIONED'
}

export function trackingOf(
  { autoScaling }: TableConfig,
  key: 'readCapacityUnits' | 'writeCapacityUnits',
): TrackingSettings | null {
  return autoScaling?.[key] ?? null
}
