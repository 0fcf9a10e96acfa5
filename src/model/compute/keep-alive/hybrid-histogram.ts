/**
 * A keep-alive policy of research: each function's idle times are counted in a histogram, which says
 * when its next request is likely. Source: Shahrad et al., "Serverless in the Wild", USENIX ATC 2020.
 * Where the histogram says nothing the function is kept for its whole range, as in the paper; the
 * paper's time-series forecast for idle times beyond the range is left out.
 */
import { z } from 'zod'
import { formatDuration, MICROSECONDS_PER_MINUTE } from '../../../kernel/time.ts'
import { positiveDuration, share } from '../../units.ts'
import type { KeepAliveEntry } from './entry.ts'
import type { KeepAlivePolicy, Prewarming } from './policy.ts'

interface HybridHistogramOptions {
  readonly range: number
  readonly head: number
  readonly tail: number
}

const BIN_US = MICROSECONDS_PER_MINUTE
/** Below this coefficient of variation of its bins a histogram is too flat to say anything. */
const REPRESENTATIVE_VARIATION = 2
/** The paper's margin around the window, either way. */
const MARGIN = 0.1
/** Beyond this share of idle times outside of the range the histogram says nothing. */
const MOST_BEYOND = 0.5

class HybridHistogram implements KeepAlivePolicy {
  private readonly options: HybridHistogramOptions
  private readonly bins: Float64Array
  private counted = 0
  private beyond = 0
  private sumOfSquares = 0

  constructor(options: HybridHistogramOptions) {
    this.options = options
    this.bins = new Float64Array(Math.max(1, Math.ceil(options.range / BIN_US)))
  }

  admit() {
    return {
      idleTimeoutUs: this.keepUs(),
      lifetimeUs: Number.POSITIVE_INFINITY,
      replacedAhead: false,
    }
  }

  learn(idleUs: number): void {
    const bin = Math.floor(idleUs / BIN_US)
    if (bin >= this.bins.length) {
      this.beyond++
      return
    }
    // The square of a count that goes up by one.
    this.sumOfSquares += 2 * this.bins[bin]! + 1
    this.bins[bin]!++
    this.counted++
  }

  wholeFunctionIdleUs(): number {
    return this.prewarming() === null ? this.keepUs() : 0
  }

  prewarming(): Prewarming | null {
    if (!this.isRepresentative()) return null
    const first = this.binAt(this.options.head)
    if (first === 0) return null
    return { afterUs: first * BIN_US * (1 - MARGIN), untilUs: this.keepUs() }
  }

  private keepUs(): number {
    if (!this.isRepresentative()) return this.options.range
    const endUs = (this.binAt(this.options.tail) + 1) * BIN_US
    return Math.min(this.options.range, endUs * (1 + MARGIN))
  }

  private isRepresentative(): boolean {
    const { counted, beyond, bins } = this
    if (counted === 0 || beyond > MOST_BEYOND * (counted + beyond)) return false
    const mean = counted / bins.length
    const variance = this.sumOfSquares / bins.length - mean * mean
    return Math.sqrt(variance) >= REPRESENTATIVE_VARIATION * mean
  }

  /** The bin in which this share of the counted idle times is reached. */
  private binAt(part: number): number {
    let seen = 0
    for (let bin = 0; bin < this.bins.length; bin++) {
      seen += this.bins[bin]!
      if (seen > 0 && seen >= part * this.counted) return bin
    }
    return this.bins.length - 1
  }
}

export const hybridHistogram: KeepAliveEntry<HybridHistogramOptions> = {
  kind: 'hybrid-histogram',
  summary:
    'Learns from the idle times of each function when to let it go and when to have it ready again (Shahrad et al., 2020).',
  schema: z.strictObject({
    policy: z.literal('hybrid-histogram'),
    range: positiveDuration.prefault('4h').meta({
      description: 'The longest idle time that is counted, in bins of one minute.',
    }),
    head: share.prefault('5%').meta({
      description: 'Before this share of the idle times is over, nothing is kept.',
    }),
    tail: share.prefault('99%').meta({
      description: 'Until this share of the idle times is over, an environment is kept.',
    }),
  }),
  describe: ({ range }) =>
    `idle environments are kept for ${formatDuration(range)} at most, let go earlier and made ready again as a histogram of each function's idle times says`,
  create: (options) => new HybridHistogram(options),
}
