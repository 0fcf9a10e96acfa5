import { z } from 'zod'
import { exp, log } from '../../kernel/elementary.ts'
import type { Generator } from '../../kernel/generator.ts'
import { lowerGamma, lowerGammaInverse } from '../../kernel/special-functions.ts'
import { standardExponential, standardNormal } from '../../kernel/ziggurat.ts'
import type { Distribution, DistributionEntry } from './distribution.ts'
import { numberBetween, positive } from './parameters.ts'

/**
 * Between memoryless (shape 1) and regular (large shape); below 1 burstier than memoryless.
 * Drawn by Marsaglia and Tsang's method (2000), below shape 1 with their factor U^(1 / shape).
 */
export class Gamma implements Distribution {
  readonly mean: number
  readonly variance: number
  private readonly shape: number
  private readonly scale: number
  /** Marsaglia and Tsang's d and c for the shape, or for shape + 1 when it is below 1. */
  private readonly d: number
  private readonly c: number

  constructor(shape: number, mean: number) {
    this.shape = shape
    this.scale = mean / shape
    this.mean = mean
    this.variance = (mean * mean) / shape
    this.d = (shape < 1 ? shape + 1 : shape) - 1 / 3
    this.c = 1 / Math.sqrt(9 * this.d)
  }

  quantile(probability: number): number {
    return this.scale * lowerGammaInverse(this.shape, probability)
  }

  cumulative(value: number): number {
    return lowerGamma(this.shape, value / this.scale)
  }

  sample(generator: Generator): number {
    const value = this.scale * this.d * this.drawCube(generator)
    // U^(1 / shape), where -log U is a standard exponential.
    return this.shape < 1 ? value * exp(-standardExponential(generator) / this.shape) : value
  }

  fill(generator: Generator, values: Float64Array): void {
    for (let index = 0; index < values.length; index++) values[index] = this.sample(generator)
  }

  /** (1 + c Z)^3, accepted with the ratio of the two densities. */
  private drawCube(generator: Generator): number {
    for (;;) {
      const x = standardNormal(generator)
      const root = 1 + this.c * x
      if (root <= 0) continue
      const cube = root * root * root
      const square = x * x
      const uniform = generator.nextOpenUniform()
      // The first bound spares the logarithms in all but 2 % of draws.
      if (uniform < 1 - 0.0331 * square * square) return cube
      if (log(uniform) < 0.5 * square + this.d * (1 - cube + log(cube))) return cube
    }
  }
}

export interface GammaOptions {
  readonly shape: number
  readonly mean: number
}

export const gamma: DistributionEntry<GammaOptions> = {
  kind: 'gamma',
  summary: 'Positive and skewed; the larger the shape, the more regular (1 is exponential).',
  schemaOf: ({ value }) =>
    z.strictObject({ shape: numberBetween('shape', 0.01, 1_000_000), mean: positive(value) }),
  create: ({ shape, mean }) => new Gamma(shape, mean),
}
