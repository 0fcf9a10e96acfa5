/**
 * How much of a function's scaling rate a load would use, from rates and mean times alone.
 *
 * A fluid picture in steps: what arrives beyond the capacity of the environments that are ready
 * needs new ones; a new one is ready after its cold start. Every new one takes a token, and tokens
 * come back at the scaling rate. It is a forecast: chance and keep-alive are not in it.
 */
import { MICROSECONDS_PER_SECOND } from '../kernel/time.ts'
import type { RateSegment } from '../model/traffic/rate-profile.ts'

export interface ScalingLoad {
  /** Of each producer, until the end of the run. */
  readonly profiles: readonly (readonly RateSegment[])[]
  readonly durationUs: number
  readonly meanServiceUs: number
  readonly coldStartUs: number
  /** Requests in flight that provisioned environments take. */
  readonly provisionedConcurrency: number
  /** Environments that are there at the start. */
  readonly initialEnvironments: number
  readonly tokensPerSecond: number
}

const FINEST_STEP_SECONDS = 1
const MOST_STEPS = 200_000

/** The most tokens that are out at once, were there no limit. */
export function tokensWanted(load: ScalingLoad): number {
  const durationSeconds = load.durationUs / MICROSECONDS_PER_SECOND
  const step = Math.max(FINEST_STEP_SECONDS, durationSeconds / MOST_STEPS)
  const serviceSeconds = load.meanServiceUs / MICROSECONDS_PER_SECOND
  const coldSeconds = load.coldStartUs / MICROSECONDS_PER_SECOND
  const stepsUntilReady = Math.max(1, Math.ceil(coldSeconds / step))
  const rates = load.profiles.map((segments) => new RateReader(segments))
  const pending: number[] = new Array(stepsUntilReady).fill(0)
  let ready = load.provisionedConcurrency + load.initialEnvironments
  let tokensOut = 0
  let highest = 0
  for (let index = 0; index * step < durationSeconds; index++) {
    const timeUs = index * step * MICROSECONDS_PER_SECOND
    const slot = index % stepsUntilReady
    ready += pending[slot]!
    const rate = rates.reduce((sum, reader) => sum + reader.at(timeUs), 0)
    const unserved = serviceSeconds > 0 ? Math.max(0, rate - ready / serviceSeconds) : 0
    // Of what arrives within a step, only that part needs its own environment which comes before
    // the step's first new environments are free.
    const wanted = unserved * Math.min(step, coldSeconds + serviceSeconds)
    pending[slot] = wanted
    tokensOut = Math.max(0, tokensOut - load.tokensPerSecond * step) + wanted
    highest = Math.max(highest, tokensOut)
  }
  return highest
}

/** Rates of a profile at times that never decrease. */
class RateReader {
  private readonly segments: readonly RateSegment[]
  private position = 0

  constructor(segments: readonly RateSegment[]) {
    this.segments = segments
  }

  at(timeUs: number): number {
    while (this.position < this.segments.length && this.segments[this.position]!.endUs <= timeUs) {
      this.position++
    }
    const segment = this.segments[this.position]
    if (segment === undefined || segment.startUs > timeUs) return 0
    const { startUs, endUs, startRatePerSecond, endRatePerSecond } = segment
    const rise = endRatePerSecond - startRatePerSecond
    return rise === 0
      ? startRatePerSecond
      : startRatePerSecond + (rise * (timeUs - startUs)) / (endUs - startUs)
  }
}
