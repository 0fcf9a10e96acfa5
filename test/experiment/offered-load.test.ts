import { expect, test } from 'vitest'
import { peakLoads } from '../../src/experiment/message-flow.ts'
import { meanServiceUs } from '../../src/experiment/offered-load.ts'
import { compileText } from '../support/run.ts'

async function meanMs(handler: string, timeout = '3s'): Promise<number> {
  const compiled = await compileText(`
name: load
duration: 1m
account: { region: us-east-1 }
functions: { api: { runtime: nodejs22.x, memorySize: 512, timeout: ${timeout}, coldStart: none, handler: ${handler} }, charge: { runtime: nodejs22.x, coldStart: none, timeout: 2s, handler: { duration: 30ms, errorRate: 10%, calls: [{ function: api, probability: 10% }] } } }
downstreams:
  db: { type: connection-pool, maxConnections: 10, service: { exponential: { mean: 40ms } } }
  cache: { type: cache, service: 2ms, hitRate: 75%, behind: db }
  flaky: { type: degrading, service: 10ms, contention: {}, errorRate: 50% }
traffic: { load: { to: api, rate: 1/s } }
`)
  return meanServiceUs(compiled.functions[0]!, compiled.functions) / 1_000
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

test('a call of a function takes as long as that function, were it called by the one it calls', async () => {
  // 30 ms of charge, and one time in ten what api takes by itself.
  expect(await meanMs('{ duration: 10ms, calls: [{ function: charge }] }')).toBe(40)
})

test('calls that are tried again count with all their attempts and the waits between them', async () => {
  const exponential = 'mode: exponential, maxAttempts: 3, baseDelay: 100ms, jitter: none'
  // 1 + 1/2 + 1/4 attempts of 10 ms, half a wait of 100 ms and a quarter of one of 200 ms.
  expect(await meanMs(`[{ compute: 5ms }, { downstream: flaky, retry: { ${exponential} } }]`)).toBe(
    5 + 17.5 + 100,
  )
  // An SDK does not try function errors again.
  expect(await meanMs(`[{ compute: 10ms }, { function: charge, retry: { ${exponential} } }]`)).toBe(
    40,
  )
  const retryOn = 'retryOn: [functionErrors]'
  expect(
    await meanMs(
      `[{ compute: 10ms }, { function: charge, retry: { ${exponential}, ${retryOn} } }]`,
    ),
  ).toBeCloseTo(10 + 1.11 * 30 + 0.1 * 100 + 0.01 * 200, 9)
})

test('a call is not waited for longer than its timeout', async () => {
  expect(await meanMs('[{ compute: 10ms }, { function: charge, timeout: 20ms }]')).toBe(30)
})

test('function errors that are tried again come as often as they are tried', async () => {
  const retry = 'retry: { mode: exponential, maxAttempts: 3, retryOn: [functionErrors] }'
  const compiled = await compileText(`
name: load
duration: 1m
account: { region: us-east-1 }
functions:
  api: { runtime: nodejs22.x, coldStart: none, handler: { duration: 5ms, errorRate: 50%, calls: [{ function: charge, count: 2, ${retry} }] } }
  charge: { runtime: nodejs22.x, coldStart: none, handler: { duration: 5ms, errorRate: 10% } }
traffic: { load: { to: api, rate: 100/s, client: { ${retry} } } }
`)
  const loads = peakLoads(compiled)
  expect(loads.at('functions.api').perSecond).toBeCloseTo(175, 9)
  expect(loads.at('functions.charge').perSecond).toBeCloseTo(175 * 2 * 1.11, 9)
})
