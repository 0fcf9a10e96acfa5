import type { Generator } from '../kernel/generator.ts'
import type { Distribution } from '../model/distributions/distribution.ts'

/** A distribution times a positive factor: a handler at another memory size. */
export class Scaled implements Distribution {
  readonly mean: number
  readonly variance: number
  private readonly inner: Distribution
  private readonly factor: number

  constructor(inner: Distribution, factor: number) {
    this.inner = inner
    this.factor = factor
    this.mean = inner.mean * factor
    this.variance = inner.variance * factor * factor
  }

  quantile(probability: number): number {
    return this.inner.quantile(probability) * this.factor
  }

  cumulative(value: number): number {
    return this.inner.cumulative(value / this.factor)
  }

  sample(generator: Generator): number {
    return this.inner.sample(generator) * this.factor
  }

  fill(generator: Generator, values: Float64Array): void {
    this.inner.fill(generator, values)
    for (let index = 0; index < values.length; index++) {
      values[index] = (values[index] ?? 0) * this.factor
    }
  }
}
