import { z } from 'zod'
import { expm1, log1p, pow } from '../../kernel/elementary.ts'
import type { Generator } from '../../kernel/generator.ts'
import { gamma } from '../../kernel/special-functions.ts'
import { fillExponential, standardExponential } from '../../kernel/ziggurat.ts'
import type { Distribution, DistributionEntry } from './distribution.ts'
import { numberBetween, positive } from './parameters.ts'

/** A power of an exponential; below shape 1 its tail is heavier than exponential. */
export class Weibull implements Distribution {
  readonly mean: number
  readonly variance: number
  private readonly shape: number
  private readonly scale: number
  private readonly inverseShape: number

  constructor(shape: number, scale: number) {
    this.shape = shape
    this.scale = scale
    this.inverseShape = 1 / shape
    const mean = gamma(1 + this.inverseShape)
    this.mean = scale * mean
    this.variance = scale * scale * (gamma(1 + 2 * this.inverseShape) - mean * mean)
  }

  quantile(probability: number): number {
    return this.scale * pow(-log1p(-probability), this.inverseShape)
  }

  cumulative(value: number): number {
    return value > 0 ? -expm1(-pow(value / this.scale, this.shape)) : 0
  }

  sample(generator: Generator): number {
    return this.scale * pow(standardExponential(generator), this.inverseShape)
  }

  fill(generator: Generator, values: Float64Array): void {
    fillExponential(generator, values, 1)
    for (let index = 0; index < values.length; index++) {
      values[index] = this.scale * pow(values[index]!, this.inverseShape)
    }
  }
}

export type WeibullOptions =
  | { readonly shape: number; readonly scale: number }
  | { readonly shape: number; readonly mean: number }

export const weibull: DistributionEntry<WeibullOptions> = {
  kind: 'weibull',
  summary: 'A power of an exponential, with shape and either scale (its 63rd percentile) or mean.',
  schemaOf: ({ value }) =>
    z
      .strictObject({
        shape: numberBetween('shape', 0.1, 100),
        scale: positive(value).optional(),
        mean: positive(value).optional(),
      })
      .refine(({ scale, mean }) => (scale === undefined) !== (mean === undefined), {
        error: 'weibull takes shape and either scale or mean',
      })
      .transform((options) => options as WeibullOptions),
  create(options) {
    const { shape } = options
    const scale = 'scale' in options ? options.scale : options.mean / gamma(1 + 1 / shape)
    return new Weibull(shape, scale)
  },
}
