/** Environments that serve several requests at once: together they are one loss system. */
import { expect, it } from 'vitest'
import { erlangB } from '../../src/stats/queueing-theory.ts'
import { managed } from '../support/managed.ts'
import { replicate } from '../support/run.ts'
import { Claims } from './interval.ts'

const claims = new Claims('managed instances')

/** Which environment the router prefers does not matter: a request is lost when all are full. */
const ENVIRONMENTS = 4
const PLACES = 5
/** In erlangs, and in requests a second as the service takes one on average. */
const LOAD = 20

it.each([
  ['exponential', { exponential: { mean: '1s' } }],
  ['lognormal', { lognormal: { mean: '1s', sigma: 1 } }],
])('a fleet that does not grow loses what Erlang B says: %s service', async (_, duration) => {
  const text = managed({
    settings: { handler: { duration } },
    use: { perExecutionEnvironmentMaxConcurrency: PLACES },
    scaling: { minExecutionEnvironments: ENVIRONMENTS, maxExecutionEnvironments: ENVIRONMENTS },
    traffic: { callers: { to: 'f', rate: `${LOAD}/s` } },
    more: { duration: '5050s', warmUp: '50s', metricsPeriod: '5050s' },
  })
  const runs = await replicate(text, 40, (view) => ({
    share: view.value('f.Throttles.share'),
    causes: Object.keys(view.throttles()),
  }))
  for (const { causes } of runs) expect(causes).toEqual(['f managed-concurrency'])
  claims.expectMean(
    runs.map(({ share }) => share),
    erlangB(ENVIRONMENTS * PLACES, LOAD),
  )
})
