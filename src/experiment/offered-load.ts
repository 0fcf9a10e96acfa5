/** The load that a scenario offers, from its rates and mean times. */
import { MICROSECONDS_PER_SECOND } from '../kernel/time.ts'
import { expectedAttempts, expectedBackOffUs } from '../model/clients/expected-attempts.ts'
import type {
  CompiledScenario,
  FunctionSettings,
  HandlerCall,
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
  const roundUs = arrivals.thinkTime.mean + meanServiceUs(settings, compiled.functions)
  return roundUs > 0 ? (most * MICROSECONDS_PER_SECOND) / roundUs : null
}

/**
 * A handler that runs into its timeout ends there. With messages: as if each had an invocation of
 * its own, which is the most that it takes. Functions that it waits for answer without a cold
 * start; `callers` are those that wait for it.
 */
export function meanServiceUs(
  { name, handler, timeoutUs }: FunctionSettings,
  functions: readonly FunctionSettings[],
  callers: readonly string[] = [],
): number {
  const ownUs = handler.duration.mean + (handler.recordDuration?.mean ?? 0)
  const meanCallUs = (call: HandlerCall): number => {
    const callee = invokedBy(call, functions)
    // A function that comes to itself again has no mean; its first round counts.
    if (callee === undefined || callee.name === name || callers.includes(callee.name)) {
      return meanAnswersUs(call, call.meanAnswerUs, call.errorRate)
    }
    const answerUs = meanServiceUs(callee, functions, [...callers, name])
    return meanAnswersUs(call, answerUs, errorShareOf(callee))
  }
  return Math.min(ownUs + meanStepsUs(handler.steps, meanCallUs), timeoutUs)
}

/** The function that a handler's call waits for. */
export function invokedBy(
  { isAwaited, sections, to }: HandlerCall,
  functions: readonly FunctionSettings[],
): FunctionSettings | undefined {
  if (!isAwaited || !sections.includes('functions')) return undefined
  const name = to.replace(/^functions\./, '').split(':')[0]
  return functions.find((other) => other.name === name)
}

/** All calls of a handler, those in branches too. */
export function callsOfSteps(steps: readonly HandlerStep[]): readonly HandlerCall[] {
  return steps.flatMap((step) => {
    if (step.kind === 'parallel') return callsOfSteps(step.branches.flat())
    return step.kind === 'call' ? [step] : []
  })
}

/** Share of its invocations that fail by themselves. */
export function errorShareOf({ handler }: FunctionSettings): number {
  const { error, crash, outOfMemory, timeout } = handler.failures
  return error + crash + outOfMemory + timeout
}

/** Over all attempts, with the waits between them. */
function meanAnswersUs(call: HandlerCall, answerUs: number, errorShare: number): number {
  const heardUs = Math.min(answerUs, call.timeoutUs ?? Number.POSITIVE_INFINITY)
  if (call.retry === null || !call.retriesErrors) return heardUs
  const attempts = expectedAttempts(errorShare, call.retry.maxAttempts)
  return attempts * heardUs + expectedBackOffUs(errorShare, call.retry)
}

type MeanCall = (call: HandlerCall) => number

/** Downstreams answer as if nothing held them up; of branches in parallel the longest counts. */
function meanStepsUs(steps: readonly HandlerStep[], meanCallUs: MeanCall): number {
  return steps.reduce(
    (sum, step) => sum + step.probability * step.count * meanStepUs(step, meanCallUs),
    0,
  )
}

function meanStepUs(step: HandlerStep, meanCallUs: MeanCall): number {
  if (step.kind === 'compute') return step.duration.mean
  if (step.kind === 'call') return meanCallUs(step)
  return Math.max(...step.branches.map((steps) => meanStepsUs(steps, meanCallUs)))
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
