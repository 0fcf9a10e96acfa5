import { type PlatformMonth, platformMonth } from '../../compute/platform-timeline.ts'
import type { SqsConfig } from './sqs.ts'
import type { ScalingSettings } from './sqs-settings.ts'

const FASTER_SINCE = platformMonth(2023, 11)
const CONCURRENCY_PER_POLLER = 10

/**
 * Source: Lambda developer guide, "Configuring scaling behavior for SQS event source mappings":
 * five batches, 300 more a minute, up to 1,250. Its edition of 2022: 60 more a minute, up to 1,000.
 * Provisioned mode: ten invocations per poller, 1,000 more a minute.
 */
export function scalingOf(
  { scalingConfig, provisionedPollerConfig, poller }: SqsConfig,
  platform: PlatformMonth,
): ScalingSettings {
  const base =
    provisionedPollerConfig === undefined
      ? sharedPollers(platform)
      : provisionedPollers(provisionedPollerConfig)
  return {
    initialConcurrency: poller.initialConcurrency ?? base.initialConcurrency,
    concurrencyPerMinute: poller.concurrencyPerMinute ?? base.concurrencyPerMinute,
    maximumConcurrency:
      scalingConfig.maximumConcurrency ?? poller.maximumConcurrency ?? base.maximumConcurrency,
    minimumConcurrency: poller.minimumConcurrency ?? base.minimumConcurrency,
    concurrencyPerPoller: base.concurrencyPerPoller,
  }
}

function sharedPollers(platform: PlatformMonth): ScalingSettings {
  const isFast = platform >= FASTER_SINCE
  return {
    initialConcurrency: 5,
    concurrencyPerMinute: isFast ? 300 : 60,
    maximumConcurrency: isFast ? 1_250 : 1_000,
    minimumConcurrency: 2,
    concurrencyPerPoller: null,
  }
}

function provisionedPollers({
  minimumPollers,
  maximumPollers,
}: NonNullable<SqsConfig['provisionedPollerConfig']>): ScalingSettings {
  const least = minimumPollers * CONCURRENCY_PER_POLLER
  return {
    initialConcurrency: least,
    concurrencyPerMinute: 1_000,
    maximumConcurrency: maximumPollers * CONCURRENCY_PER_POLLER,
    minimumConcurrency: least,
    concurrencyPerPoller: CONCURRENCY_PER_POLLER,
  }
}
