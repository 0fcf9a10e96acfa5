/**
 * How much of a scaling rate a load would use, from rates and mean times alone.
 *
 * A fluid picture in steps: what arrives beyond the capacity of the environments that are ready
 * needs new ones; a new one is ready after its cold start. Every new one takes a token, and tokens
 * come back at the scaling rate. It is a forecast: chance and keep-alive are not in it.
 */
import { MICROSECONDS_PER_SECOND } from '../kernel/time.ts'
import type { RateSegment } from '../model/traffic/rate-profile.ts'

/** The functions that share a scaling rate. */
export interface ScalingLoad {
  readonly functions: readonly FunctionLoad[]
  readonly durationUs: number
  readonly tokensPerSecond: number
}

export interface FunctionLoad {
  /** Of each producer, until the end of the run. */
  readonly profiles: readonly (readonly RateSegment[])[]
  readonly meanServiceUs: number
  readonly coldStartUs: number
  /** Requests in flight that provisioned environments take. */
  readonly provisionedConcurrency: number
  /** Environments that are there at the start. */
  readonly initialEnvironments: number
}

const FINEST_STEP_SECONDS = 1
const MOST_STEPS = 200_000

/** The most tokens that are out at once, were there no limit. */
export function tokensWanted({ functions, durationUs, tokensPerSecond }: ScalingLoad): number {
  const durationSeconds = durationUs / MICROSECONDS_PER_SECOND
  const step = Math.max(FINEST_STEP_SECONDS, durationSeconds / MOST_STEPS)
  const growths = functions.map((load) => new Growth(load, step))
  let tokensOut = 0
  let highest = 0
  for (let index = 0; index * step < durationSeconds; index++) {
    const wanted = growths.reduce((sum, growth) => sum + growth.at(index), 0)
    tokensOut = Math.max(0, tokensOut - tokensPerSecond * step) + wanted
    highest = Math.max(highest, tokensOut)
  }
  return highest
}

/** The environments that one function needs beyond those it has, step by step. */
class Growth {
  private readonly rates: readonly RateReader[]
  private readonly step: number
  private readonly serviceSeconds: number
  private readonly coldSeconds: number
  /** What becomes ready in the steps to come, in turn. */
  private readonly pending: number[]
  private ready: number

  constructor(load: FunctionLoad, step: number) {
    this.rates = load.profiles.map((segments) => new RateReader(segments))
    this.step = step
    this.serviceSeconds = load.meanServiceUs / MICROSECONDS_PER_SECOND
    this.coldSeconds = load.coldStartUs / MICROSECONDS_PER_SECOND
    this.pending = new Array(Math.max(1, Math.ceil(this.coldSeconds / step))).fill(0)
    this.ready = load.provisionedConcurrency + load.initialEnvironments
  }

  /** New environments in a step; steps come one after the other. */
  at(index: number): number {
    const { serviceSeconds, coldSeconds, pending, step } = this
    const timeUs = index * step * MICROSECONDS_PER_SECOND
    const slot = index % pending.length
    this.ready += pending[slot]!
    const rate = this.rates.reduce((sum, reader) => sum + reader.at(timeUs), 0)
    const unserved = serviceSeconds > 0 ? Math.max(0, rate - this.ready / serviceSeconds) : 0
    // Of what arrives within a step, only that part needs its own environment which comes before
    // the step's first new environments are free.
    const wanted = unserved * Math.min(step, coldSeconds + serviceSeconds)
    pending[slot] = wanted
    return wanted
  }
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
