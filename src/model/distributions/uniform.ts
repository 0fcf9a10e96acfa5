import { z } from 'zod'
import type { Generator } from '../../kernel/generator.ts'
import type { Distribution, DistributionEntry } from './distribution.ts'
import { requireOrder } from './parameters.ts'

/** Every value between two bounds equally likely. */
export class Uniform implements Distribution {
  readonly mean: number
  readonly variance: number
  private readonly minimum: number
  private readonly width: number

  constructor(minimum: number, maximum: number) {
    this.minimum = minimum
    this.width = maximum - minimum
    this.mean = minimum + 0.5 * this.width
    this.variance = (this.width * this.width) / 12
  }

  quantile(probability: number): number {
    return this.minimum + probability * this.width
  }

  cumulative(value: number): number {
    return Math.min(1, Math.max(0, (value - this.minimum) / this.width))
  }

  sample(generator: Generator): number {
    return this.minimum + generator.nextUniform() * this.width
  }

  fill(generator: Generator, values: Float64Array): void {
    for (let index = 0; index < values.length; index++) values[index] = this.sample(generator)
  }
}

export interface UniformOptions {
  readonly min: number
  readonly max: number
}

export const uniform: DistributionEntry<UniformOptions> = {
  kind: 'uniform',
  summary: 'Every value between min and max is equally likely.',
  schemaOf: ({ value }) =>
    z.strictObject({ min: value, max: value }).superRefine(({ min, max }, context) => {
      requireOrder(context, ['min', min], ['max', max])
    }),
  create: ({ min, max }) => new Uniform(min, max),
}
