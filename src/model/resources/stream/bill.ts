/**
 * What a Kinesis stream is charged for. Storage beyond seven days is not: how much lies in a stream
 * is not part of the scenario. A Kafka topic has no price of its own.
 * Source: aws.amazon.com/kinesis/data-streams/pricing.
 */
import { MICROSECONDS_PER_DAY } from '../../../kernel/time.ts'
import type { Charge } from '../../pricing/charge.ts'
import type { Stream } from './stream.ts'

/** By the shard and hour. */
export function provisionedBill(retentionUs: number): readonly Charge<Stream>[] {
  const charges: Charge<Stream>[] = [
    { product: 'kinesisShards', amount: ({ meter }) => meter.openShards.total },
    { product: 'kinesisPutUnits', amount: ({ putUnits }) => putUnits },
    {
      product: 'kinesisFanOutShards',
      amount: ({ meter, fannedOutConsumers }) => meter.openShards.total * fannedOutConsumers,
    },
    { product: 'kinesisFanOutData', amount: (stream) => stream.bytesRead(true) },
  ]
  if (retentionUs <= MICROSECONDS_PER_DAY) return charges
  const extended = ({ meter }: Stream) => meter.openShards.total
  return [...charges, { product: 'kinesisExtendedRetention', amount: extended }]
}

/** By the stream, and by what goes in and out. */
export const ON_DEMAND_BILL: readonly Charge<Stream>[] = [
  { product: 'kinesisOnDemandStreams', amount: (_stream, { lengthUs }) => lengthUs },
  { product: 'kinesisOnDemandIn', amount: ({ meter }) => meter.bytes.total },
  { product: 'kinesisOnDemandOut', amount: (stream) => stream.bytesRead(false) },
  { product: 'kinesisOnDemandFanOut', amount: (stream) => stream.bytesRead(true) },
]
