/** Erlang's loss formula at a reserved limit: what an M/G/c/c system loses and what it carries. */
import { expect, it } from 'vitest'
import { erlangB } from '../../src/stats/queueing-theory.ts'
import { replicate } from '../support/run.ts'
import { Claims } from './interval.ts'
import { CONSTANT, EXPONENTIAL, LOGNORMAL, oneFunction } from './one-function.ts'

const claims = new Claims('Erlang loss')

const LIMIT = 10
/** In erlangs, and in requests a second as the service takes one. */
const LOAD = 10

/**
 * From an empty start the distance to the stationary state falls at least as fast as exp(-t / 1 s)
 * with exponential service (two copies of the system that differ by a request agree when it ends),
 * so that a warm-up of 50 s leaves less than 1e-20 of it.
 */
function lossSystem(service: string | object, seconds: number): object {
  return oneFunction({
    durationSeconds: 50 + seconds,
    warmUpSeconds: 50,
    service,
    settings: { reservedConcurrentExecutions: LIMIT },
    traffic: { rate: `${LOAD}/s` },
  })
}

it.each([
  ['exponential', EXPONENTIAL],
  ['constant', CONSTANT],
  ['lognormal', LOGNORMAL],
])('a reserved limit loses what Erlang B says: %s service', async (_, service) => {
  const runs = await replicate(lossSystem(service, 3_000), 40, (view) => ({
    share: view.value('f.Throttles.share'),
    causes: Object.keys(view.throttles()),
  }))
  for (const { causes } of runs) expect(causes).toEqual(['f reserved-concurrency'])
  claims.expectMean(
    runs.map(({ share }) => share),
    erlangB(LIMIT, LOAD),
  )
})

it('a reserved limit carries what is not lost: mean concurrency is a (1 - B)', async () => {
  const busy = await replicate(lossSystem(EXPONENTIAL, 1_000), 20, (view) =>
    view.value('f.ConcurrentExecutions.average'),
  )
  claims.expectMean(busy, LOAD * (1 - erlangB(LIMIT, LOAD)))
})
