/** Amazon Kinesis Data Streams, Amazon DynamoDB and Amazon RDS Proxy. */
import { flat, type Price, type Prices } from '../price-list.ts'
import { GOLDEN_FILES } from './sources.ts'

const measured = (usd: string): Price => ({
  tiers: flat(usd),
  confidence: 'measured',
  source: GOLDEN_FILES,
})

/** Amazon DynamoDB halved the prices of on-demand tables (AWS, "What's New", 2024-11). */
const ON_DEMAND_HALVED = '2024-11'

export const dataPrices: Prices = {
  kinesisShards: [measured('0.015')],
  kinesisPutUnits: [measured('0.000000014')],
  kinesisFanOutShards: [measured('0.015')],
  kinesisFanOutData: [measured('0.013')],
  kinesisExtendedRetention: [measured('0.02')],
  kinesisOnDemandStreams: [measured('0.04')],
  kinesisOnDemandIn: [measured('0.08')],
  kinesisOnDemandOut: [measured('0.04')],
  kinesisOnDemandFanOut: [measured('0.05')],
  dynamoDbWrites: [{ ...measured('0.000000625'), since: ON_DEMAND_HALVED }, measured('0.00000125')],
  dynamoDbReads: [{ ...measured('0.000000125'), since: ON_DEMAND_HALVED }, measured('0.00000025')],
  dynamoDbWriteCapacity: [measured('0.00065')],
  dynamoDbReadCapacity: [measured('0.00013')],
  dynamoDbStreamReads: [measured('0.0000002')],
  rdsProxy: [{ tiers: flat('0.015'), confidence: 'assumed', source: 'no stored page has it' }],
}
