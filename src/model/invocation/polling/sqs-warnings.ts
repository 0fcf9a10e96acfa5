/** What AWS allows of a queue's event but advises against. */
import { formatDuration } from '../../../kernel/time.ts'
import { type PlatformMonth, platformMonth } from '../../compute/platform-timeline.ts'
import type { EdgeFunction } from '../../entry.ts'
import type { QueueConfig } from '../../resources/queue/queue-entry.ts'
import type { SqsConfig } from './sqs.ts'
import { scalingOf } from './sqs-scaling.ts'

export const MAXIMUM_CONCURRENCY_SINCE = platformMonth(2023, 1)

export function sqsWarnings(
  config: SqsConfig,
  { timeoutUs, reservedConcurrency }: EdgeFunction,
  queue: QueueConfig | undefined,
  platform: PlatformMonth,
): string[] {
  if (queue === undefined) return []
  const texts: string[] = []
  const advisedUs = 6 * timeoutUs + config.maximumBatchingWindow
  if (queue.visibilityTimeout < advisedUs) {
    texts.push(
      `the visibility timeout of ${config.queue} is ${formatDuration(queue.visibilityTimeout)}; AWS recommends six times the function timeout plus the batching window, ${formatDuration(advisedUs)}, so that throttled batches can be tried again`,
    )
  }
  if (reservedConcurrency === null) return texts
  const maxReceiveCount = queue.redrivePolicy?.maxReceiveCount
  if (maxReceiveCount !== undefined && maxReceiveCount < 5) {
    texts.push(
      `maxReceiveCount of ${config.queue} is ${maxReceiveCount}; with reserved concurrency AWS recommends at least 5, because throttled batches use up receives`,
    )
  }
  return [...texts, ...reservedWarnings(config, reservedConcurrency, platform)]
}

/** Polling does not know of the reserved concurrency of its function. */
function reservedWarnings(config: SqsConfig, reserved: number, platform: PlatformMonth): string[] {
  const { scalingConfig, provisionedPollerConfig } = config
  const { maximumConcurrency } = scalingConfig
  if (reserved === 0) {
    return [
      'reserved concurrency 0 switches the function off: what is received is throttled and uses up receives; enabled: false keeps it in the queue',
    ]
  }
  if (maximumConcurrency !== undefined) {
    if (maximumConcurrency <= reserved) return []
    return [
      `maximumConcurrency ${maximumConcurrency} is above the reserved concurrency ${reserved} of the function, so that batches are throttled and use up receives; AWS advises against it`,
    ]
  }
  const atFirst = scalingOf(config, platform).initialConcurrency
  if (reserved >= atFirst) return []
  const isCurable = provisionedPollerConfig === undefined && platform >= MAXIMUM_CONCURRENCY_SINCE
  const advice = isCurable ? '; set scalingConfig.maximumConcurrency' : ''
  return [
    `reserved concurrency ${reserved} is less than the ${atFirst} batches that polling starts with, so that throttled batches use up receives${advice}`,
  ]
}
