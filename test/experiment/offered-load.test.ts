import { expect, test } from 'vitest'
import { meanServiceUs } from '../../src/experiment/offered-load.ts'
import { compileText } from '../support/run.ts'

async function meanMs(handler: string, timeout = '3s'): Promise<number> {
  const compiled = await compileText(`
name: load
duration: 1m
account: { region: us-east-1 }
functions: { api: { runtime: nodejs22.x, memorySize: 512, timeout: ${timeout}, coldStart: none, handler: ${handler} } }
downstreams:
  db: { type: connection-pool, maxConnections: 10, service: { exponential: { mean: 40ms } } }
  cache: { type: cache, service: 2ms, hitRate: 75%, behind: db }
traffic: { load: { to: api, rate: 1/s } }
`)
  return meanServiceUs(compiled.functions[0]!) / 1_000
}

test('what a handler takes on average has its steps and the answers that it waits for', async () => {
  expect(await meanMs('{ duration: 10ms, calls: [{ downstream: db, count: 2 }] }')).toBe(90)
  expect(await meanMs('[{ compute: 10ms }, { downstream: cache }, { compute: 5ms }]')).toBe(27)
  expect(await meanMs('[{ compute: 10ms }, { downstream: db, probability: 25% }]')).toBe(20)
})

test('of branches in parallel the longest counts', async () => {
  const handler =
    '[{ parallel: [{ downstream: db }, [{ compute: 10ms }, { downstream: cache }], { compute: 1ms }] }]'
  expect(await meanMs(handler)).toBe(40)
})

test('a handler that runs into its timeout ends there', async () => {
  expect(await meanMs('[{ compute: 900ms }, { compute: 900ms }]', '1s')).toBe(1_000)
})
