/**
 * Kafka topics on Amazon MSK or elsewhere.
 * Source: Apache Kafka documentation, "Topic configs" and "Modifying topics".
 */
import { MICROSECONDS_PER_HOUR } from '../../../../kernel/time.ts'
import { size } from '../../../units.ts'
import { type StreamKind, shardNumber } from './kind.ts'

const SOURCE = 'Apache Kafka documentation, "Topic configs"'
const LARGEST_MESSAGE_BYTES = 1_048_588

interface KafkaConfig {
  readonly partitions?: number | undefined
  readonly maxMessageBytes?: number | undefined
}

function partitionsOf({ partitions }: KafkaConfig): number {
  return partitions ?? 1
}

export const kafka: StreamKind<KafkaConfig> = {
  kind: 'kafka',
  summary: 'a topic, on Amazon MSK or elsewhere',
  keys: {
    partitions: shardNumber('partitions').optional().meta({
      description: 'Partitions of a Kafka topic.',
      defaultText: '1',
      source: SOURCE,
    }),
    maxMessageBytes: size.optional().meta({
      description: 'The largest message of a Kafka topic.',
      defaultText: `${LARGEST_MESSAGE_BYTES}B`,
      source: SOURCE,
    }),
  },
  synonyms: { shardCount: 'partitions' },
  eventType: 'msk',
  defaultRetentionUs: 168 * MICROSECONDS_PER_HOUR,
  isLimited: false,
  shardsOf: partitionsOf,
  largestRecordBytes: ({ maxMessageBytes }) => maxMessageBytes ?? LARGEST_MESSAGE_BYTES,
  reshardFault: (name, config, shardCount) => {
    const partitions = partitionsOf(config)
    if (shardCount >= partitions) return undefined
    return `a Kafka topic never has fewer partitions than before: ${name} has ${partitions} (Kafka answers InvalidPartitionsException)`
  },
}
