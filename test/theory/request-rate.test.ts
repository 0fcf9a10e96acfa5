/**
 * The request-rate limits are token buckets: ten requests a second for each unit of concurrency,
 * and one second's worth at once. Under Poisson requests such a bucket loses what M/D/1/K does.
 */
import { describe, expect, it } from 'vitest'
import { type RunView, replicate, run } from '../support/run.ts'
import { Claims, PRECISION, RARE_PRECISION } from './interval.ts'
import { lossMD1K } from './known-answers.ts'
import { oneFunction } from './one-function.ts'

const claims = new Claims('request rate')

interface RateLimit {
  /** In units of concurrency. */
  readonly account: number
  readonly settings?: object
  readonly traffic: object
  readonly seconds: number
}

/** Handlers of 1 us: even with a single place, one request in 40,000 at most meets no room. */
function limited({ account, settings = {}, traffic, seconds }: RateLimit): object {
  return oneFunction({
    durationSeconds: seconds,
    concurrentExecutions: account,
    service: '1us',
    settings,
    traffic,
  })
}

function lossOf(view: RunView) {
  return { share: view.value('f.Throttles.share'), causes: Object.keys(view.throttles()) }
}

describe('A request-rate limit under Poisson requests loses what M/D/1/K does', () => {
  it.each([
    { name: 'at its rate', rate: 10, seconds: 10_000, precision: RARE_PRECISION },
    { name: 'a fifth above it', rate: 12, seconds: 4_000, precision: PRECISION },
  ])('the account limit, requests $name', async ({ rate, seconds, precision }) => {
    const scenario = limited({ account: 1, traffic: { rate: `${rate}/s` }, seconds })
    const runs = await replicate(scenario, 20, lossOf)
    for (const { causes } of runs) expect(causes).toContain('f account-rate')
    const known = lossMD1K(10, rate / 10)
    claims.expectMean(
      runs.map(({ share }) => share),
      known,
      { precision, bias: 1 / 40_000 },
    )
  })

  it('the limit of reserved concurrency', async () => {
    const scenario = limited({
      account: 1000,
      settings: { reservedConcurrentExecutions: 2 },
      traffic: { rate: '24/s' },
      seconds: 4_000,
    })
    const runs = await replicate(scenario, 20, lossOf)
    for (const { causes } of runs) expect(causes).toContain('f reserved-rate')
    claims.expectMean(
      runs.map(({ share }) => share),
      lossMD1K(20, 1.2),
    )
  })
})

it('a request-rate limit lets through its rate and one second of it, exactly', async () => {
  // Request k of 60/s comes at (k + 1/2) / 60 s. From the start of saturation on, as many are
  // through as there have been tokens: at the last one, 5999.5 / 60 s, these are 20 + 1999.8.
  const traffic = { process: 'constant', rate: '60/s' }
  const scenario = limited({ account: 2, traffic, seconds: 100 })
  const view = await run(scenario, { rows: false })
  expect(view.value('f.Invocations.sum')).toBe(2019)
  expect(view.throttles()).toEqual({ 'f account-rate': 6000 - 2019 })
})
