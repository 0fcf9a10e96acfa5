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
  /** P(X <= value). */
  cumulative(value: number): number
  /** One draw: never negative, always finite. */
  sample(generator: Generator): number
}

/** What the values of a distribution are: a schema of one value and the scale of bare numbers. */
export interface DistributionUnit {
  /** One value as people write it; its output is the number that is stored. */
  readonly value: z.ZodType<number>
  /** Stored units per unit of bare numbers and of logarithms: 1,000 for ms stored as us. */
  readonly naturalScale: number
}

/** What a schema makes of a scenario's distribution: plain data, a family and its options. */
export interface DistributionChoice {
  readonly kind: string
  readonly options: unknown
}

/** What one file of this folder exports and `index.ts` lists. */
export interface DistributionEntry<Options = unknown> {
  /** The YAML key: `lognormal` in `{ lognormal: { median: 40ms, p99: 200ms } }`. */
  readonly kind: string
  /** One sentence for the reference page. */
  readonly summary: string
  /** The YAML options in a unit; the output is plain `Options` in stored units. */
  schemaOf(unit: DistributionUnit): z.ZodType<Options>
  /** Methods, not properties, so that entries of different options fit one list. */
  create(options: Options): Distribution
}
