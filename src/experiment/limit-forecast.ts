/** How much of each limit a load would take at its peak, before any run. */
import { MICROSECONDS_PER_MINUTE, MICROSECONDS_PER_SECOND } from '../kernel/time.ts'
import type {
  CompiledScenario,
  FunctionSettings,
  TrafficSettings,
} from '../model/compiled-scenario.ts'
import { REQUESTS_PER_CONCURRENCY } from '../model/compute/account.ts'
import type { ManagedSettings } from '../model/compute/managed-instances/settings.ts'
import { ENVIRONMENT_CAPACITY, ENVIRONMENTS_PER_SECOND } from '../model/compute/scaling-rate.ts'
import type { RateSegment } from '../model/traffic/rate-profile.ts'
import { callLimits } from './call-forecast.ts'
import { doorForecasts } from './door-forecast.ts'
import { intakeLimits } from './intake-forecast.ts'
import type { Loads } from './message-flow.ts'
import {
  meanServiceUs,
  peakRate,
  plannedSegments,
  provisionedOf,
  sumKnown,
} from './offered-load.ts'
import { readingSpans } from './reading-spans.ts'
import { type FunctionLoad, tokensWanted } from './scaling-forecast.ts'
import { workflowForecasts } from './workflow-forecast.ts'

/** Of one ReceiveMessage. */
const MESSAGES_PER_RECEIVE = 10

export interface LimitForecast {
  readonly name: string
  readonly limit: string
  readonly unit: string
  readonly demand: number
  readonly allowed: number
  /** What happens beyond it. */
  readonly effect: 'throttles' | 'is refused' | 'spills over to on-demand' | 'waits'
}

export interface FunctionForecast {
  readonly name: string
  readonly meanDurationUs: number
  /** Placement, init and the first invocation's extra time, on average. */
  readonly meanColdStartUs: number
  readonly peakRatePerSecond: number | null
  /** Of these, the requests whose caller waits; the others are events and messages. */
  readonly synchronousPeakRatePerSecond: number | null
  /** Calls of such callers and of pollers: what limits on the request rate count, at most. */
  readonly callsPeakRatePerSecond: number | null
  readonly peakConcurrency: number | null
  readonly meanConcurrency: number | null
  /** Share of attempts lost at the reserved limit while the load is at its peak. */
  readonly reservedLoss: number | null
}

/** The tightest first. `functions` are the forecasts of the scenario's functions, in its order. */
export function forecastLimits(
  compiled: CompiledScenario,
  functions: readonly FunctionForecast[],
  loads: Loads,
): LimitForecast[] {
  const limits = [
    ...accountLimits(compiled, functions),
    ...compiled.functions.flatMap((settings, index) =>
      functionLimits(compiled, settings, index, functions[index]!),
    ),
    ...pollingLimits(compiled, loads),
    ...intakeLimits(compiled, loads),
    ...callLimits(compiled, functions, loads),
    ...doorForecasts(compiled, loads),
    ...workflowForecasts(compiled, loads),
  ]
  return limits.sort((a, b) => usedShare(b) - usedShare(a))
}

/** Demand as a share of what is allowed; more than 1 means that the limit binds. */
export function usedShare({ demand, allowed }: LimitForecast): number {
  if (allowed > 0) return demand / allowed
  return demand > 0 ? Number.POSITIVE_INFINITY : 0
}

/** What comes to a queue or a stream, in full batches, beside what its reader can do at once. */
function pollingLimits(compiled: CompiledScenario, loads: Loads): LimitForecast[] {
  return compiled.flows.flatMap((flow): LimitForecast[] => {
    const { to, polling } = flow
    const perSecond = loads.movedBy(flow)
    const settings = compiled.functions.find(({ name }) => `functions.${name}` === to)
    if (polling === undefined || perSecond === null || settings === undefined) return []
    // What never reads reaches no limit.
    if (readingSpans(compiled, polling).length === 0) return []
    const { duration, recordDuration } = settings.handler
    const eachUs = duration.mean / polling.batchSize + (recordDuration?.mean ?? 0)
    const common = { name: polling.name, effect: 'waits' } as const
    const places = {
      ...common,
      limit: 'concurrent batches',
      unit: 'in flight',
      demand: (perSecond * eachUs) / MICROSECONDS_PER_SECOND,
      allowed: polling.mostConcurrent,
    }
    if (polling.receivesPerSecond === undefined) return [places]
    const demand = perSecond / Math.min(polling.batchSize, MESSAGES_PER_RECEIVE)
    const allowed = polling.receivesPerSecond
    return [places, { ...common, limit: 'poller calls', unit: 'calls/s', demand, allowed }]
  })
}

function accountLimits(
  compiled: CompiledScenario,
  forecasts: readonly FunctionForecast[],
): LimitForecast[] {
  const { concurrentExecutions, otherUnreservedConcurrency } = compiled.account
  const limits: LimitForecast[] = []
  // Managed instances have quotas of their own.
  const counted = compiled.functions.flatMap((settings, index) =>
    settings.managed === null ? [{ settings, index, forecast: forecasts[index]! }] : [],
  )
  if (counted.length === 0) return []
  const rate = sumKnown(counted.map(({ forecast }) => forecast.callsPeakRatePerSecond))
  const common = { name: 'account', effect: 'throttles' } as const
  if (rate !== null) {
    limits.push({
      ...common,
      limit: 'request rate',
      unit: 'requests/s',
      demand: rate,
      allowed: concurrentExecutions * REQUESTS_PER_CONCURRENCY,
    })
  }
  const unreserved = counted.filter(({ settings }) => settings.reservedConcurrency === null)
  const setAside = compiled.functions.reduce(
    (sum, settings) => sum + (settings.reservedConcurrency ?? provisionedOf(settings)),
    otherUnreservedConcurrency,
  )
  const onDemand = sumKnown(
    unreserved.map(({ settings, index, forecast }) =>
      forecast.peakConcurrency === null
        ? null
        : Math.max(0, forecast.peakConcurrency - servedByProvisioned(compiled, settings, index)),
    ),
  )
  if (unreserved.length > 0 && onDemand !== null) {
    limits.push({
      ...common,
      limit: 'unreserved concurrency',
      unit: 'in flight',
      demand: onDemand,
      allowed: Math.max(0, concurrentExecutions - setAside),
    })
  }
  return [...limits, ...regionalBurst(compiled, forecasts)]
}

/** Before November 2023 all functions of the region drew new environments from one burst. */
function regionalBurst(
  compiled: CompiledScenario,
  forecasts: readonly FunctionForecast[],
): LimitForecast[] {
  const { scaling } = compiled.account
  if (scaling.kind !== 'regional-burst') return []
  if (forecasts.some(({ peakRatePerSecond }) => peakRatePerSecond === null)) return []
  const loads = compiled.functions.flatMap((settings, index) =>
    settings.scalingRateUnlimited
      ? []
      : [functionLoad(compiled, settings, index, forecasts[index]!)],
  )
  if (loads.length === 0) return []
  const demand = tokensWanted({
    functions: loads,
    durationUs: compiled.durationUs,
    tokensPerSecond: (scaling.perMinute * MICROSECONDS_PER_SECOND) / MICROSECONDS_PER_MINUTE,
  })
  const allowed = scaling.burst
  return [
    {
      name: 'account',
      limit: 'regional burst',
      unit: 'environments',
      demand,
      allowed,
      effect: 'throttles',
    },
  ]
}

function functionLimits(
  compiled: CompiledScenario,
  settings: FunctionSettings,
  index: number,
  forecast: FunctionForecast,
): LimitForecast[] {
  const { name, reservedConcurrency } = settings
  const { peakRatePerSecond, peakConcurrency, synchronousPeakRatePerSecond } = forecast
  if (peakRatePerSecond === null || peakConcurrency === null) return []
  const limits: LimitForecast[] = []
  const effect = synchronousPeakRatePerSecond === 0 && peakRatePerSecond > 0 ? 'waits' : 'throttles'
  const common = { name, effect } as const
  if (settings.managed !== null) return managedLimits(settings.managed, common, peakConcurrency)
  if (reservedConcurrency !== null) {
    limits.push({
      ...common,
      limit: 'reserved concurrency',
      unit: 'in flight',
      demand: peakConcurrency,
      allowed: reservedConcurrency,
    })
    limits.push({
      ...common,
      limit: 'reserved request rate',
      unit: 'requests/s',
      demand: forecast.callsPeakRatePerSecond ?? 0,
      allowed: reservedConcurrency * REQUESTS_PER_CONCURRENCY,
    })
  }
  const isLimited = compiled.account.scaling.kind === 'per-function'
  if (isLimited && !settings.scalingRateUnlimited) {
    limits.push({
      ...common,
      limit: 'scaling rate',
      unit: 'environments',
      demand: tokensWanted({
        functions: [functionLoad(compiled, settings, index, forecast)],
        durationUs: compiled.durationUs,
        tokensPerSecond: ENVIRONMENTS_PER_SECOND,
      }),
      allowed: ENVIRONMENT_CAPACITY,
    })
  }
  return [...limits, ...provisionedLimits(compiled, settings, index)]
}

/** How many environments there may be; how fast they come only a run tells. */
function managedLimits(
  { places, mostEnvironments }: ManagedSettings,
  common: Pick<LimitForecast, 'name' | 'effect'>,
  demand: number,
): LimitForecast[] {
  const limit = 'places of environments'
  return [{ ...common, limit, unit: 'in flight', demand, allowed: mostEnvironments * places }]
}

/** Provisioned concurrency serves only the traffic that its qualifier gets. */
function provisionedLimits(
  compiled: CompiledScenario,
  settings: FunctionSettings,
  index: number,
): LimitForecast[] {
  return settings.qualifiers.flatMap((qualifier, qualifierIndex): LimitForecast[] => {
    if (qualifier.provisionedConcurrency === 0) return []
    const demand = qualifierConcurrency(compiled, settings, index, qualifierIndex)
    if (demand === null) return []
    return [
      {
        name: `${settings.name}:${qualifier.name}`,
        limit: 'provisioned concurrency',
        unit: 'in flight',
        demand,
        allowed: qualifier.provisionedConcurrency,
        effect: 'spills over to on-demand',
      },
    ]
  })
}

/** Requests in flight at the peak that came by one qualifier. */
function qualifierConcurrency(
  compiled: CompiledScenario,
  settings: FunctionSettings,
  index: number,
  qualifierIndex: number,
): number | null {
  const rates = compiled.traffic
    .filter(
      ({ target }) => target.functionIndex === index && target.qualifierIndex === qualifierIndex,
    )
    .map((traffic) => peakRate(compiled, traffic))
  const rate = sumKnown(rates)
  return rate === null
    ? null
    : (rate * meanServiceUs(settings, compiled.functions)) / MICROSECONDS_PER_SECOND
}

/** Requests in flight at the peak that provisioned environments can take. */
function servedByProvisioned(
  compiled: CompiledScenario,
  settings: FunctionSettings,
  index: number,
): number {
  return provisionedLimits(compiled, settings, index).reduce(
    (sum, { demand, allowed }) => sum + Math.min(demand, allowed),
    0,
  )
}

function functionLoad(
  compiled: CompiledScenario,
  settings: FunctionSettings,
  index: number,
  forecast: FunctionForecast,
): FunctionLoad {
  const producers = compiled.traffic.filter(({ target }) => target.functionIndex === index)
  return {
    profiles: producers.map((traffic) => {
      const planned = plannedSegments(compiled, traffic)
      return planned.length > 0 ? planned : [steadySegment(compiled, traffic)]
    }),
    meanServiceUs: forecast.meanDurationUs,
    coldStartUs: forecast.meanColdStartUs,
    provisionedConcurrency: servedByProvisioned(compiled, settings, index),
    initialEnvironments: settings.initialEnvironments,
  }
}

/** Without a plan of the rate: as if its peak came at once and stayed. */
function steadySegment(compiled: CompiledScenario, traffic: TrafficSettings): RateSegment {
  const rate = peakRate(compiled, traffic) ?? 0
  return {
    startUs: 0,
    endUs: compiled.durationUs,
    startRatePerSecond: rate,
    endRatePerSecond: rate,
  }
}
