import type { Qualifier } from '../../compute/lambda-function.ts'
import type { Hold } from '../../part.ts'
import type { Queue } from '../../resources/queue/queue.ts'
import type { ConcurrencyTarget } from './concurrency-target.ts'
import type { PollerRates } from './sqs-poller-rates.ts'
import type { SqsSettings } from './sqs-settings.ts'

/** Function errors, as a cause that holds a backlog. */
export const ERRORS = 'errors'

/** The most that scalingConfig.maximumConcurrency may be. */
const MOST_CONFIGURABLE = 1_000

/** How an event source mapping stands to its queue. */
export interface SqsState {
  readonly path: string
  readonly qualifier: Qualifier
  readonly queue: Queue
  readonly isReading: boolean
  /** Batches that it works on. */
  readonly busy: number
  /** Of these, the ones that were refused and wait to be tried again. */
  readonly backingOff: number
  /** How fast it may receive; null without provisioned mode. */
  readonly rates: PollerRates | null
  readonly settings: SqsSettings
  readonly target: ConcurrencyTarget
}

/** Why an event source mapping does not receive more; null: it could. */
export function sqsHold(state: SqsState, nowUs: number): Hold | null {
  const { path, queue, isReading, busy, rates, settings, target } = state
  if (!isReading) return { cause: 'disabled', at: path }
  if (queue.inFlightCount >= queue.settings.inFlightLimit)
    return { cause: 'in-flight-limit', at: queue.path }
  if (queue.visibleCount === 0) {
    // More than its batches hold: what failed or was refused waits to become visible.
    const isFailing = queue.inFlightCount > busy * settings.batchSize
    return isFailing ? slowed(state, ERRORS) : null
  }
  if (!queue.hasNext) {
    const isRateBound = (queue.rates?.groupsHeld ?? 0) > busy
    return { cause: isRateBound ? 'group-rate' : 'message-groups', at: queue.path }
  }
  if (busy >= target.places) return placesHold(state)
  const spent = rates?.spent(nowUs) ?? null
  if (spent !== null) return growthHold(state) ?? { cause: spent, at: path }
  return { cause: 'receive-rate', at: queue.path }
}

/** Every place is taken. */
function placesHold(state: SqsState): Hold {
  const { path, settings, target, backingOff } = state
  const { places, slowedBy } = target
  const { scaling } = settings
  if (slowedBy !== null && backingOff > 0) return slowed(state, slowedBy)
  const growth = growthHold(state)
  if (growth !== null) return growth
  if (scaling.concurrencyPerPoller !== null) return { cause: 'maximum-pollers', at: path }
  const isConfigurable = places < MOST_CONFIGURABLE
  return { cause: isConfigurable ? 'maximum-concurrency' : 'shared-pollers', at: path }
}

/** There are not yet as many places, or pollers, as there may be; null: there are. */
function growthHold(state: SqsState): Hold | null {
  const { path, settings, target } = state
  const { places, slowedBy } = target
  if (places >= settings.scaling.maximumConcurrency) return null
  return slowedBy === null ? { cause: 'polling-growth', at: path } : slowed(state, slowedBy)
}

function slowed({ qualifier, target }: SqsState, cause: string): Hold {
  return { cause: target.slowedBy ?? cause, at: `functions.${qualifier.function.name}` }
}
