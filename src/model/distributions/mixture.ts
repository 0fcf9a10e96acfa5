import { z } from 'zod'
import type { Generator } from '../../kernel/generator.ts'
import { choiceSchema, createChoice } from './choice.ts'
import type { Distribution, DistributionChoice, DistributionEntry } from './distribution.ts'
import { numberBetween } from './parameters.ts'

export interface MixtureComponent {
  readonly weight: number
  readonly distribution: Distribution
}

/** Each value comes from one of several distributions, chosen by weight. */
export class Mixture implements Distribution {
  readonly mean: number
  readonly variance: number
  private readonly weights: readonly number[]
  private readonly components: readonly Distribution[]

  constructor(components: readonly MixtureComponent[]) {
    const total = components.reduce((sum, { weight }) => sum + weight, 0)
    this.weights = components.map(({ weight }) => weight / total)
    this.components = components.map(({ distribution }) => distribution)
    this.mean = this.average((component) => component.mean)
    this.variance = this.average((component) => {
      const distance = component.mean - this.mean
      return component.variance + distance * distance
    })
  }

  private average(of: (component: Distribution) => number): number {
    return this.components.reduce(
      (sum, component, index) => sum + this.weights[index]! * of(component),
      0,
    )
  }

  /** Halves the interval between the components' own quantiles until no double lies inside. */
  quantile(probability: number): number {
    const quantiles = this.components.map((component) => component.quantile(probability))
    let low = Math.min(...quantiles)
    let high = Math.max(...quantiles)
    if (high === Infinity) return high
    if (this.cumulative(low) >= probability) return low
    for (;;) {
      const middle = low + 0.5 * (high - low)
      if (middle <= low || middle >= high) return high
      if (this.cumulative(middle) < probability) low = middle
      else high = middle
    }
  }

  cumulative(value: number): number {
    return Math.min(
      1,
      this.average((component) => component.cumulative(value)),
    )
  }

  sample(generator: Generator): number {
    let left = generator.nextUniform()
    const last = this.components.length - 1
    for (let index = 0; index < last; index++) {
      left -= this.weights[index]!
      if (left < 0) return this.components[index]!.sample(generator)
    }
    return this.components[last]!.sample(generator)
  }

  fill(generator: Generator, values: Float64Array): void {
    for (let index = 0; index < values.length; index++) values[index] = this.sample(generator)
  }
}

export interface MixtureOptions {
  readonly of: readonly { readonly weight: number; readonly distribution: DistributionChoice }[]
}

/** The entry of mixtures of the given families; itself not among them, so that nesting ends. */
export function mixtureOf(
  families: readonly DistributionEntry[],
): DistributionEntry<MixtureOptions> {
  return {
    kind: 'mixture',
    summary: 'Each value comes from one of several distributions, chosen by weight.',
    schemaOf: (unit) =>
      z.strictObject({
        of: z
          .array(
            z.strictObject({
              weight: numberBetween('weight', 0, 1e9).refine((weight) => weight > 0, {
                error: 'weight must be greater than 0',
              }),
              distribution: choiceSchema(families, unit),
            }),
          )
          .min(1, { error: 'a mixture needs at least one distribution' }),
      }),
    create: ({ of }) =>
      new Mixture(
        of.map(({ weight, distribution }) => ({
          weight,
          distribution: createChoice(families, distribution),
        })),
      ),
  }
}
