import { THROTTLE_CAUSES } from '../../../compute/throttle-cause.ts'
import type { Hold } from '../../../part.ts'
import { HOLDING, IDLE, type Lane } from './lane.ts'
import type { LaneWork } from './lane-work.ts'
import type { ShardReader } from './shard-reader.ts'

const MOST_PARALLEL = 10

/** What holds most of the records that wait; null: nothing in particular. */
export function streamHold(work: LaneWork, readers: readonly ShardReader[]): Hold | null {
  const { path, qualifier } = work.options
  if (!work.isEnabled) return { cause: 'disabled', at: path }
  const records = new Map<string, number>()
  const count = (cause: string | null, waiting: number): void => {
    if (cause !== null) records.set(cause, (records.get(cause) ?? 0) + waiting)
  }
  for (const reader of readers) {
    const busy = reader.lanes.filter((lane) => lane.state !== IDLE)
    for (const lane of busy) count(laneCause(work, lane), lane.records.length)
    count(unreadCause(work, reader, busy), reader.unread.length)
  }
  const [most] = [...records].sort(([, one], [, other]) => other - one)
  if (most === undefined || most[1] === 0) return null
  const [cause] = most
  const isThrottle = THROTTLE_CAUSES.some((known) => known?.id === cause)
  return { cause, at: isThrottle ? `functions.${qualifier.function.name}` : path }
}

/** Why the records of a lane that has a batch wait. */
function laneCause(work: LaneWork, lane: Lane): string {
  if (lane.state === HOLDING && lane.isWaitingForPoller) return 'maximum-pollers'
  if (lane.refusals > 0) return THROTTLE_CAUSES[lane.refusedBy]!.id
  if (lane.retries > 0) return 'failing-batch'
  if (work.options.pollers !== null) return 'partition-order'
  const { parallelizationFactor, tumblingWindowUs } = work.settings
  const isFull = parallelizationFactor >= MOST_PARALLEL || tumblingWindowUs > 0
  return isFull ? 'shard-order' : 'parallelization'
}

/** Why a shard is not read on: it has no lane free, or has been read as much as it may. */
function unreadCause(
  work: LaneWork,
  { lanes, budget }: ShardReader,
  busy: readonly Lane[],
): string | null {
  const { pollers, world } = work.options
  if (budget !== null && budget.nextReadUs() > world.simulator.nowUs) {
    return pollers !== null ? 'maximum-pollers' : 'read-limit'
  }
  const [first] = busy
  return first === undefined || busy.length < lanes.length ? null : laneCause(work, first)
}
