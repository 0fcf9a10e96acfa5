/** Users who think, ask, wait for the answer and think again: finitely many sources. */
import { describe, expect, it } from 'vitest'
import { replicate } from '../support/run.ts'
import { Claims } from './interval.ts'
import { engsetLoss, engsetMeanBusy } from './known-answers.ts'
import { EXPONENTIAL, oneFunction } from './one-function.ts'

const claims = new Claims('closed loop')

interface Loop {
  readonly users: number
  readonly thinkTime: string | object
  readonly service: string | object
  readonly seconds: number
  readonly settings?: object
}

/** Users begin by thinking; the warm-up is 100 services long, or 20 cycles. */
function loop({ users, thinkTime, service, seconds, settings = {} }: Loop): object {
  return oneFunction({
    durationSeconds: 100 + seconds,
    warmUpSeconds: 100,
    service,
    settings,
    traffic: { process: 'users', users, thinkTime },
  })
}

const LAWS = [
  ['exponential times', { exponential: { mean: '4s' } }, EXPONENTIAL],
  [
    'other times',
    { lognormal: { mean: '4s', sigma: 0.8 } },
    { uniform: { min: '0.5s', max: '1.5s' } },
  ],
] as const

describe('Without a limit each user is an alternating renewal process', () => {
  it.each(LAWS)('throughput is users / (think + service), %s', async (_, thinkTime, service) => {
    const scenario = loop({ users: 50, thinkTime, service, seconds: 1_000 })
    const runs = await replicate(scenario, 20, (view) => ({
      perSecond: view.value('f.Invocations.sum') / 1000,
      busy: view.value('f.ConcurrentExecutions.average'),
    }))
    claims.expectMean(
      runs.map(({ perSecond }) => perSecond),
      50 / (4 + 1),
    )
    claims.expectMean(
      runs.map(({ busy }) => busy),
      50 / (4 + 1),
    )
  })

  it('constant times give every user one request in each cycle, exactly', async () => {
    const scenario = loop({ users: 7, thinkTime: '4s', service: '1s', seconds: 1_000 })
    const counts = await replicate(scenario, 1, (view) => view.value('f.Invocations.sum'))
    expect(counts).toEqual([7 * 200])
  })
})

describe('With a reserved limit and no retries, the loss is Engset’s', () => {
  it.each(LAWS)('%s', async (_, thinkTime, service) => {
    const settings = { reservedConcurrentExecutions: 3 }
    const scenario = loop({ users: 12, thinkTime, service, settings, seconds: 6_000 })
    const runs = await replicate(scenario, 30, (view) => ({
      share: view.value('f.Throttles.share'),
      busy: view.value('f.ConcurrentExecutions.average'),
    }))
    claims.expectMean(
      runs.map(({ share }) => share),
      engsetLoss(12, 3, 1 / 4),
    )
    claims.expectMean(
      runs.map(({ busy }) => busy),
      engsetMeanBusy(12, 3, 1 / 4),
    )
  })
})
