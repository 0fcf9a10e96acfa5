import { z } from 'zod'
import { exp, expm1, log } from '../../kernel/elementary.ts'
import type { Generator } from '../../kernel/generator.ts'
import { normalProbability, normalQuantile } from '../../kernel/special-functions.ts'
import { fillNormal, standardNormal } from '../../kernel/ziggurat.ts'
import type { Distribution, DistributionEntry, DistributionUnit } from './distribution.ts'
import { numberBetween, positive, requireOrder } from './parameters.ts'

const P99 = 0.99

/** Values whose logarithm is normal: the usual shape of latencies, skewed to the right. */
export class Lognormal implements Distribution {
  readonly mean: number
  readonly variance: number
  private readonly mu: number
  private readonly sigma: number

  /** `mu` and `sigma` are mean and standard deviation of the value's natural logarithm. */
  constructor(mu: number, sigma: number) {
    this.mu = mu
    this.sigma = sigma
    this.mean = exp(mu + 0.5 * sigma * sigma)
    this.variance = expm1(sigma * sigma) * this.mean * this.mean
  }

  quantile(probability: number): number {
    if (this.sigma === 0) return exp(this.mu)
    return exp(this.mu + this.sigma * normalQuantile(probability))
  }

  cumulative(value: number): number {
    if (value <= 0) return 0
    if (this.sigma === 0) return value >= exp(this.mu) ? 1 : 0
    return normalProbability((log(value) - this.mu) / this.sigma)
  }

  sample(generator: Generator): number {
    return exp(this.mu + this.sigma * standardNormal(generator))
  }

  fill(generator: Generator, values: Float64Array): void {
    const mu = this.mu
    const sigma = this.sigma
    fillNormal(generator, values)
    for (let index = 0; index < values.length; index++) {
      values[index] = exp(mu + sigma * values[index]!)
    }
  }
}

export type LognormalOptions =
  | { readonly median: number; readonly p99: number }
  | { readonly median: number; readonly sigma: number }
  | { readonly mean: number; readonly sigma: number }
  /** `mu` belongs to the stored unit: for durations the natural logarithm of microseconds. */
  | { readonly mu: number; readonly sigma: number }

const FORMS = 'median and p99, median and sigma, mean and sigma, or mu and sigma'
const FORM_KEYS = ['median,p99', 'median,sigma', 'mean,sigma', 'mu,sigma']

function schemaOf({ value, naturalScale }: DistributionUnit): z.ZodType<LognormalOptions> {
  const location = positive(value)
  return z
    .strictObject({
      median: location.optional(),
      mean: location.optional(),
      mu: numberBetween('mu', -20, 25)
        .optional()
        .meta({ description: 'Mean of the natural logarithm; for durations of milliseconds.' }),
      p99: location.optional(),
      sigma: numberBetween('sigma', 0, 10)
        .optional()
        .meta({ description: 'Standard deviation of the natural logarithm.' }),
    })
    .superRefine((options, context) => {
      const keys = Object.entries(options).flatMap(([key, given]) =>
        given === undefined ? [] : key,
      )
      if (!FORM_KEYS.includes(keys.join(','))) {
        context.addIssue({ code: 'custom', message: `lognormal takes ${FORMS}`, input: options })
      }
      if (options.median !== undefined && options.p99 !== undefined) {
        requireOrder(context, ['median', options.median], ['p99', options.p99])
      }
    })
    .transform(({ mu, ...options }) =>
      mu === undefined
        ? (options as LognormalOptions)
        : ({ ...options, mu: mu + log(naturalScale) } as LognormalOptions),
    )
}

export const lognormal: DistributionEntry<LognormalOptions> = {
  kind: 'lognormal',
  summary: `Skewed to the right, as most latencies are. Takes ${FORMS}.`,
  schemaOf,
  create(options) {
    if ('mu' in options) return new Lognormal(options.mu, options.sigma)
    if ('mean' in options) {
      const { mean, sigma } = options
      return new Lognormal(log(mean) - 0.5 * sigma * sigma, sigma)
    }
    const sigma =
      'p99' in options ? log(options.p99 / options.median) / normalQuantile(P99) : options.sigma
    return new Lognormal(log(options.median), sigma)
  },
}
