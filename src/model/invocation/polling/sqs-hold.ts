import type { Hold } from '../../part.ts'
import type { Queue } from '../../resources/queue/queue.ts'
import type { ConcurrencyTarget } from './concurrency-target.ts'
import type { SqsSettings } from './sqs-settings.ts'

/** Function errors, as a cause that holds a backlog. */
export const ERRORS = 'errors'

/** The most that scalingConfig.maximumConcurrency may be. */
const MOST_CONFIGURABLE = 1_000

/** How an event source mapping stands to its queue. */
export interface SqsState {
  readonly path: string
  readonly functionName: string
  readonly queue: Queue
  readonly isReading: boolean
  /** Batches that it works on. */
  readonly busy: number
  /** Of these, the ones that were refused and wait to be tried again. */
  readonly backingOff: number
  readonly settings: SqsSettings
  readonly target: ConcurrencyTarget
}

/** Why an event source mapping does not receive more; null: it could. */
export function sqsHold(state: SqsState): Hold | null {
  const { path, queue, isReading, busy, settings, target } = state
  if (!isReading) return { cause: 'disabled', at: path }
  if (queue.inFlightCount >= queue.settings.inFlightLimit)
    return { cause: 'in-flight-limit', at: queue.path }
  if (queue.visibleCount === 0) {
    // More than its batches hold: what failed or was refused waits to become visible.
    const isFailing = queue.inFlightCount > busy * settings.batchSize
    return isFailing ? slowed(state, ERRORS) : null
  }
  if (!queue.hasNext) return { cause: 'message-groups', at: queue.path }
  if (busy >= target.places) return placesHold(state)
  return { cause: 'receive-rate', at: queue.path }
}

/** Every place is taken. */
function placesHold(state: SqsState): Hold {
  const { path, settings, target, backingOff } = state
  const { places, slowedBy } = target
  const { scaling } = settings
  const mayGrow = places < scaling.maximumConcurrency
  if (slowedBy !== null && (backingOff > 0 || mayGrow)) return slowed(state, slowedBy)
  if (mayGrow) return { cause: 'polling-growth', at: path }
  if (scaling.concurrencyPerPoller !== null) return { cause: 'maximum-pollers', at: path }
  const isConfigurable = places < MOST_CONFIGURABLE
  return { cause: isConfigurable ? 'maximum-concurrency' : 'shared-pollers', at: path }
}

function slowed({ functionName, target }: SqsState, cause: string): Hold {
  return { cause: target.slowedBy ?? cause, at: `functions.${functionName}` }
}
