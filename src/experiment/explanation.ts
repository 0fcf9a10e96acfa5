/**
 * What to expect of a scenario before any run, from means alone: offered load, concurrency by
 * Little's law (rate times mean duration), how much of each limit that takes, and the share lost
 * at a reserved limit by Erlang's formula. Cold starts and chance come on top.
 */
import { MICROSECONDS_PER_SECOND } from '../kernel/time.ts'
import type {
  Assumption,
  CompiledScenario,
  Flow,
  FunctionSettings,
  TrafficSettings,
  TrafficTarget,
} from '../model/compiled-scenario.ts'
import { erlangB } from '../stats/queueing-theory.ts'
import { type Expectation, expectationOf } from './expectation.ts'
import { type FunctionForecast, forecastLimits, type LimitForecast } from './limit-forecast.ts'
import { messageLoads, type NodeLoad } from './message-flow.ts'
import { meanServiceUs, peakRate, plannedSegments } from './offered-load.ts'

export interface Explanation {
  readonly expectation: Expectation
  readonly producers: readonly ProducerForecast[]
  readonly functions: readonly FunctionForecast[]
  /** The tightest first. */
  readonly limits: readonly LimitForecast[]
  readonly assumptions: readonly Assumption[]
  readonly warnings: readonly string[]
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
  const peak = messageLoads(compiled, (traffic) => peakRate(compiled, traffic))
  const durationSeconds = compiled.durationUs / MICROSECONDS_PER_SECOND
  const mean = messageLoads(compiled, ({ expectedRequests }) =>
    expectedRequests === null ? null : expectedRequests / durationSeconds,
  )
  const functions = compiled.functions.map((settings) => {
    const path = `functions.${settings.name}`
    const polled = compiled.flows.filter(({ to, polling }) => to === path && polling !== undefined)
    return functionForecast(settings, polled, peak, mean)
  })
  return {
    expectation: expectationOf(compiled),
    producers: compiled.traffic.map((traffic) => producerForecast(compiled, traffic)),
    functions,
    limits: forecastLimits(compiled, functions, peak),
    assumptions: compiled.assumptions,
    warnings: compiled.warnings,
  }
}

function producerForecast(compiled: CompiledScenario, traffic: TrafficSettings): ProducerForecast {
  const { target } = traffic
  const settings = target.functionIndex === null ? null : compiled.functions[target.functionIndex]!
  const concurrency = (ratePerSecond: number): number | null =>
    settings === null ? null : (ratePerSecond * meanServiceUs(settings)) / MICROSECONDS_PER_SECOND
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
  const qualifier = settings!.qualifiers[target.qualifierIndex]!.name
  return qualifier === '' ? settings!.name : `${settings!.name}:${qualifier}`
}

function functionForecast(
  settings: FunctionSettings,
  polled: readonly Flow[],
  peakLoad: (path: string) => NodeLoad,
  meanLoad: (path: string) => NodeLoad,
): FunctionForecast {
  const path = `functions.${settings.name}`
  const { perSecond: peak, synchronousPerSecond } = peakLoad(path)
  const { placement, init, firstInvocation } = settings.coldStart
  const meanDurationUs = meanServiceUs(settings)
  const serviceSeconds = meanDurationUs / MICROSECONDS_PER_SECOND
  // What a poller does not take at once waits where it is.
  const concurrencyOf = (load: (path: string) => NodeLoad): number | null => {
    const { perSecond } = load(path)
    if (perSecond === null) return null
    const left = polled.map(({ from, meanShare, polling }) => {
      const wanted = (load(from).perSecond ?? 0) * meanShare * serviceSeconds
      return Math.max(0, wanted - polling!.mostConcurrent)
    })
    return perSecond * serviceSeconds - left.reduce((sum, one) => sum + one, 0)
  }
  const peakConcurrency = concurrencyOf(peakLoad)
  const reserved = settings.reservedConcurrency
  const isCalled = synchronousPerSecond === peak
  return {
    name: settings.name,
    meanDurationUs,
    meanColdStartUs: placement.mean + init.mean + firstInvocation.mean,
    peakRatePerSecond: peak,
    synchronousPeakRatePerSecond: synchronousPerSecond,
    peakConcurrency,
    meanConcurrency: concurrencyOf(meanLoad),
    // Events and messages that are refused come again.
    reservedLoss:
      reserved === null || peakConcurrency === null || !isCalled
        ? null
        : erlangB(reserved, peakConcurrency),
  }
}
