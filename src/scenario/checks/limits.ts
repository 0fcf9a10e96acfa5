/** Rules on times and on concurrency that hold for the whole scenario. */
import { formatDuration } from '../../kernel/time.ts'
import type { PathSegment, Problem } from '../diagnostics.ts'
import { largestCapacity, largestProvisionedConcurrency } from '../qualifiers.ts'
import type { FunctionConfig } from '../schema/function.ts'
import type { ProvisionedConfig } from '../schema/provisioned.ts'
import type { PartialScenario } from '../validate.ts'

/** Concurrency that can be neither reserved nor provisioned (Lambda developer guide, quotas). */
const UNRESERVED_MINIMUM = 100
/** More rows than any tool opens; a longer period is what is wanted. */
const MOST_PERIODS = 1_000_000

export function checkTimes({
  duration,
  warmUp,
  metricsPeriod,
}: PartialScenario): readonly Problem[] {
  const problems: Problem[] = []
  if (duration === undefined) return problems
  const run = formatDuration(duration)
  if (warmUp !== undefined && warmUp >= duration) {
    const message = `warmUp must be shorter than the run's duration of ${run}: nothing would be left to measure`
    problems.push({ path: ['warmUp'], at: 'value', message })
  }
  if (metricsPeriod === undefined) return problems
  if (duration / metricsPeriod > MOST_PERIODS) {
    const message = `${run} in periods of ${formatDuration(metricsPeriod)} are ${Math.ceil(duration / metricsPeriod)} rows per metric: at most ${MOST_PERIODS} are written`
    problems.push({ path: ['metricsPeriod'], at: 'value', message })
  }
  return problems
}

/** What functions set aside must leave 100 of the account's concurrency to all others. */
export function checkLimits({ account, functions }: PartialScenario): readonly Problem[] {
  const problems: Problem[] = []
  let reserved = 0
  let provisioned = 0
  for (const [name, config] of functions) {
    if (config === null) continue
    const configured = largestProvisionedConcurrency(config)
    const limit = config.reservedConcurrentExecutions
    if (limit === undefined) provisioned += configured
    else reserved += limit
    if (limit !== undefined && configured > limit) {
      problems.push({
        path: ['functions', name, ...placeOfLargest(config)],
        at: 'value',
        message: `${name} provisions ${configured}, but reserves only ${limit}: provisioned concurrency is part of the reserved (AWS: InvalidParameterValueException)`,
      })
    }
  }
  if (account === undefined) return problems
  const limit = account.concurrentExecutions
  const aside = reserved + provisioned
  const path = ['account', 'concurrentExecutions']
  if (aside > 0 && aside > limit - UNRESERVED_MINIMUM) {
    const most = Math.max(0, limit - UNRESERVED_MINIMUM)
    const message = `the functions set ${aside} aside (${reserved} reserved, ${provisioned} provisioned without reserved), but of the account's ${limit} at most ${most} can be: ${UNRESERVED_MINIMUM} always stay unreserved (AWS: InvalidParameterValueException)`
    problems.push({ path, at: 'value', message })
    return problems
  }
  const claim = account.otherFunctions.unreservedConcurrency
  if (claim > limit - aside) {
    const message = `the other functions claim ${claim}, but only ${limit - aside} of the account's concurrency is unreserved`
    problems.push({
      path: ['account', 'otherFunctions', 'unreservedConcurrency'],
      at: 'value',
      message,
    })
  }
  return problems
}

/** Where a function's largest provisioned concurrency is written. */
function placeOfLargest(config: FunctionConfig): PathSegment[] {
  const places: { readonly path: PathSegment[]; readonly provisioned: ProvisionedConfig }[] = []
  const own = config.provisionedConcurrentExecutions
  if (own !== undefined) places.push({ path: [], provisioned: own })
  for (const section of ['aliases', 'versions'] as const) {
    for (const [name, settings] of Object.entries(config[section] ?? {})) {
      const provisioned = settings.provisionedConcurrentExecutions
      if (provisioned !== undefined) places.push({ path: [section, name], provisioned })
    }
  }
  const [largest] = places.sort(
    (one, other) => largestCapacity(other.provisioned) - largestCapacity(one.provisioned),
  )
  const key = 'provisionedConcurrentExecutions'
  return largest === undefined
    ? [key]
    : [...largest.path, key, ...placeInScaling(largest.provisioned)]
}

function placeInScaling(provisioned: ProvisionedConfig): PathSegment[] {
  if (typeof provisioned === 'number') return []
  const most = largestCapacity(provisioned)
  if (provisioned.targetTracking?.maxCapacity === most) return ['targetTracking', 'maxCapacity']
  const { schedule = [] } = provisioned
  for (const key of ['capacity', 'maxCapacity', 'minCapacity'] as const) {
    const index = schedule.findIndex((action) => action[key] === most)
    if (index >= 0) return ['schedule', index, key]
  }
  return ['capacity']
}
