import type { z } from 'zod'
import type { Sampler } from '../../kernel/block-stream.ts'
import type { Generator } from '../../kernel/generator.ts'

/**
 * A probability distribution on non-negative numbers that knows its own moments and quantiles.
 * The unit is that of the options it was created with; durations are in microseconds.
 */
export interface Distribution extends Sampler {
  readonly mean: number
  readonly variance: number
  /** The smallest x with P(X <= x) >= probability, for 0 <= probability <= 1 (Infinity allowed at 1). */
  quantile(probability: number): number
  /** One draw. */
  sample(generator: Generator): number
}

/** What one file of this folder exports and `index.ts` lists. */
export interface DistributionEntry<Options = unknown> {
  /** The YAML key: `lognormal` in `{ lognormal: { median: 40ms, p99: 200ms } }`. */
  readonly kind: string
  /** One sentence for the reference page. */
  readonly summary: string
  /** The YAML options, with units (see ../units.ts); its output is `Options`, durations in us. */
  readonly schema: z.ZodType<Options>
  readonly create: (options: Options) => Distribution
}
