import { z } from 'zod'
import type { ScenarioFiles } from '../../kernel/files.ts'
import type { Generator } from '../../kernel/generator.ts'
import { invariant } from '../../kernel/invariant.ts'
import { parseDuration, UnitError } from '../units.ts'
import type { Distribution, DistributionEntry } from './distribution.ts'

/** Known quantiles, joined by straight lines. */
export class EmpiricalQuantiles implements Distribution {
  readonly mean: number
  readonly variance: number
  private readonly probabilities: readonly number[]
  private readonly values: readonly number[]

  /** Probabilities increase from 0 to 1; values do not decrease. */
  constructor(probabilities: readonly number[], values: readonly number[]) {
    this.probabilities = probabilities
    this.values = values
    let mean = 0
    for (let index = 1; index < values.length; index++) {
      mean += this.weight(index) * 0.5 * (values[index - 1]! + values[index]!)
    }
    let variance = 0
    for (let index = 1; index < values.length; index++) {
      const low = values[index - 1]! - mean
      const high = values[index]! - mean
      variance += (this.weight(index) * (low * low + low * high + high * high)) / 3
    }
    this.mean = mean
    this.variance = variance
  }

  /** How much probability lies between one known quantile and the one before it. */
  private weight(index: number): number {
    return this.probabilities[index]! - this.probabilities[index - 1]!
  }

  quantile(probability: number): number {
    let index = 1
    while (this.probabilities[index]! < probability) index++
    const low = this.values[index - 1]!
    const high = this.values[index]!
    const fraction = (probability - this.probabilities[index - 1]!) / this.weight(index)
    return Math.min(high, low + fraction * (high - low))
  }

  cumulative(value: number): number {
    const last = this.values.length - 1
    if (value < this.values[0]!) return 0
    if (value >= this.values[last]!) return 1
    let index = 1
    while (this.values[index]! <= value) index++
    const low = this.values[index - 1]!
    const fraction = (value - low) / (this.values[index]! - low)
    return this.probabilities[index - 1]! + fraction * this.weight(index)
  }

  sample(generator: Generator): number {
    return this.quantile(generator.nextUniform())
  }

  fill(generator: Generator, values: Float64Array): void {
    for (let index = 0; index < values.length; index++) values[index] = this.sample(generator)
  }
}

/** Measured values, each as likely as any other. */
export class EmpiricalSamples implements Distribution {
  readonly mean: number
  readonly variance: number
  private readonly sorted: readonly number[]

  constructor(sorted: readonly number[]) {
    this.sorted = sorted
    this.mean = sorted.reduce((sum, value) => sum + value, 0) / sorted.length
    this.variance =
      sorted.reduce((sum, value) => sum + (value - this.mean) * (value - this.mean), 0) /
      sorted.length
  }

  quantile(probability: number): number {
    const count = this.sorted.length
    const rank = Math.max(1, Math.ceil(probability * count))
    // The product may be rounded up to just above a whole rank; the quotient tells.
    return this.sorted[rank > 1 && (rank - 1) / count >= probability ? rank - 2 : rank - 1]!
  }

  cumulative(value: number): number {
    let low = 0
    let high = this.sorted.length
    while (low < high) {
      const middle = (low + high) >>> 1
      if (this.sorted[middle]! <= value) low = middle + 1
      else high = middle
    }
    return low / this.sorted.length
  }

  sample(generator: Generator): number {
    return this.sorted[Math.floor(generator.nextUniform() * this.sorted.length)]!
  }

  fill(generator: Generator, values: Float64Array): void {
    for (let index = 0; index < values.length; index++) values[index] = this.sample(generator)
  }
}

export type EmpiricalOptions =
  | { readonly quantiles: Readonly<Record<string, number>> }
  /** Has to be replaced by what `loadEmpirical` reads before the distribution is created. */
  | { readonly file: string }
  | { readonly samples: readonly number[] }

const QUANTILE_NAME = /^p(100|[0-9]{1,2}(\.[0-9]+)?)$/

function sortedQuantiles(quantiles: Readonly<Record<string, number>>) {
  return Object.entries(quantiles)
    .map(([name, value]) => ({ name, probability: Number(name.slice(1)) / 100, value }))
    .sort((first, second) => first.probability - second.probability)
}

function checkQuantiles(quantiles: Readonly<Record<string, number>>, context: z.RefinementCtx) {
  const complain = (message: string, path: string[] = []) =>
    context.addIssue({ code: 'custom', path, message, input: quantiles })
  const unknown = Object.keys(quantiles).filter((name) => !QUANTILE_NAME.test(name))
  for (const name of unknown) {
    complain(`\`${name}\` is not a quantile: write p0, p50, p99.9 or p100, say`, [name])
  }
  for (const name of ['p0', 'p100']) {
    if (quantiles[name] === undefined) complain(`quantiles need p0 and p100: ${name} is missing`)
  }
  if (unknown.length > 0) return
  const sorted = sortedQuantiles(quantiles)
  for (let index = 1; index < sorted.length; index++) {
    const low = sorted[index - 1]!
    const high = sorted[index]!
    if (low.probability === high.probability) {
      complain(`${high.name} and ${low.name} are the same quantile`, [high.name])
    } else if (high.value < low.value) {
      complain(`${high.name} must not be less than ${low.name}`, [high.name])
    }
  }
}

export const empirical: DistributionEntry<EmpiricalOptions> = {
  kind: 'empirical',
  summary:
    'What was measured: quantiles joined by straight lines, or a file with a value per line.',
  schemaOf: ({ value }) =>
    z
      .strictObject({
        quantiles: z.record(z.string(), value).superRefine(checkQuantiles).optional(),
        file: z.string().min(1, { error: 'file is a path relative to the scenario' }).optional(),
      })
      .refine(({ quantiles, file }) => (quantiles === undefined) !== (file === undefined), {
        error: 'empirical takes either quantiles or file',
      })
      .transform((options) => options as EmpiricalOptions),
  create(options) {
    if ('samples' in options) return new EmpiricalSamples(options.samples)
    invariant('quantiles' in options, () => 'an empirical file has to be loaded before it is used')
    const sorted = sortedQuantiles(options.quantiles)
    return new EmpiricalQuantiles(
      sorted.map(({ probability }) => probability),
      sorted.map(({ value }) => value),
    )
  },
}

/**
 * Reads measured durations: one per line with its unit (`41.5ms`) or bare in milliseconds; empty
 * lines and those that start with # are skipped. Rejects with a message that names file and line.
 */
export async function loadEmpirical(
  path: string,
  files: ScenarioFiles,
): Promise<{ readonly samples: readonly number[] }> {
  const samples: number[] = []
  const lines = (await files.readText(path)).split(/\r?\n/)
  lines.forEach((line, index) => {
    const text = line.trim()
    if (text === '' || text.startsWith('#')) return
    try {
      samples.push(parseMeasured(text))
    } catch (error) {
      if (!(error instanceof UnitError)) throw error
      throw new Error(`${path}, line ${index + 1}: ${error.message}`)
    }
  })
  if (samples.length === 0) throw new Error(`${path} has no values`)
  return { samples: samples.sort((first, second) => first - second) }
}

function parseMeasured(text: string): number {
  return parseDuration(/^[0-9]+(\.[0-9]+)?$/.test(text) ? `${text}ms` : text)
}
