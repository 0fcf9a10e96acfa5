/**
 * What is sold, whatever it costs: how the bill calls it and in which unit it is counted. A region's
 * price list gives the prices.
 */

import { MICROSECONDS_PER_HOUR, MICROSECONDS_PER_MINUTE } from '../../kernel/time.ts'

/** One thing on a price list. */
export interface Product {
  /** In the column `item` of cost.csv. */
  readonly item: string
  /** In which its price is given, as cost.csv writes it. */
  readonly unit: string
  /** Whole amounts that a meter counts in one unit: milliseconds times MB in a GB-second. */
  readonly amountsPerUnit: number
  /**
   * Charged by the clock, whatever the traffic: where the run stands for a day, a month has it for
   * all of its hours. Left out: it grows with what the run stands for.
   */
  readonly isStanding?: boolean
}

/** Milliseconds x MB: a GB is 1,024 MB (Lambda pricing page). */
export const MB_MILLISECONDS_PER_GB_SECOND = 1_024_000
const MB_MICROSECONDS_PER_GB_SECOND = 1_024_000_000
const BYTES_PER_GB = 1_073_741_824
const MB_SECONDS_PER_GB_MONTH = 1_024 * 730 * 3_600

const requests = (item: string, unit = 'request'): Product => ({ item, unit, amountsPerUnit: 1 })
const gbSeconds = (item: string): Product => ({
  item,
  unit: 'GB-second',
  amountsPerUnit: MB_MILLISECONDS_PER_GB_SECOND,
})
const traffic = (item: string): Product => ({ item, unit: 'GB', amountsPerUnit: BYTES_PER_GB })
const hours = (item: string, unit: string): Product => ({
  item,
  unit,
  amountsPerUnit: MICROSECONDS_PER_HOUR,
  isStanding: true,
})
const configured = (item: string): Product => ({
  item,
  unit: 'GB-second',
  amountsPerUnit: MB_MICROSECONDS_PER_GB_SECOND,
  isStanding: true,
})

/** Amounts of hours are microseconds, of GB bytes, of a GB-second milliseconds or microseconds x MB. */
export const PRODUCTS = {
  lambdaRequests: requests('lambda-requests'),
  lambdaDurationX86: gbSeconds('lambda-duration-x86_64'),
  lambdaDurationArm: gbSeconds('lambda-duration-arm64'),
  lambdaProvisionedX86: configured('lambda-provisioned-concurrency-x86_64'),
  lambdaProvisionedArm: configured('lambda-provisioned-concurrency-arm64'),
  lambdaProvisionedDurationX86: gbSeconds('lambda-provisioned-duration-x86_64'),
  lambdaProvisionedDurationArm: gbSeconds('lambda-provisioned-duration-arm64'),
  lambdaEphemeralStorage: gbSeconds('lambda-ephemeral-storage'),
  lambdaSnapStartCache: configured('lambda-snapstart-cache'),
  lambdaSnapStartRestore: { item: 'lambda-snapstart-restore', unit: 'GB', amountsPerUnit: 1_024 },
  lambdaTenantEnvironments: {
    item: 'lambda-tenant-environments',
    unit: 'GB',
    amountsPerUnit: 1_024,
  },
  lambdaResponseStreaming: traffic('lambda-response-streaming'),
  lambdaSqsPollers: hours('lambda-sqs-event-pollers', 'poller-hour'),
  lambdaKafkaPollers: hours('lambda-kafka-event-pollers', 'unit-hour'),
  lambdaManagedInstanceRequests: requests('lambda-managed-instance-requests'),
  lambdaManagedInstanceM7gXlarge: hours('lambda-managed-instance-m7g.xlarge', 'hour'),
  lambdaManagedInstanceM7gLarge: hours('lambda-managed-instance-m7g.large', 'hour'),
  lambdaManagedInstanceC7gLarge: hours('lambda-managed-instance-c7g.large', 'hour'),
  lambdaManagedInstanceFeeM7gXlarge: hours('lambda-managed-instance-fee-m7g.xlarge', 'hour'),
  lambdaManagedInstanceFeeM7gLarge: hours('lambda-managed-instance-fee-m7g.large', 'hour'),
  lambdaManagedInstanceFeeC7gLarge: hours('lambda-managed-instance-fee-c7g.large', 'hour'),
  lambdaDurableOperations: requests('lambda-durable-operations', 'operation'),
  lambdaDurableData: traffic('lambda-durable-data-written'),
  lambdaDurableStorage: {
    item: 'lambda-durable-storage',
    unit: 'GB-month',
    amountsPerUnit: MB_SECONDS_PER_GB_MONTH,
  },
  restApiRequests: requests('rest-api-requests'),
  httpApiRequests: requests('http-api-requests'),
  webSocketMessages: requests('websocket-api-messages', 'message'),
  webSocketConnections: {
    item: 'websocket-api-connections',
    unit: 'connection-minute',
    amountsPerUnit: MICROSECONDS_PER_MINUTE,
  },
  albHours: hours('alb-hours', 'hour'),
  albCapacity: { item: 'alb-capacity', unit: 'LCU-hour', amountsPerUnit: MICROSECONDS_PER_HOUR },
  sqsRequests: requests('sqs-requests'),
  sqsFifoRequests: requests('sqs-fifo-requests'),
  snsRequests: requests('sns-requests'),
  snsFifoRequests: requests('sns-fifo-requests'),
  snsFifoData: traffic('sns-fifo-data'),
  snsFifoDeliveries: requests('sns-fifo-deliveries', 'delivery'),
  snsFifoDeliveryData: traffic('sns-fifo-delivery-data'),
  eventBridgeEvents: requests('eventbridge-events', 'event'),
  eventBridgeScheduler: requests('eventbridge-scheduler-invocations', 'invocation'),
  eventBridgePipes: requests('eventbridge-pipes-requests'),
  kinesisShards: hours('kinesis-shards', 'shard-hour'),
  kinesisPutUnits: requests('kinesis-put-units', 'put-unit'),
  kinesisFanOutShards: hours('kinesis-fan-out-shards', 'consumer-shard-hour'),
  kinesisFanOutData: traffic('kinesis-fan-out-data'),
  kinesisExtendedRetention: hours('kinesis-extended-retention', 'shard-hour'),
  kinesisOnDemandStreams: hours('kinesis-on-demand-streams', 'stream-hour'),
  kinesisOnDemandIn: traffic('kinesis-on-demand-data-in'),
  kinesisOnDemandOut: traffic('kinesis-on-demand-data-out'),
  kinesisOnDemandFanOut: traffic('kinesis-on-demand-fan-out-data'),
  dynamoDbWrites: requests('dynamodb-write-request-units', 'write-request-unit'),
  // In halves: an eventually consistent read of 4 KB is half a unit.
  dynamoDbReads: {
    item: 'dynamodb-read-request-units',
    unit: 'read-request-unit',
    amountsPerUnit: 2,
  },
  dynamoDbWriteCapacity: hours('dynamodb-write-capacity', 'write-capacity-unit-hour'),
  dynamoDbReadCapacity: hours('dynamodb-read-capacity', 'read-capacity-unit-hour'),
  dynamoDbStreamReads: requests('dynamodb-stream-reads', 'read-request'),
  stepFunctionsTransitions: requests('step-functions-transitions', 'transition'),
  stepFunctionsExpressRequests: requests('step-functions-express-requests'),
  stepFunctionsExpressDuration: gbSeconds('step-functions-express-duration'),
  natGatewayHours: hours('nat-gateway-hours', 'hour'),
  natGatewayData: traffic('nat-gateway-data'),
  rdsProxy: hours('rds-proxy', 'vcpu-hour'),
  cloudWatchLogs: traffic('cloudwatch-logs'),
} as const satisfies Record<string, Product>

export type ProductId = keyof typeof PRODUCTS

export function productOf(id: ProductId): Product {
  return PRODUCTS[id]
}
