/**
 * What a person is told about what holds a backlog: its name, and the setting that would let more
 * through. Throttles have their own list.
 */
import type { Scope } from '../../model/metrics/catalogue-entry.ts'
import type { Hold } from '../../model/part.ts'
import { throttleCause } from './throttle-causes.ts'

interface HoldExplanation {
  /** Completes "It is held by ...". */
  readonly label: string
  /** Completes "It would take ..."; `at` is the path of what has the setting. */
  readonly cure: (at: string) => string
}

const SHORTER = 'larger batches, or a shorter handler.duration'

const HOLDS: Readonly<Record<string, HoldExplanation>> = {
  disabled: {
    label: 'its reader, which is disabled',
    cure: (at) => `${at} enabled: enabled: true, or \`enable\` in the timeline.`,
  },
  'message-groups': {
    label: 'its message groups: of each only one batch is in flight at a time',
    cure: () =>
      'more message groups (`keys` of what is sent), or a shorter handler.duration; more concurrency does not help.',
  },
  'group-rate': {
    label: 'the call rate of each message group: 300 a second',
    cure: () =>
      'more message groups (`keys` of what is sent), or larger batches; more concurrency does not help.',
  },
  'receive-rate': {
    label: 'the call rate of a FIFO queue',
    cure: (at) => `${at}.fifoThroughputLimit: perMessageGroupId, or larger batches.`,
  },
  'in-flight-limit': {
    label: 'the limit of messages in flight of a queue',
    cure: () =>
      'fewer messages in flight: a shorter handler.duration, fewer failures, or a shorter visibilityTimeout.',
  },
  'maximum-concurrency': {
    label: 'the maximum concurrency of its event source mapping',
    cure: (at) => `a higher ${at}.scalingConfig.maximumConcurrency, ${SHORTER}.`,
  },
  'shared-pollers': {
    label: 'the most that an event source mapping without provisioned pollers does at once',
    cure: (at) => `${at}.provisionedPollerConfig, ${SHORTER}.`,
  },
  'maximum-pollers': {
    label: 'its pollers, which are all busy',
    cure: (at) => `a higher ${at}.provisionedPollerConfig.maximumPollers, ${SHORTER}.`,
  },
  'poller-calls': {
    label: 'what its pollers may receive: 10 calls a second each',
    cure: (at) =>
      `a higher ${at}.provisionedPollerConfig.maximumPollers, or more messages in each batch.`,
  },
  'poller-payload': {
    label: 'what its pollers may receive: 1 MB a second each',
    cure: (at) => `a higher ${at}.provisionedPollerConfig.maximumPollers, or smaller messages.`,
  },
  'polling-growth': {
    label: 'polling that still grows',
    cure: (at) =>
      `time for it to grow, or ${at}.provisionedPollerConfig with enough minimumPollers.`,
  },
  parallelization: {
    label: 'the order within each shard: of each one batch is in flight at a time',
    cure: (at) => `a higher ${at}.parallelizationFactor, more shards, ${SHORTER}.`,
  },
  'shard-order': {
    label: 'the order within each shard, with as many batches at once as it may have',
    cure: () => `more shards, keys that spread more evenly over them, ${SHORTER}.`,
  },
  'partition-order': {
    label: 'the order within each partition: of each one batch is in flight at a time',
    cure: () => `more partitions, keys that spread more evenly over them, ${SHORTER}.`,
  },
  'failing-batch': {
    label: 'batches that fail and block what is behind them',
    cure: (at) =>
      `fewer failures, or ${at}.bisectBatchOnFunctionError with maximumRetryAttempts or maximumRecordAge, which let it go on.`,
  },
  'read-limit': {
    label: 'the read limit of a shard: 2 MB and 5 calls a second for all that poll it',
    cure: (at) => `more shards, ${at}.enhancedFanOut, or fewer readers.`,
  },
  errors: {
    label: 'failures, after which things are tried again later and polling slows down',
    cure: (at) => `fewer failures of ${nameOf(at)}.`,
  },
  'state-transitions': {
    label: 'the token bucket of state transitions that all Standard workflows share',
    cure: (at) =>
      `a higher ${at}.refillRate (a quota increase), fewer states, or Express workflows.`,
  },
  outage: {
    label: 'an outage of its asynchronous endpoint',
    cure: (at) => `an end of the eventOutage of ${nameOf(at)}.`,
  },
}

/** What binds, as a noun; of a cause of throttles as throttles are told. */
export function holdLabel({ cause, at }: Hold): string {
  const known = HOLDS[cause]
  if (known !== undefined) return known.label
  return `the ${throttleCause(cause).label} of ${nameOf(at)}`
}

/** Completes "It would take ...", for what waits in a place of this scope. */
export function holdCure({ cause, at }: Hold, scope: Scope): string {
  const known = HOLDS[cause]
  if (known === undefined) return throttleCause(cause).cure(nameOf(at))
  // How many shards the stream of a table has is not up to its owner.
  return scope === 'table' ? known.cure(at).replace('more shards, ', '') : known.cure(at)
}

function nameOf(path: string): string {
  return path.replace(/^functions\./, '')
}
