import type { ScenarioFiles } from '../../../src/kernel/files.ts'
import type { Distribution } from '../../../src/model/distributions/distribution.ts'
import { loadEmpirical } from '../../../src/model/distributions/empirical.ts'
import { createDistribution, distributionSchema } from '../../../src/model/distributions/index.ts'
import { duration } from '../../../src/model/units.ts'

/** A distribution as a scenario writes it, under a name for test reports and golden tables. */
export interface DistributionCase {
  readonly name: string
  readonly written: unknown
}

/** Every family at least once, and every sampling path: shapes below, at and above 1, atoms. */
export const cases: readonly DistributionCase[] = [
  { name: 'constant, bare', written: '50ms' },
  { name: 'constant', written: { constant: { value: '1.5s' } } },
  { name: 'uniform', written: { uniform: { min: '10ms', max: '90ms' } } },
  { name: 'exponential', written: { exponential: { mean: '900ms' } } },
  { name: 'erlang 1', written: { erlang: { shape: 1, mean: '40ms' } } },
  { name: 'erlang 4', written: { erlang: { shape: 4, mean: '40ms' } } },
  { name: 'gamma 0.6', written: { gamma: { shape: 0.6, mean: '40ms' } } },
  { name: 'gamma 12.5', written: { gamma: { shape: 12.5, mean: '40ms' } } },
  {
    name: 'lognormal, median and p99',
    written: { lognormal: { median: '40ms', p99: '200ms' } },
  },
  {
    name: 'lognormal, median and sigma',
    written: { lognormal: { median: '40ms', sigma: 0.5 } },
  },
  { name: 'lognormal, mean and sigma', written: { lognormal: { mean: '300ms', sigma: 0.4 } } },
  { name: 'lognormal, mu and sigma', written: { lognormal: { mu: 3, sigma: 0.3 } } },
  { name: 'lognormal, sigma 0', written: { lognormal: { median: '1s', sigma: 0 } } },
  { name: 'weibull 0.7, mean', written: { weibull: { shape: 0.7, mean: '80ms' } } },
  { name: 'weibull 2, scale', written: { weibull: { shape: 2, scale: '80ms' } } },
  { name: 'pareto 1.5', written: { pareto: { shape: 1.5, min: '5ms', max: '2s' } } },
  { name: 'pareto 1', written: { pareto: { shape: 1, min: '5ms', max: '500ms' } } },
  { name: 'pareto 2', written: { pareto: { shape: 2, min: '5ms', max: '500ms' } } },
  {
    name: 'empirical, quantiles',
    written: {
      empirical: {
        quantiles: { p0: '1ms', p50: '20ms', p75: '20ms', 'p99.9': '300ms', p100: '2s' },
      },
    },
  },
  { name: 'empirical, file', written: { empirical: { file: 'durations.txt' } } },
  {
    name: 'mixture',
    written: {
      mixture: {
        of: [
          { weight: 9, distribution: { lognormal: { median: '20ms', p99: '60ms' } } },
          { weight: 1, distribution: { uniform: { min: '200ms', max: '400ms' } } },
        ],
      },
    },
  },
  {
    name: 'mixture with atoms and a file',
    written: {
      mixture: {
        of: [
          { weight: 1, distribution: '5ms' },
          { weight: 2, distribution: { exponential: { mean: '7ms' } } },
          { weight: 1, distribution: { empirical: { file: 'durations.txt' } } },
        ],
      },
    },
  },
]

/** Files of a scenario that live in memory. */
export function memoryFiles(contents: Readonly<Record<string, string>>): ScenarioFiles {
  return {
    async readText(path) {
      const text = contents[path]
      if (text === undefined) throw new Error(`${path} does not exist`)
      return text
    },
    async *readChunks(path) {
      yield new TextEncoder().encode(await this.readText(path))
    },
  }
}

const files = memoryFiles({ 'durations.txt': '# measured\n12\n3.5ms\n\n12\n1.25s\n40\n7\n' })
const schema = distributionSchema(duration)

export async function distributionOf({ written }: DistributionCase): Promise<Distribution> {
  const measured = await loadEmpirical('durations.txt', files)
  const choice = JSON.stringify(schema.parse(written), (_key, value) =>
    value?.file === 'durations.txt' ? measured : value,
  )
  return createDistribution(JSON.parse(choice))
}
