/** What gets through: a token bucket under Poisson calls, contention under a closed loop. */
import { expect, it } from 'vitest'
import { replicate } from '../support/run.ts'
import { Claims } from './interval.ts'
import { lossMD1K } from './known-answers.ts'
import { EXPONENTIAL, oneFunction } from './one-function.ts'

const claims = new Claims('throughput downstream')

it('a rate limit lets through what M/D/1/K does not lose', async () => {
  const rate = 10
  const burst = 4
  // Twenty fills of the bucket from full: by coupling the two have met long before.
  const scenario = {
    ...oneFunction({
      durationSeconds: 3_050,
      warmUpSeconds: 50,
      service: '1ms',
      settings: { handler: { duration: '1ms', calls: [{ downstream: 'api' }] } },
      traffic: { rate: '10/s' },
    }),
    downstreams: { api: { type: 'rate-limited', rate: `${rate}/s`, burst, service: '1ms' } },
  }
  const shares = await replicate(scenario, 40, (view) => view.value('api.CallThrottles.share'))
  claims.expectMean(shares, lossMD1K(burst, 10 / rate))
})

const OWN_SECONDS = 1e-6
const CONTENTION = { sigma: 0.05, kappa: 0.01 }

/** As many callers as there are, each calls again as soon as it is answered. */
function loop(users: number, service: string | object, seconds: number): object {
  return {
    ...oneFunction({
      durationSeconds: 100 + seconds,
      warmUpSeconds: 100,
      service: '1us',
      settings: { handler: { duration: '1us', calls: [{ downstream: 'db' }] } },
      traffic: { process: 'users', users, thinkTime: '1us' },
    }),
    downstreams: { db: { type: 'degrading', service, contention: CONTENTION } },
  }
}

/** N. J. Gunther's law, with one call a second alone. */
function scalability(users: number): number {
  const { sigma, kappa } = CONTENTION
  return users / (1 + sigma * (users - 1) + kappa * users * (users - 1))
}

it.each([1, 2, 5, 10, 40])(
  '%i callers get what the universal scalability law says',
  async (users) => {
    // Constant services: all callers go round together, as fast as the law says.
    const [calls] = await replicate(loop(users, '1s', 10_000), 1, (view) =>
      view.value('db.Calls.sum'),
    )
    const exact = scalability(users) * 10_000
    // A cycle is longer by the own time and the thinking; its ends cut one call of each caller off.
    expect(calls!).toBeLessThanOrEqual(exact + users)
    expect(calls!).toBeGreaterThanOrEqual(exact * (1 - 3 * OWN_SECONDS) - users)
  },
)

it('ten callers get it on average when services are exponential', async () => {
  const users = 10
  const perSecond = await replicate(
    loop(users, EXPONENTIAL, 5_000),
    20,
    (view) => view.value('db.Calls.sum') / 5_000,
  )
  const known = scalability(users)
  // A service that begins while others are between two calls meets fewer: with a chance of at most
  // `users` times the share of the 2 us in a cycle, and it is then faster by less than twice.
  claims.expectMean(perSecond, known, { bias: known * 4 * users * OWN_SECONDS })
})
