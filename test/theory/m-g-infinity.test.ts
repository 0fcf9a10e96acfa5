/**
 * M/G/infinity: without a limit in reach, the mean number of requests in flight is the arrival rate
 * times the mean service time, whatever the shape of the service time.
 */
import { describe, it } from 'vitest'
import { normalProbability } from '../../src/kernel/special-functions.ts'
import { replicate } from '../support/run.ts'
import { Claims } from './interval.ts'
import { CONSTANT, EXPONENTIAL, LOGNORMAL, oneFunction } from './one-function.ts'

const claims = new Claims('M/G/infinity')

const WARM_UP_SECONDS = 60
const RATE = 100

/** Mean of a Pareto distribution between `minimum` and `maximum`. */
function boundedParetoMean(shape: number, minimum: number, maximum: number): number {
  const cut = 1 - (minimum / maximum) ** shape
  const tail = minimum ** shape * (maximum ** (1 - shape) - minimum ** (1 - shape))
  return (shape * tail) / ((1 - shape) * cut)
}

/**
 * Started empty, the mean number in flight at time t lacks rate x E[(S - t)+]: what is still in
 * service of requests that would have come before time 0. Laws that end before the warm-up lack
 * nothing; of the lognormal one E[S; S > t] bounds it.
 */
const LOGNORMAL_BIAS = RATE * normalProbability(1 - (Math.log(WARM_UP_SECONDS) + 0.5))
const EXPONENTIAL_BIAS = RATE * Math.exp(-WARM_UP_SECONDS)

describe('Mean concurrency without a limit is the offered load', () => {
  it.each([
    { name: 'constant', service: CONSTANT, mean: 1, bias: 0, seconds: 120 },
    {
      name: 'uniform',
      service: { uniform: { min: '0.5s', max: '1.5s' } },
      mean: 1,
      bias: 0,
      seconds: 120,
    },
    { name: 'exponential', service: EXPONENTIAL, mean: 1, bias: EXPONENTIAL_BIAS, seconds: 200 },
    { name: 'lognormal', service: LOGNORMAL, mean: 1, bias: LOGNORMAL_BIAS, seconds: 300 },
    {
      name: 'bounded Pareto',
      service: { pareto: { shape: 1.8, min: '0.5s', max: '30s' } },
      mean: boundedParetoMean(1.8, 0.5, 30),
      bias: 0,
      seconds: 300,
    },
    {
      name: 'two-point',
      service: {
        mixture: {
          of: [
            { weight: 9, distribution: '0.5s' },
            { weight: 1, distribution: '5.5s' },
          ],
        },
      },
      mean: 1,
      bias: 0,
      seconds: 300,
    },
  ])('$name service', async ({ service, mean, bias, seconds }) => {
    const scenario = oneFunction({
      durationSeconds: WARM_UP_SECONDS + seconds,
      warmUpSeconds: WARM_UP_SECONDS,
      service,
      traffic: { rate: `${RATE}/s` },
    })
    const busy = await replicate(scenario, 20, (view) =>
      view.value('f.ConcurrentExecutions.average'),
    )
    claims.expectMean(busy, RATE * mean, { bias })
  })
})
