/** The load that a scenario offers, from its rates and mean times. */
import { MICROSECONDS_PER_SECOND } from '../kernel/time.ts'
import type {
  CompiledScenario,
  FunctionSettings,
  HandlerStep,
  TrafficSettings,
} from '../model/compiled-scenario.ts'
import type { RateSegment } from '../model/traffic/rate-profile.ts'

const MOST_SEGMENTS = 10_000

/** The planned rates until the end of the run; empty where none are planned. */
export function plannedSegments(
  compiled: CompiledScenario,
  traffic: TrafficSettings,
): RateSegment[] {
  const profile = traffic.rateProfile?.()
  const segments: RateSegment[] = []
  if (profile === undefined) return segments
  for (let segment = profile.nextSegment(); segment !== null; segment = profile.nextSegment()) {
    if (segment.startUs >= compiled.durationUs) break
    segments.push(segment)
    if (segments.length === MOST_SEGMENTS) break
  }
  return segments
}

/** Of users in a closed loop: all of them at work, none of them waiting. */
export function peakRate(compiled: CompiledScenario, traffic: TrafficSettings): number | null {
  if (traffic.peakRatePerSecond !== null) return traffic.peakRatePerSecond
  const { arrivals } = traffic
  const { functionIndex } = traffic.target
  if (arrivals.kind === 'open' || functionIndex === null) return null
  const most = Math.max(0, ...arrivals.users.map(({ count }) => count))
  const settings = compiled.functions[functionIndex]!
  const roundUs = arrivals.thinkTime.mean + meanServiceUs(settings)
  return roundUs > 0 ? (most * MICROSECONDS_PER_SECOND) / roundUs : null
}

/**
 * A handler that runs into its timeout ends there. With messages: as if each had an invocation of
 * its own, which is the most that it takes.
 */
export function meanServiceUs({ handler, timeoutUs }: FunctionSettings): number {
  const ownUs = handler.duration.mean + (handler.recordDuration?.mean ?? 0)
  return Math.min(ownUs + meanStepsUs(handler.steps), timeoutUs)
}

/** Downstreams answer as if nothing held them up; of branches in parallel the longest counts. */
function meanStepsUs(steps: readonly HandlerStep[]): number {
  return steps.reduce((sum, step) => sum + step.probability * step.count * meanStepUs(step), 0)
}

function meanStepUs(step: HandlerStep): number {
  if (step.kind === 'compute') return step.duration.mean
  if (step.kind === 'call') return step.meanAnswerUs
  return Math.max(...step.branches.map(meanStepsUs))
}

/** Provisioned concurrency of all qualifiers of a function. */
export function provisionedOf(settings: FunctionSettings): number {
  return settings.qualifiers.reduce((sum, qualifier) => sum + qualifier.provisionedConcurrency, 0)
}

/** null as soon as one of the values is not known. */
export function sumKnown(values: readonly (number | null)[]): number | null {
  return values.reduce<number | null>(
    (sum, value) => (sum === null || value === null ? null : sum + value),
    0,
  )
}
