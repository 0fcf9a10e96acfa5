import { z } from 'zod'
import { expm1, log1p } from '../../kernel/elementary.ts'
import type { Generator } from '../../kernel/generator.ts'
import { fillExponential, standardExponential } from '../../kernel/ziggurat.ts'
import type { Distribution, DistributionEntry } from './distribution.ts'
import { positive } from './parameters.ts'

/** Memoryless: how long is left does not depend on how long it has been. */
export class Exponential implements Distribution {
  readonly mean: number
  readonly variance: number

  constructor(mean: number) {
    this.mean = mean
    this.variance = mean * mean
  }

  quantile(probability: number): number {
    return -this.mean * log1p(-probability)
  }

  cumulative(value: number): number {
    return value > 0 ? -expm1(-value / this.mean) : 0
  }

  sample(generator: Generator): number {
    return standardExponential(generator) * this.mean
  }

  fill(generator: Generator, values: Float64Array): void {
    fillExponential(generator, values, this.mean)
  }
}

export interface ExponentialOptions {
  readonly mean: number
}

export const exponential: DistributionEntry<ExponentialOptions> = {
  kind: 'exponential',
  summary: 'Memoryless, with a given mean: the service time of the classic queueing formulas.',
  schemaOf: ({ value }) => z.strictObject({ mean: positive(value) }),
  create: ({ mean }) => new Exponential(mean),
}
