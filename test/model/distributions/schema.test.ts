import { describe, expect, it } from 'vitest'
import { z } from 'zod'
import { createDistribution, distributionSchema } from '../../../src/model/distributions/index.ts'
import { duration } from '../../../src/model/units.ts'

const schema = distributionSchema(duration)

/** What is wrong with a distribution: path and message of every fault. */
function faults(written: unknown): string[] {
  const result = z.strictObject({ duration: schema }).safeParse({ duration: written })
  return result.success
    ? []
    : result.error.issues.map(({ path, message }) => `${path.join('.')}: ${message}`)
}

function meanUs(written: unknown): number {
  return createDistribution(schema.parse(written)).mean
}

describe('what may be written', () => {
  it('is plain data after parsing, durations in microseconds', () => {
    expect(schema.parse('50ms')).toEqual({ kind: 'constant', options: { value: 50_000 } })
    expect(schema.parse({ lognormal: { median: '40ms', p99: '200ms' } })).toEqual({
      kind: 'lognormal',
      options: { median: 40_000, p99: 200_000 },
    })
  })

  it('means the same in every form of lognormal', () => {
    const sigma = 0.5
    const median = 40_000
    const expected = median * Math.exp(0.5 * sigma * sigma)
    const forms = [
      { median: '40ms', sigma },
      { mean: `${expected}us`, sigma },
      // The logarithm is of milliseconds.
      { mu: Math.log(40), sigma },
    ]
    // `mean` was rounded to a millionth of a microsecond when it was read.
    for (const form of forms) {
      expect(Math.abs(meanUs({ lognormal: form }) / expected - 1)).toBeLessThan(1e-10)
    }
  })

  it('makes p99 of a lognormal the 99th percentile', () => {
    const distribution = createDistribution(
      schema.parse({ lognormal: { median: '40ms', p99: '200ms' } }),
    )
    expect(Math.abs(distribution.quantile(0.5) / 40_000 - 1)).toBeLessThan(1e-14)
    expect(Math.abs(distribution.quantile(0.99) / 200_000 - 1)).toBeLessThan(1e-14)
  })

  it('works for plain numbers too, whose logarithms have no unit', () => {
    const plain = distributionSchema(z.number().min(0), 1)
    expect(createDistribution(plain.parse(7)).mean).toBe(7)
    const { mean } = createDistribution(plain.parse({ lognormal: { mu: 2, sigma: 0 } }))
    expect(Math.abs(mean / Math.exp(2) - 1)).toBeLessThan(1e-15)
  })
})

describe('what is refused', () => {
  it.each<[unknown, string[]]>([
    [50, ['duration: `50` has no unit: write 50s or 50ms, say']],
    [
      { lognorm: { median: '1s' } },
      [
        'duration.lognorm: `lognorm` is not a distribution: known are constant, uniform, exponential, erlang, gamma, lognormal, weibull, pareto, empirical, mixture',
      ],
    ],
    [
      {},
      [
        'duration: a distribution is a bare value or one of constant, uniform, exponential, erlang, gamma, lognormal, weibull, pareto, empirical, mixture with its options',
      ],
    ],
    [
      { constant: { value: '1s' }, uniform: {} },
      [
        'duration: a distribution is a bare value or one of constant, uniform, exponential, erlang, gamma, lognormal, weibull, pareto, empirical, mixture with its options',
      ],
    ],
    [
      { uniform: { min: '5ms', max: '5ms' } },
      ['duration.uniform.max: max must be greater than min'],
    ],
    [{ exponential: { mean: '0s' } }, ['duration.exponential.mean: must be greater than 0']],
    [
      { exponential: { mean: 3, median: '1s' } },
      [
        'duration.exponential.mean: `3` has no unit: write 3s or 3ms, say',
        'duration.exponential: Unrecognized key: "median"',
      ],
    ],
    [
      { erlang: { shape: 1.5, mean: '1s' } },
      ['duration.erlang.shape: shape is a whole number from 1 to 1000000'],
    ],
    [
      { gamma: { shape: 0, mean: '1s' } },
      ['duration.gamma.shape: shape is a number from 0.01 to 1000000'],
    ],
    [
      { lognormal: { median: '40ms', p99: '20ms' } },
      ['duration.lognormal.p99: p99 must be greater than median'],
    ],
    [
      { lognormal: { median: '40ms' } },
      [
        'duration.lognormal: lognormal takes median and p99, median and sigma, mean and sigma, or mu and sigma',
      ],
    ],
    [
      { lognormal: { median: '40ms', sigma: -1 } },
      ['duration.lognormal.sigma: sigma is a number from 0 to 10'],
    ],
    [
      { weibull: { shape: 2, scale: '1s', mean: '1s' } },
      ['duration.weibull: weibull takes shape and either scale or mean'],
    ],
    [
      { pareto: { shape: 1, min: '2s', max: '1s' } },
      ['duration.pareto.max: max must be greater than min'],
    ],
    [
      { pareto: { shape: 1, min: '0s', max: '1s' } },
      ['duration.pareto.min: must be greater than 0'],
    ],
    [{ empirical: {} }, ['duration.empirical: empirical takes either quantiles or file']],
    [
      { empirical: { quantiles: { p50: '1s', p100: '2s' } } },
      ['duration.empirical.quantiles: quantiles need p0 and p100: p0 is missing'],
    ],
    [
      { empirical: { quantiles: { p0: '1s', p50: '3s', p100: '2s' } } },
      ['duration.empirical.quantiles.p100: p100 must not be less than p50'],
    ],
    [
      { empirical: { quantiles: { p0: '1s', p5: '2s', 'p5.0': '2s', p100: '2s' } } },
      ['duration.empirical.quantiles.p5.0: p5.0 and p5 are the same quantile'],
    ],
    [
      { empirical: { quantiles: { p0: '1s', p101: '2s', p100: '2s' } } },
      [
        'duration.empirical.quantiles.p101: `p101` is not a quantile: write p0, p50, p99.9 or p100, say',
      ],
    ],
    [{ mixture: { of: [] } }, ['duration.mixture.of: a mixture needs at least one distribution']],
    [
      {
        mixture: {
          of: [
            { weight: 0, distribution: '1s' },
            { weight: 1, distribution: { mixture: { of: [] } } },
          ],
        },
      },
      [
        'duration.mixture.of.0.weight: weight must be greater than 0',
        'duration.mixture.of.1.distribution.mixture: `mixture` is not a distribution: known are constant, uniform, exponential, erlang, gamma, lognormal, weibull, pareto, empirical',
      ],
    ],
  ])('%j', (written, expected) => {
    expect(faults(written)).toEqual(expected)
  })
})
