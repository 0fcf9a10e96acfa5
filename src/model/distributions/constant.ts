import { z } from 'zod'
import type { Distribution, DistributionEntry } from './distribution.ts'

/** Always the same value; draws nothing from its generator. */
export class Constant implements Distribution {
  readonly mean: number
  readonly variance = 0

  constructor(value: number) {
    this.mean = value
  }

  quantile(): number {
    return this.mean
  }

  cumulative(value: number): number {
    return value >= this.mean ? 1 : 0
  }

  sample(): number {
    return this.mean
  }

  fill(_generator: unknown, values: Float64Array): void {
    values.fill(this.mean)
  }
}

export interface ConstantOptions {
  readonly value: number
}

export const constant: DistributionEntry<ConstantOptions> = {
  kind: 'constant',
  summary: 'Always the same value. A bare value means the same.',
  schemaOf: ({ value }) => z.strictObject({ value }),
  create: ({ value }) => new Constant(value),
}
