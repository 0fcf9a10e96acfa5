import type { FilterSettings } from '../../messages/filter.ts'

/** How one event source mapping reads its queue: plain values, defaults applied. */
export interface SqsSettings {
  readonly batchSize: number
  readonly batchingWindowUs: number
  /** Whether the function names the messages on which it failed. */
  readonly reportsItemFailures: boolean
  readonly filter: FilterSettings | null
  readonly isEnabled: boolean
  readonly scaling: ScalingSettings
  readonly backOffBaseUs: number
  readonly backOffCapUs: number
}

/** How many batches at once, and how fast that changes. */
export interface ScalingSettings {
  readonly initialConcurrency: number
  readonly concurrencyPerMinute: number
  readonly maximumConcurrency: number
  /** What throttles and errors leave. */
  readonly minimumConcurrency: number
  /** In provisioned mode, concurrency of one poller; else null. */
  readonly concurrencyPerPoller: number | null
}

export interface SqsPollerOptions {
  /** FUNCTION.EVENT. */
  readonly name: string
  readonly path: string
  readonly queue: string
  readonly config: unknown
  /** What a configuration means. */
  readonly read: (config: unknown) => SqsSettings
}
