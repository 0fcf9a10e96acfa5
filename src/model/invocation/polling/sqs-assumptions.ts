/** What AWS does not document of event source mappings that read queues. */
import { formatDuration } from '../../../kernel/time.ts'
import type { Assumption } from '../../compiled-scenario.ts'
import { backOffAlternatives, backOffBaseUs } from './poller-keys.ts'
import type { SqsConfig } from './sqs.ts'
import { minimumConcurrencyOf } from './sqs-scaling.ts'

export const SCALING =
  'Lambda developer guide, "Configuring scaling behavior for SQS event source mappings"'

const POLLER_RATES: Assumption = {
  id: 'sqs-poller-rates',
  statement:
    'The provisioned pollers of an SQS event share what they may receive, 10 polls and 1 MB a second each, and at once they receive as much as in one second; a poll that brings more makes the next one wait.',
  confidence: 'assumed',
  source: `${SCALING}; how evenly they receive is not documented`,
}

/** As many batches at once as any platform's pollers without a setting of their own may have. */
const MOST_ALWAYS = 1_000

export function sqsAssumptions(config: SqsConfig): Assumption[] {
  return [
    ...(config.provisionedPollerConfig === undefined ? [] : [POLLER_RATES]),
    {
      id: 'sqs-back-off',
      statement: `A throttled SQS batch is tried again after a random wait of up to ${formatDuration(backOffBaseUs(config.poller))}, doubling to ${formatDuration(config.poller.backOffCap)}, until its visibility timeout is over.`,
      confidence: 'assumed',
      source: 'AWS documents that it is tried again with back-off, and not how fast',
      alternatives: backOffAlternatives(config.poller, 'poller.'),
    },
    {
      id: 'sqs-slow-down',
      statement: `A throttle or an error halves how many SQS batches are polled at once, at most every 10s and not under ${minimumConcurrencyOf(config)}.`,
      confidence: 'assumed',
      source: 'AWS documents that polling slows down, and not how far',
      alternatives: [
        { label: 'down to one batch', minimum: 1 },
        { label: 'no slowing down', minimum: config.poller.maximumConcurrency ?? MOST_ALWAYS },
      ].flatMap(({ label, minimum }) =>
        minimum === minimumConcurrencyOf(config)
          ? []
          : [{ label, set: { 'poller.minimumConcurrency': minimum } }],
      ),
    },
  ]
}
