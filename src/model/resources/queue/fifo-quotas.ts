/** Calls per second of one API action without high throughput. */
const CALLS_PER_SECOND = 300

/** High throughput by region, calls per second of one action without batching. */
const HIGH_THROUGHPUT: Readonly<Record<string, number>> = {
  'us-east-1': 70_000,
  'us-west-2': 70_000,
  'eu-west-1': 70_000,
  'us-east-2': 19_000,
  'eu-central-1': 19_000,
  'ap-south-1': 9_000,
  'ap-southeast-1': 9_000,
  'ap-southeast-2': 9_000,
  'ap-northeast-1': 9_000,
  'eu-west-2': 4_500,
  'sa-east-1': 4_500,
}
const HIGH_THROUGHPUT_ELSEWHERE = 2_400

/**
 * With high throughput, of one message group: its messages lie in one partition, and each partition
 * answers so many calls per second of an action.
 * Source: Amazon SQS developer guide, "High throughput for FIFO queues", "Optimizing partition
 * utilization": 300 messages per second, 3,000 with batching.
 */
export const GROUP_CALLS_PER_SECOND = 300

/** Source: Amazon SQS developer guide, "FIFO queue quotas" and "Message quotas". */
export function fifoCallsPerSecond(region: string, isHighThroughput: boolean): number {
  if (!isHighThroughput) return CALLS_PER_SECOND
  return HIGH_THROUGHPUT[region] ?? HIGH_THROUGHPUT_ELSEWHERE
}
