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
    return functionForecast(settings, peak(path), mean(path).perSecond)
  })
  return {
    expectation: expectationOf(compiled),
    producers: compiled.traffic.map((traffic) => producerForecast(compiled, traffic)),
    functions,
    limits: forecastLimits(compiled, functions),
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
  { perSecond: peak, synchronousPerSecond }: NodeLoad,
  meanRatePerSecond: number | null,
): FunctionForecast {
  const { placement, init, firstInvocation } = settings.coldStart
  const meanDurationUs = meanServiceUs(settings)
  const serviceSeconds = meanDurationUs / MICROSECONDS_PER_SECOND
  const peakConcurrency = peak === null ? null : peak * serviceSeconds
  const reserved = settings.reservedConcurrency
  const isCalled = synchronousPerSecond === peak
  return {
    name: settings.name,
    meanDurationUs,
    meanColdStartUs: placement.mean + init.mean + firstInvocation.mean,
    peakRatePerSecond: peak,
    synchronousPeakRatePerSecond: synchronousPerSecond,
    peakConcurrency,
    meanConcurrency: meanRatePerSecond === null ? null : meanRatePerSecond * serviceSeconds,
    // Events and messages that are refused come again.
    reservedLoss:
      reserved === null || peakConcurrency === null || !isCalled
        ? null
        : erlangB(reserved, peakConcurrency),
  }
}
