import { MICROSECONDS_PER_SECOND } from '../../../kernel/time.ts'
import type { Assumption } from '../../compiled-scenario.ts'
import type { BilledRun, Charge } from '../../pricing/charge.ts'
import { SCALING } from './sqs-assumptions.ts'
import type { SqsPoller } from './sqs-poller.ts'

/** The longest that ReceiveMessage waits (Amazon SQS developer guide, "Amazon SQS message quotas"). */
const LONG_POLL_US = 20 * MICROSECONDS_PER_SECOND

const EMPTY_RECEIVES: Assumption = {
  id: 'sqs-empty-receives',
  statement:
    'Pollers of an SQS event that work on no batch ask the queue again every 20s, and each time is a billed request. A wait that a message ends is billed as the part of 20s that it took.',
  confidence: 'assumed',
  source: `${SCALING}; that they wait in long polls is documented, how many of them ask an empty queue is not`,
}

/** What an event source mapping is charged for: the queue has the receives that bring messages. */
export function sqsBill(isFifo: boolean, isProvisioned: boolean): readonly Charge<SqsPoller>[] {
  const emptyReceives: Charge<SqsPoller> = {
    product: isFifo ? 'sqsFifoRequests' : 'sqsRequests',
    line: { item: 'sqs-empty-receives', isStanding: true },
    amount: ({ meter }, { lengthUs }: BilledRun) =>
      Math.floor(meter.idleTotal(lengthUs) / LONG_POLL_US),
    assumption: EMPTY_RECEIVES,
  }
  if (!isProvisioned) return [emptyReceives]
  return [
    emptyReceives,
    { product: 'lambdaSqsPollers', amount: ({ meter }) => meter.pollers!.total },
  ]
}
