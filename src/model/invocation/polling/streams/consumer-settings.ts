import type { FilterSettings } from '../../../messages/filter.ts'

/** What an event source mapping of a stream is configured with, whichever the stream. */
export interface ConsumerSettings {
  readonly batchSize: number
  readonly batchingWindowUs: number
  readonly parallelizationFactor: number
  readonly readsInitialRecords: boolean
  /** Infinity: any age. */
  readonly maximumRecordAgeUs: number
  /** Infinity: without end. */
  readonly maximumRetryAttempts: number
  readonly bisects: boolean
  /** 0: none. */
  readonly tumblingWindowUs: number
  readonly reportsItemFailures: boolean
  /** A reference, or null. */
  readonly onFailure: string | null
  readonly filter: FilterSettings | null
  readonly isEnabled: boolean
  readonly backOffBaseUs: number
  readonly backOffCapUs: number
}

/** How a kind of stream is polled. */
export interface PollingTraits {
  /** While a shard has nothing new, it is asked at this interval. */
  readonly pollIntervalUs: number
  /** Pushed this long after it was put, by a throughput of the consumer's own; null: polled. */
  readonly pushDelayUs: number | null
  /** Whether a batching window begins with the first record, or when the last invocation ended. */
  readonly windowBeginsWithRecord: boolean
  /** Its metrics are of offsets, not of iterators. */
  readonly hasOffsets: boolean
  /** null: every shard is served by itself. */
  readonly pollers: PollerSettings | null
}

/** The pollers that share the partitions of a Kafka topic. */
export interface PollerSettings {
  readonly isProvisioned: boolean
  readonly minimum: number
  readonly maximum: number
  readonly batchesPerPoller: number
  readonly bytesPerSecondPerPoller: number
  readonly growthFactor: number
}
