/**
 * DynamoDB tables: capacity, partitions, and a stream of changes.
 * Sources: DynamoDB developer guide, "DynamoDB throughput capacity", "Burst and adaptive capacity"
 * and "Change data capture for DynamoDB Streams".
 */
import { MICROSECONDS_PER_DAY } from '../../../kernel/time.ts'
import { type PlatformMonth, platformMonth } from '../../compute/platform-timeline.ts'
import { createDistribution } from '../../distributions/index.ts'
import { DISTURBANCES } from '../../downstream/disturbances.ts'
import type { CallLimit, ResourceEntry } from '../../entry.ts'
import type { Charge } from '../../pricing/charge.ts'
import { type InitialRecordsConfig, initialRecords, initialRecordsSchema } from '../stream/entry.ts'
import { tableAssumptions } from './assumptions.ts'
import { type CapacitySettings, partitionsFor, type UnitSettings } from './capacity.ts'
import { isProvisioned, type TableConfig, tableSchema, trackingOf } from './schema.ts'
import { Table } from './table.ts'
import { PROVISIONED_METRICS, REQUEST_METRICS } from './table-meter.ts'

/** DynamoDB developer guide: records of the last 24 hours are available. */
export const TABLE_RETENTION_US = MICROSECONDS_PER_DAY

/** What a new on-demand table serves at once. */
const FIRST_READS = 12_000
const FIRST_WRITES = 4_000
/** DynamoDB developer guide, "Quotas": of one table. */
const TABLE_QUOTA = 40_000

/** "Instant adaptive capacity" (AWS database blog, May 2019). */
const ADAPTIVE_SINCE = platformMonth(2019, 5)

const STREAM_METRICS = [
  'IncomingRecords',
  'IncomingBytes',
  'OpenShards',
  'EndToEndLatency',
  'DeliveryLoss',
]

/** A read unit is counted by halves. */
const ON_DEMAND_BILL: readonly Charge<Table>[] = [
  { product: 'dynamoDbWrites', amount: ({ capacity }) => capacity.consumed('writes') },
  { product: 'dynamoDbReads', amount: ({ capacity }) => 2 * capacity.consumed('reads') },
]

const PROVISIONED_BILL: readonly Charge<Table>[] = [
  { product: 'dynamoDbWriteCapacity', amount: ({ capacity }) => capacity.provisionedUs('writes') },
  { product: 'dynamoDbReadCapacity', amount: ({ capacity }) => capacity.provisionedUs('reads') },
]

function capacityOf(config: TableConfig, platform: PlatformMonth): CapacitySettings {
  const { warmThroughput, provisionedThroughput, onDemandThroughput } = config
  const mostReads = onDemandThroughput.maxReadRequestUnits ?? TABLE_QUOTA
  const mostWrites = onDemandThroughput.maxWriteRequestUnits ?? TABLE_QUOTA
  const warmReads = warmThroughput.readUnitsPerSecond ?? 0
  const warmWrites = warmThroughput.writeUnitsPerSecond ?? 0
  const reads =
    provisionedThroughput?.readCapacityUnits ??
    Math.min(mostReads, Math.max(FIRST_READS, warmReads))
  const writes =
    provisionedThroughput?.writeCapacityUnits ??
    Math.min(mostWrites, Math.max(FIRST_WRITES, warmWrites))
  return {
    isProvisioned: isProvisioned(config),
    reads: {
      perSecond: reads,
      mostPerSecond: mostReads,
      tracking: trackingOf(config, 'readCapacityUnits'),
    },
    writes: {
      perSecond: writes,
      mostPerSecond: mostWrites,
      tracking: trackingOf(config, 'writeCapacityUnits'),
    },
    partitions: config.partitions ?? partitionsFor(warmReads, warmWrites),
    isAdaptive: config.adaptiveCapacity ?? platform >= ADAPTIVE_SINCE,
    updateTimeUs: config.updateTime,
    growthTimeUs: config.growthTime,
  }
}

/** As much as auto scaling, or on-demand capacity, grows to at most. */
function unitLimits({ isProvisioned: isFixed, reads, writes }: CapacitySettings): CallLimit[] {
  const what = isFixed ? 'capacity' : 'throughput'
  const limitOf = (isWrite: boolean, units: UnitSettings): CallLimit => ({
    limit: `${isWrite ? 'write' : 'read'} ${what}`,
    unit: 'units/s',
    allowed: isFixed ? (units.tracking?.maxCapacity ?? units.perSecond) : units.mostPerSecond,
    perCall: ({ access }) => (access?.isWrite === isWrite ? access.units : 0),
    effect: 'is refused',
  })
  return [limitOf(false, reads), limitOf(true, writes)]
}

/** Quotas are only the default ones, so that more is no fault. */
function quotaWarnings({
  provisionedThroughput = { readCapacityUnits: 0, writeCapacityUnits: 0 },
  onDemandThroughput: { maxReadRequestUnits = 0, maxWriteRequestUnits = 0 },
}: TableConfig): readonly string[] {
  const { readCapacityUnits, writeCapacityUnits } = provisionedThroughput
  const above = Object.entries({
    readCapacityUnits,
    writeCapacityUnits,
    maxReadRequestUnits,
    maxWriteRequestUnits,
  }).filter(([, value]) => value > TABLE_QUOTA)
  return above.map(
    ([key]) => `${key} is above the quota of 40,000 that a table has until AWS raises it`,
  )
}

export const table: ResourceEntry<TableConfig, InitialRecordsConfig> = {
  section: 'tables',
  scope: 'table',
  summary: 'A DynamoDB table: its capacity, and a stream of its changes.',
  schema: tableSchema,
  assumptions: tableAssumptions,
  warnings: (_name, config) => quotaWarnings(config),
  metrics: (config) => [
    ...STREAM_METRICS,
    ...REQUEST_METRICS,
    ...(isProvisioned(config) ? PROVISIONED_METRICS : []),
  ],
  settable: ['provisionedThroughput.readCapacityUnits', 'provisionedThroughput.writeCapacityUnits'],
  // UpdateTable could change the billing mode; a run has one.
  settableFault: (name, config) =>
    isProvisioned(config)
      ? undefined
      : `${name} is a PAY_PER_REQUEST table and stays one during a run: it has no provisionedThroughput`,
  commands: DISTURBANCES,
  callPhases: () => ['service'],
  callLimits: (config, { platform }) => unitLimits(capacityOf(config, platform)),
  expectedAnswer: (config) => ({
    meanAnswerUs: createDistribution(config.latency).mean,
    errorRate: 0,
  }),
  // Lambda reads change streams free of charge.
  bill: (config) => (isProvisioned(config) ? PROVISIONED_BILL : ON_DEMAND_BILL),
  initialSchema: initialRecordsSchema,
  create: (name, config, initial, world) =>
    new Table(
      {
        name,
        streamShards: config.streamShards,
        retentionUs: TABLE_RETENTION_US,
        latency: createDistribution(config.latency),
        capacity: capacityOf(config, world.settings.platform),
      },
      initialRecords(initial),
      world,
    ),
}
