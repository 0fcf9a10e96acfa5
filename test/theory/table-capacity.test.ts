/**
 * Under saturation a token bucket lets through what it held at first and what came since, but for
 * the few tokens that lie in it at the end: fewer than `LEFT` on average. Tokens are then the
 * customers of a D/M/1 queue that the requests serve; with half as many tokens as requests there are
 * 1.3 of them on average, with five for six requests 3.2, and the fraction of one to come.
 */
import { expect, it } from 'vitest'
import { type RunView, replicate } from '../support/run.ts'
import { Claims } from './interval.ts'

const claims = new Claims('table capacity')
const LEFT = 5

function written(table: object, traffic: object, seconds: number): object {
  return {
    name: 'table-capacity',
    duration: `${seconds}s`,
    account: { region: 'us-east-1' },
    functions: { f: { runtime: 'nodejs22.x', coldStart: 'none', handler: { duration: '1ms' } } },
    tables: { t: table },
    traffic: { p: { to: 't', ...traffic } },
  }
}

it('a provisioned table takes its burst of 300 s and its rate', async () => {
  const [rate, seconds] = [50, 1_200]
  const table = { provisionedThroughput: { readCapacityUnits: 1, writeCapacityUnits: rate } }
  const scenario = written(table, { rate: `${2 * rate}/s` }, seconds)
  const runs = await replicate(scenario, 20, (view: RunView) => ({
    taken: view.value('t.ConsumedWriteCapacityUnits.sum'),
    byPartition: view.value('t.WriteKeyRangeThroughputThrottleEvents.sum'),
  }))
  for (const { byPartition } of runs) expect(byPartition).toBe(0)
  claims.expectMean(
    runs.map(({ taken }) => taken / seconds),
    (300 * rate + rate * seconds) / seconds,
    { bias: LEFT / seconds },
  )
})

it('a hot key gets what its partition takes, however much the table has left', async () => {
  const [rate, seconds] = [1_200, 60]
  const table = { provisionedThroughput: { readCapacityUnits: 1, writeCapacityUnits: 40_000 } }
  const scenario = written(table, { rate: `${rate}/s`, keys: { count: 1 } }, seconds)
  const runs = await replicate(scenario, 20, (view: RunView) =>
    view.value('t.ConsumedWriteCapacityUnits.sum'),
  )
  claims.expectMean(
    runs.map((taken) => taken / seconds),
    (1_000 + 1_000 * seconds) / seconds,
    { bias: LEFT / seconds },
  )
})
