import { expect, test } from 'vitest'
import { behind } from '../model/doors/support.ts'
import { run } from '../support/run.ts'

test('E80: 500 new connections a second that stay for two hours are 3,600,000 at once', async () => {
  const scenario = behind('websocket-api', {
    traffic: { rate: '500/s', connection: { pings: true } },
    more: { duration: '125m', metricsPeriod: '5m' },
  })
  const view = await run(scenario, { rows: false })
  expect(view.ledger('web')).toEqual({ entered: 3_750_000, succeeded: 3_750_000 })
  expect(view.value('shop.ActiveConnections.maximum')).toBe(3_600_000)
  expect(view.value('shop.ExpiredConnections.sum')).toBe(150_000)
})
