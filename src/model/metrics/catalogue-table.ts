import type { MetricEntry } from './catalogue-entry.ts'

type Counted = Pick<MetricEntry, 'name' | 'shareOf' | 'help'>

const TABLE = { scopes: ['table'], cloudWatch: true } as const

/**
 * Of the requests to tables. Names and meanings of CloudWatch's: DynamoDB developer guide, "DynamoDB
 * metrics and dimensions" and "CloudWatch throttling metrics".
 */
export const TABLE_METRICS: readonly MetricEntry[] = [
  ...(
    [
      {
        name: 'ConsumedReadCapacityUnits',
        help: 'Read units that requests took; throttled ones take none. Divided by the seconds of a period they compare with what is provisioned.',
      },
      {
        name: 'ConsumedWriteCapacityUnits',
        help: 'Write units that requests took; throttled ones take none.',
      },
      {
        name: 'ReadThrottleEvents',
        shareOf: ['Calls'],
        help: 'Reads that were refused for want of capacity, of the table or of a partition.',
      },
      {
        name: 'WriteThrottleEvents',
        shareOf: ['Calls'],
        help: 'Writes that were refused for want of capacity, of the table or of a partition.',
      },
      {
        name: 'ReadKeyRangeThroughputThrottleEvents',
        help: 'Of the reads refused, those over what one partition gives, whatever the table has left.',
      },
      {
        name: 'WriteKeyRangeThroughputThrottleEvents',
        help: 'Of the writes refused, those over what one partition takes, whatever the table has left.',
      },
    ] satisfies readonly Counted[]
  ).map((entry): MetricEntry => ({ ...entry, ...TABLE, kind: 'counter', unit: 'count' })),
  {
    ...TABLE,
    name: 'ProvisionedReadCapacityUnits',
    kind: 'gauge',
    unit: 'count',
    help: 'Read units a second that a provisioned table has.',
  },
  {
    ...TABLE,
    name: 'ProvisionedWriteCapacityUnits',
    kind: 'gauge',
    unit: 'count',
    help: 'Write units a second that a provisioned table has.',
  },
  {
    ...TABLE,
    name: 'SuccessfulRequestLatency',
    kind: 'duration',
    unit: 'ms',
    help: 'From the start of a call to its answer, of calls that succeeded.',
  },
]
