/** Whether what waits still grows when a run ends: then its latencies describe only this run. */
import type { BacklogSamples } from '../model/backlogs.ts'
import type { Hold, Place } from '../model/part.ts'

export interface BacklogVerdict extends Place {
  /** Whose waiting times grow with it; the first one is where it lies. */
  readonly places: readonly Place[]
  readonly isStable: boolean
  /** At the last sample. */
  readonly waiting: number
  /** Over the second half of the run. */
  readonly growthPerSecond: number
  /** By how much the throughput would have to rise; 1 where it is enough, null where nothing left. */
  readonly throughputFactor: number | null
  /** What held it in most of that half; null: nothing in particular. */
  readonly heldBy: Hold | null
}

const US_PER_SECOND = 1_000_000
const PARTS_OF_THE_HALF = 4
/**
 * Random arrivals alone let a backlog wander by about the square root of their number; three times
 * that is no chance any more.
 */
const DEVIATIONS = 3

/**
 * Looks at the second half of the run. The backlog grows when its mean rises from each quarter of
 * that half to the next, and by more in all than random arrivals explain.
 */
export function judgeBacklog({
  scope,
  name,
  places,
  atUs,
  levels,
  entered,
  holds,
}: BacklogSamples): BacklogVerdict {
  const waiting = levels.at(-1) ?? 0
  const first = Math.floor(atUs.length / 2)
  const length = atUs.length - first
  const steady = { isStable: true, waiting, growthPerSecond: 0, throughputFactor: 1, heldBy: null }
  const stable = { scope, name, places, ...steady }
  if (length < 2 * PARTS_OF_THE_HALF) return stable
  const means = Array.from({ length: PARTS_OF_THE_HALF }, (_, part) =>
    mean(
      levels.slice(
        first + Math.floor((part * length) / PARTS_OF_THE_HALF),
        first + Math.floor(((part + 1) * length) / PARTS_OF_THE_HALF),
      ),
    ),
  )
  const came = entered.at(-1)! - entered[first]!
  const seconds = (atUs.at(-1)! - atUs[first]!) / US_PER_SECOND
  const rise = means.at(-1)! - means[0]!
  const isRising = means.every((value, part) => part === 0 || value > means[part - 1]!)
  const growthPerSecond = (waiting - levels[first]!) / seconds
  if (!isRising || rise <= DEVIATIONS * Math.sqrt(came)) return stable
  const left = came / seconds - growthPerSecond
  return {
    ...stable,
    isStable: false,
    growthPerSecond,
    throughputFactor: left > 0 ? came / seconds / left : null,
    heldBy: mostFrequent(holds.slice(first)),
  }
}

/** Of holds with equally many the one that came first. */
function mostFrequent(holds: readonly (Hold | null)[]): Hold | null {
  const counts = new Map<string, { readonly hold: Hold; count: number }>()
  for (const hold of holds) {
    if (hold === null) continue
    const key = `${hold.cause} ${hold.at}`
    const known = counts.get(key)
    if (known === undefined) counts.set(key, { hold, count: 1 })
    else known.count++
  }
  const [most] = [...counts.values()].sort((one, other) => other.count - one.count)
  return most?.hold ?? null
}

function mean(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length
}

/** Over replications: what most of them say. */
export function mergeBacklogs(verdicts: readonly (readonly BacklogVerdict[])[]): BacklogVerdict[] {
  return (verdicts[0] ?? []).map(({ scope, name, places }, index) => {
    const same = verdicts.flatMap((one) => one[index] ?? [])
    const growing = same.filter(({ isStable }) => !isStable)
    const told =
      growing.length * 2 > same.length ? growing : same.filter(({ isStable }) => isStable)
    const counted = told.length > 0 ? told : same
    const factors = counted.flatMap(({ throughputFactor }) => throughputFactor ?? [])
    return {
      scope,
      name,
      places,
      isStable: growing.length * 2 <= same.length,
      waiting: mean(counted.map(({ waiting }) => waiting)),
      growthPerSecond: mean(counted.map(({ growthPerSecond }) => growthPerSecond)),
      throughputFactor: factors.length < counted.length ? null : mean(factors),
      heldBy: mostFrequent(counted.map(({ heldBy }) => heldBy)),
    }
  })
}
