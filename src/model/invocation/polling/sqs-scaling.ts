import { MICROSECONDS_PER_SECOND } from '../../../kernel/time.ts'
import { type PlatformMonth, platformMonth } from '../../compute/platform-timeline.ts'
import type { Fault, PollingCapacity } from '../../entry.ts'
import type { SqsConfig } from './sqs.ts'
import { POLLS_PER_SECOND } from './sqs-poller-rates.ts'
import type { ScalingSettings } from './sqs-settings.ts'

/** Of one ReceiveMessage: a larger batch has to be collected. */
export const BATCH_WITHOUT_WINDOW = 10

const FASTER_SINCE = platformMonth(2023, 11)
const CONCURRENCY_PER_POLLER = 10
/** When traffic is low AWS goes down to 2; that throttles leave as many is assumed. */
const LEAST_CONCURRENCY = 2

/**
 * Source: Lambda developer guide, "Configuring scaling behavior for SQS event source mappings":
 * five batches, 300 more a minute, up to 1,250. Its edition of 2022: 60 more a minute, up to 1,000.
 * Provisioned mode: ten invocations per poller, 1,000 more a minute.
 */
export function scalingOf(config: SqsConfig, platform: PlatformMonth): ScalingSettings {
  const { scalingConfig, provisionedPollerConfig, poller } = config
  const base =
    provisionedPollerConfig === undefined
      ? sharedPollers(platform)
      : provisionedPollers(provisionedPollerConfig)
  return {
    initialConcurrency: poller.initialConcurrency ?? base.initialConcurrency,
    concurrencyPerMinute: poller.concurrencyPerMinute ?? base.concurrencyPerMinute,
    maximumConcurrency:
      scalingConfig.maximumConcurrency ?? poller.maximumConcurrency ?? base.maximumConcurrency,
    minimumConcurrency: minimumConcurrencyOf(config),
    concurrencyPerPoller: base.concurrencyPerPoller,
  }
}

/** What throttles and errors leave. */
export function minimumConcurrencyOf({ provisionedPollerConfig, poller }: SqsConfig): number {
  const { minimumConcurrency } = poller
  if (minimumConcurrency !== undefined) return minimumConcurrency
  return provisionedPollerConfig === undefined
    ? LEAST_CONCURRENCY
    : provisionedPollerConfig.minimumPollers * CONCURRENCY_PER_POLLER
}

/** What polling can do at once; without a window a batch is what one receive returned. */
export function capacityOf(config: SqsConfig, platform: PlatformMonth): PollingCapacity {
  const { batchSize, maximumBatchingWindow, enabled } = config
  const collects = maximumBatchingWindow > 0
  return {
    mostConcurrent: scalingOf(config, platform).maximumConcurrency,
    batchSize: collects ? batchSize : Math.min(batchSize, BATCH_WITHOUT_WINDOW),
    // Only one batch collects at a time.
    partialBatchesPerSecond: collects
      ? MICROSECONDS_PER_SECOND / maximumBatchingWindow
      : Number.POSITIVE_INFINITY,
    ...(config.provisionedPollerConfig === undefined
      ? {}
      : {
          receivesPerSecond: POLLS_PER_SECOND * config.provisionedPollerConfig.maximumPollers,
        }),
    isEnabled: enabled,
  }
}

/** Where what is written of the number of batches at once contradicts itself. */
export function concurrencyFaults(config: SqsConfig, platform: PlatformMonth): Fault[] {
  const { scalingConfig, provisionedPollerConfig, poller } = config
  const most = (of: SqsConfig) => ({
    key: 'the most batches at once',
    value: scalingOf(of, platform).maximumConcurrency,
  })
  // A high minimum says that throttles slow nothing down, whatever a user allows at once.
  const withoutScaling = { ...config, scalingConfig: {} }
  const faults = [
    faultAbove(['poller', 'initialConcurrency'], poller.initialConcurrency, most(config)),
    faultAbove(['poller', 'minimumConcurrency'], poller.minimumConcurrency, most(withoutScaling)),
    faultAbove(['scalingConfig', 'maximumConcurrency'], scalingConfig.maximumConcurrency, {
      key: 'poller.maximumConcurrency',
      value: poller.maximumConcurrency,
    }),
    faultAbove(['poller', 'maximumConcurrency'], poller.maximumConcurrency, {
      key: `${CONCURRENCY_PER_POLLER} for each of maximumPollers`,
      value:
        provisionedPollerConfig && provisionedPollerConfig.maximumPollers * CONCURRENCY_PER_POLLER,
    }),
  ]
  return faults.filter((one) => one !== undefined)
}

function faultAbove(
  path: readonly string[],
  value: number | undefined,
  limit: { readonly key: string; readonly value: number | undefined },
): Fault | undefined {
  if (value === undefined || limit.value === undefined || value <= limit.value) return undefined
  return { path, message: `${path.at(-1)} ${value} is above ${limit.key} (${limit.value})` }
}

type PollerScaling = Omit<ScalingSettings, 'minimumConcurrency'>

function sharedPollers(platform: PlatformMonth): PollerScaling {
  const isFast = platform >= FASTER_SINCE
  return {
    initialConcurrency: 5,
    concurrencyPerMinute: isFast ? 300 : 60,
    maximumConcurrency: isFast ? 1_250 : 1_000,
    concurrencyPerPoller: null,
  }
}

function provisionedPollers({
  minimumPollers,
  maximumPollers,
}: NonNullable<SqsConfig['provisionedPollerConfig']>): PollerScaling {
  return {
    initialConcurrency: minimumPollers * CONCURRENCY_PER_POLLER,
    concurrencyPerMinute: 1_000,
    maximumConcurrency: maximumPollers * CONCURRENCY_PER_POLLER,
    concurrencyPerPoller: CONCURRENCY_PER_POLLER,
  }
}
