import { z } from 'zod'
import { exp, expm1, log, log1p } from '../../kernel/elementary.ts'
import type { Generator } from '../../kernel/generator.ts'
import type { Distribution, DistributionEntry } from './distribution.ts'
import { numberBetween, positive, requireOrder } from './parameters.ts'

/**
 * Pareto's power law between two bounds: few values carry much of the sum. The upper bound keeps
 * mean and variance finite for every shape.
 */
export class BoundedPareto implements Distribution {
  readonly mean: number
  readonly variance: number
  private readonly shape: number
  private readonly minimum: number
  private readonly maximum: number
  /** The share of the unbounded law that lies above the maximum, less 1. */
  private readonly cut: number

  constructor(shape: number, minimum: number, maximum: number) {
    const logRange = log(maximum / minimum)
    // The n-th moment is minimum^n times the ratio of these integrals.
    const whole = integral(shape, logRange)
    const first = integral(shape - 1, logRange) / whole
    const second = integral(shape - 2, logRange) / whole
    this.shape = shape
    this.minimum = minimum
    this.maximum = maximum
    this.cut = expm1(-shape * logRange)
    this.mean = minimum * first
    this.variance = minimum * minimum * Math.max(0, second - first * first)
  }

  quantile(probability: number): number {
    const value = this.minimum * exp(-log1p(probability * this.cut) / this.shape)
    return Math.min(value, this.maximum)
  }

  cumulative(value: number): number {
    if (value <= this.minimum) return 0
    if (value >= this.maximum) return 1
    return expm1(-this.shape * log(value / this.minimum)) / this.cut
  }

  sample(generator: Generator): number {
    return this.quantile(generator.nextUniform())
  }

  fill(generator: Generator, values: Float64Array): void {
    for (let index = 0; index < values.length; index++) values[index] = this.sample(generator)
  }
}

/** The integral of e^(-rate x) from 0 to `length`, also for rate 0. */
function integral(rate: number, length: number): number {
  return rate === 0 ? length : -expm1(-rate * length) / rate
}

export interface ParetoOptions {
  readonly shape: number
  readonly min: number
  readonly max: number
}

export const pareto: DistributionEntry<ParetoOptions> = {
  kind: 'pareto',
  summary: 'A power law between min and max: the smaller the shape, the heavier the tail.',
  schemaOf: ({ value }) =>
    z
      .strictObject({ shape: numberBetween('shape', 0.01, 100), min: positive(value), max: value })
      .superRefine(({ min, max }, context) => requireOrder(context, ['min', min], ['max', max])),
  create: ({ shape, min, max }) => new BoundedPareto(shape, min, max),
}
