/**
 * What to expect of a scenario before any run, from means alone: offered load, concurrency by
 * Little's law (rate times mean duration), how much of each limit that takes, and the share lost
 * at a reserved limit by Erlang's formula. Cold starts and chance come on top.
 */

import { MICROSECONDS_PER_SECOND } from '../kernel/time.ts'
import type {
  Assumption,
  CompiledScenario,
  FunctionSettings,
  TrafficSettings,
  TrafficTarget,
} from '../model/compiled-scenario.ts'
import { meanStartUs } from '../model/compute/snap-start.ts'
import type { Clock, Flow, InitialBacklog } from '../model/forecast-inputs.ts'
import { bareName } from '../model/node-names.ts'
import type { Place } from '../model/part.ts'
import { erlangB } from '../stats/queueing-theory.ts'
import { type Expectation, expectationOf } from './expectation.ts'
import { type FunctionForecast, forecastLimits, type LimitForecast } from './limit-forecast.ts'
import { type Loads, meanLoads, peakLoads, speedOf } from './message-flow.ts'
import { meanServiceUs, peakRate, plannedSegments } from './offered-load.ts'
import { type ReadingSpan, readingSpans, readsAlways } from './reading-spans.ts'

export interface Explanation {
  readonly expectation: Expectation
  readonly producers: readonly ProducerForecast[]
  readonly functions: readonly FunctionForecast[]
  /** Event source mappings that do not read all the time. */
  readonly pauses: readonly PauseForecast[]
  /** What waits at the start: no rate tells of it. */
  readonly backlogs: readonly BacklogForecast[]
  /** The tightest first. */
  readonly limits: readonly LimitForecast[]
  readonly assumptions: readonly Assumption[]
  readonly warnings: readonly string[]
}

export interface PauseForecast {
  /** FUNCTION.EVENT. */
  readonly name: string
  /** When it reads; empty: never. */
  readonly reads: readonly ReadingSpan[]
}

export interface BacklogForecast extends Place {
  readonly count: number
  /** How long it takes at least, with all places of its readers; null: nobody reads it. */
  readonly leastUs: number | null
}

export interface ProducerForecast {
  readonly name: string
  /** `checkout` or `checkout:live`. */
  readonly target: string
  readonly description: string
  /** null: not known before the run. */
  readonly requests: number | null
  readonly peakRatePerSecond: number | null
  /** Empty where the rate does not follow a plan. */
  readonly stages: readonly StageForecast[]
}

interface StageForecast {
  readonly fromUs: number
  readonly startRatePerSecond: number
  readonly endRatePerSecond: number
  /** null where the requests do not go straight to a function. */
  readonly startConcurrency: number | null
  readonly endConcurrency: number | null
}

export function explainScenario(compiled: CompiledScenario): Explanation {
  const peak = peakLoads(compiled)
  const mean = meanLoads(compiled)
  const functions = compiled.functions.map((settings) => {
    const path = `functions.${settings.name}`
    const polled = compiled.flows.filter(({ to, polling }) => to === path && polling !== undefined)
    return functionForecast(compiled, settings, polled, { peak, mean })
  })
  return {
    expectation: expectationOf(compiled),
    producers: [
      ...compiled.traffic.map((traffic) => producerForecast(compiled, traffic)),
      ...compiled.clocks.map(clockForecast),
    ],
    pauses: pausesOf(compiled),
    backlogs: compiled.initialBacklogs.map((backlog) => backlogForecast(compiled, backlog)),
    functions,
    limits: forecastLimits(compiled, functions, peak),
    assumptions: compiled.assumptions,
    warnings: compiled.warnings,
  }
}

function pausesOf(compiled: CompiledScenario): PauseForecast[] {
  return compiled.flows.flatMap(({ polling }): PauseForecast[] => {
    if (polling === undefined) return []
    const reads = readingSpans(compiled, polling)
    return readsAlways(reads, compiled.durationUs) ? [] : [{ name: polling.name, reads }]
  })
}

/** Readers of a queue share its messages; each reader of a stream works on all its records. */
function backlogForecast(
  compiled: CompiledScenario,
  { path, scope, name, count }: InitialBacklog,
): BacklogForecast {
  const speeds = compiled.flows
    .filter(({ from, polling }) => from === path && polling !== undefined)
    .map((flow) => speedOf(compiled, flow) / flow.meanShare)
  const together = speeds.reduce((sum, speed) => sum + speed, 0)
  const speed = scope === 'queue' ? together : Math.min(...speeds)
  return { scope, name, count, leastUs: speeds.length === 0 ? null : Math.round(count / speed) }
}

function clockForecast({ name, kind, path, expected, peakPerSecond }: Clock) {
  return {
    name,
    target: bareName(path),
    description: kind,
    requests: expected,
    peakRatePerSecond: peakPerSecond,
    stages: [],
  }
}

function producerForecast(compiled: CompiledScenario, traffic: TrafficSettings): ProducerForecast {
  const { target } = traffic
  const settings = target.functionIndex === null ? null : compiled.functions[target.functionIndex]!
  const concurrency = (ratePerSecond: number): number | null =>
    settings === null
      ? null
      : (ratePerSecond * meanServiceUs(settings, compiled.functions)) / MICROSECONDS_PER_SECOND
  return {
    name: traffic.name,
    target: nameOfTarget(target, settings),
    description: traffic.description,
    requests: traffic.expectedRequests,
    peakRatePerSecond: peakRate(compiled, traffic),
    stages: plannedSegments(compiled, traffic).map((segment) => ({
      fromUs: segment.startUs,
      startRatePerSecond: segment.startRatePerSecond,
      endRatePerSecond: segment.endRatePerSecond,
      startConcurrency: concurrency(segment.startRatePerSecond),
      endConcurrency: concurrency(segment.endRatePerSecond),
    })),
  }
}

function nameOfTarget(target: TrafficTarget, settings: FunctionSettings | null): string {
  if (target.kind === 'handover') return target.reference
  if (target.kind === 'execution') return bareName(target.machinePath)
  if (target.kind === 'door') return target.doorPath.slice(target.doorPath.indexOf('.') + 1)
  const qualifier = settings!.qualifiers[target.qualifierIndex]!.name
  return qualifier === '' ? settings!.name : `${settings!.name}:${qualifier}`
}

function functionForecast(
  compiled: CompiledScenario,
  settings: FunctionSettings,
  polled: readonly Flow[],
  { peak, mean }: { readonly peak: Loads; readonly mean: Loads },
): FunctionForecast {
  const path = `functions.${settings.name}`
  const { perSecond, synchronousPerSecond, callsPerSecond } = peak.at(path)
  const { firstInvocation } = settings.coldStart
  const meanDurationUs = meanServiceUs(settings, compiled.functions)
  const serviceSeconds = meanDurationUs / MICROSECONDS_PER_SECOND
  const peakConcurrency = concurrencyOf(peak, path, serviceSeconds, polled, (flow) =>
    shareRead(compiled, flow) > 0 ? 1 : 0,
  )
  const reserved = settings.reservedConcurrency
  const isCalled = synchronousPerSecond === perSecond
  return {
    name: settings.name,
    meanDurationUs,
    meanColdStartUs: meanStartUs(settings) + firstInvocation.mean,
    peakRatePerSecond: perSecond,
    synchronousPeakRatePerSecond: synchronousPerSecond,
    callsPeakRatePerSecond: callsPerSecond,
    peakConcurrency,
    meanConcurrency: concurrencyOf(mean, path, serviceSeconds, polled, (flow) =>
      shareRead(compiled, flow),
    ),
    // Events and messages that are refused come again.
    reservedLoss:
      reserved === null || peakConcurrency === null || !isCalled
        ? null
        : erlangB(reserved, peakConcurrency),
  }
}

/** What a poller does not take at once waits where it is. */
function concurrencyOf(
  load: Loads,
  path: string,
  serviceSeconds: number,
  polled: readonly Flow[],
  /** Which share of its places the poller of a flow has. */
  openShare: (flow: Flow) => number,
): number | null {
  const { perSecond } = load.at(path)
  if (perSecond === null) return null
  const left = polled.map((flow) => {
    const wanted = (load.movedBy(flow) ?? 0) * serviceSeconds
    return Math.max(0, wanted - flow.polling!.mostConcurrent * openShare(flow))
  })
  return perSecond * serviceSeconds - left.reduce((sum, one) => sum + one, 0)
}

/** The share of the run in which the mapping of a flow reads. */
function shareRead(compiled: CompiledScenario, { polling }: Flow): number {
  const spans = readingSpans(compiled, polling!)
  const readUs = spans.reduce((sum, { fromUs, untilUs }) => sum + untilUs - fromUs, 0)
  return readUs / compiled.durationUs
}
