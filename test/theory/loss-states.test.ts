/** The states of M/M/c/c behind a reserved limit: a Poisson distribution, cut off and scaled up. */
import { expect, it } from 'vitest'
import { compileText, type RunView, runCompiled, SECOND } from '../support/run.ts'
import { Claims } from './interval.ts'
import { poissonWeights, sum } from './known-answers.ts'
import { EXPONENTIAL, oneFunction } from './one-function.ts'

const SERVERS = 3
const RATE = 2

/** The share of time with 0, 1, 2, ... requests in flight, from `fromUs` to the last arrival. */
function sharesOfTime({ attempts }: RunView, fromUs: number): number[] {
  const served = attempts.filter(({ outcome }) => outcome === 'succeeded')
  const starts = Float64Array.from(served, ({ arrivedUs }) => arrivedUs).sort()
  const ends = Float64Array.from(served, (row) => row.arrivedUs + row.latencyUs).sort()
  const time: number[] = new Array(SERVERS + 1).fill(0)
  let ended = 0
  let nowUs = fromUs
  const passUntil = (untilUs: number, busy: number): void => {
    if (untilUs <= nowUs) return
    time[busy]! += untilUs - nowUs
    nowUs = untilUs
  }
  for (const [started, startUs] of starts.entries()) {
    while (ends[ended]! <= startUs) {
      passUntil(ends[ended]!, started - ended)
      ended++
    }
    passUntil(startUs, started - ended)
  }
  return time.map((length) => length / (nowUs - fromUs))
}

it('the time with n requests in flight is a Poisson share, cut off at the limit', async () => {
  const claims = new Claims('states of M/M/c/c')
  // It drains, so that every request has its row. What the empty start lacks falls as exp(-t / 1 s).
  const scenario = oneFunction({
    durationSeconds: 10_050,
    drain: true,
    service: EXPONENTIAL,
    settings: { reservedConcurrentExecutions: SERVERS },
    traffic: { rate: `${RATE}/s` },
  })
  const compiled = await compileText(scenario)
  const shares: number[][] = []
  for (let seed = 1; seed <= 40; seed++) {
    const view = await runCompiled(compiled, { seed })
    shares.push(sharesOfTime(view, 50 * SECOND))
  }
  const weights = poissonWeights(RATE, SERVERS)
  for (const [busy, weight] of weights.entries()) {
    claims.expectMean(
      shares.map((run) => run[busy]!),
      weight / sum(weights),
    )
  }
  expect(shares).toHaveLength(40)
})
