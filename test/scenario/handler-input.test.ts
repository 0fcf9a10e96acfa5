/** What a person is told who gets a handler wrong: each fault once, and all of them together. */
import { describe, expect, it } from 'vitest'
import { complaint, scenario } from './support.ts'

const DOWNSTREAMS = '{ db: { type: degrading, service: 5ms, contention: {} } }'

/** The messages without their places. */
async function told(text: string): Promise<readonly string[]> {
  const lines = (await complaint(text)).split('\n')
  return lines.flatMap((line) => /^s\.yaml:\d+:\d+: (.*)$/.exec(line)?.[1] ?? [])
}

const withHandler = (handler: string) =>
  scenario({
    functions: `{ f: { runtime: nodejs22.x, coldStart: none, handler: ${handler} } }`,
    downstreams: DOWNSTREAMS,
    traffic: '{ v: { to: f, rate: 1/s } }',
  })

describe('an unknown subnet', () => {
  it('is told together with the other faults of its function', async () => {
    const text = scenario({
      functions:
        '{ f: { runtime: nodejs22.x, coldStart: none, timeout: 3, vpcConfig: { subnetIds: [privat] }, handler: { duration: 5ms } } }',
      vpcs: '{ main: {} }',
      subnets: '{ private: { vpcId: main, availableIpAddresses: 250 } }',
      traffic: '{ v: { to: f, rate: 1/s } }',
    })
    expect(await told(text)).toEqual([
      '`3` has no unit: write 3s or 3ms, say',
      'there is no subnet `privat`: known are private; did you mean `private`?',
    ])
  })
})

describe('ten faults of functions, their handlers and events', () => {
  it('are ten messages of one run', async () => {
    const text = scenario({
      functions: `
  web:
    runtime: nodejs22.x
    coldStart: none
    handler:
      duration: 5ms
      calls: [{ downstream: dbb }, { queue: jobz, countt: 2 }, { function: chargee }]
    events:
      shop: { type: http-api, api: shop }
      shops: { type: http-api, api: shopp }
      jobs: { type: sqs, queue: jobz, batchSize: 0 }
  steps:
    runtime: nodejs22.x
    coldStart: none
    eventInvokeConfig: { destinationConfig: { onFailure: loosers } }
    handler:
      - { downstrem: db }
      - parallel: [[{ compute: 5ms }, { topic: news }]]`,
      queues: '{ jobs: {}, losers: {} }',
      downstreams: DOWNSTREAMS,
      apis: '{ shop: { protocol: http-api } }',
      traffic: '{}',
    })
    expect(await told(text)).toEqual([
      'there is no downstream `dbb`: known are db; did you mean `db`?',
      'there is no queue `jobz`: known are jobs, losers; did you mean `jobs`?',
      'unknown key `countt` in functions.web.handler.calls.1; did you mean `count`?',
      'there is no function `chargee`: known are web, steps',
      'there is no api `shopp`: known are shop; did you mean `shop`?',
      'there is no queue `jobz`: known are jobs, losers; did you mean `jobs`?',
      'batchSize is a whole number from 1 to 10000',
      'there is no queue, topic, bus, function or bucket `loosers`: known are jobs, losers, web, steps; did you mean `losers`?',
      'unknown key `downstrem` in functions.steps.handler.0; did you mean `downstream`?',
      'there is no topic `news`: none is declared',
    ])
  })
})

describe('a name in a function with another fault', () => {
  it('counts for what it leads to', async () => {
    const text = scenario({
      functions: `
  web:
    runtime: nodejs22.x
    coldStart: none
    memorySise: 512
    handler: { duration: 5ms }
    events: { shop: { type: http-api, api: shop } }`,
      apis: '{ shop: { protocol: http-api } }',
      traffic: '{ v: { to: shop, rate: 1/s } }',
    })
    expect(await told(text)).toEqual([
      'unknown key `memorySise` in functions.web; did you mean `memorySize`?',
    ])
  })
})

describe('a name in a resource with another fault', () => {
  it('is told with it', async () => {
    const text = scenario({
      downstreams:
        '{ front: { type: cache, service: 1ms, hitRat: 90%, hitRate: 90%, behind: dbb } }',
    })
    expect(await told(text)).toEqual([
      'unknown key `hitRat` in downstreams.front; did you mean `hitRate`?',
      'there is no downstream `dbb`: known are front',
    ])
  })
})

describe('a step', () => {
  it('with an unknown key is one fault', async () => {
    expect(await told(withHandler('[{ downstrem: db }]'))).toEqual([
      'unknown key `downstrem` in functions.f.handler.0; did you mean `downstream`?',
    ])
    expect(await told(withHandler('[{ compte: 5ms, probability: 50% }]'))).toEqual([
      'unknown key `compte` in functions.f.handler.0; did you mean `compute`?',
    ])
    expect(await told(withHandler('[{ sleep: 5ms }]'))).toEqual([
      'unknown key `sleep` in functions.f.handler.0: known here are compute, cpuBound, probability, parallel, function, queue, topic, bus, stream, table, bucket, downstream, stateMachine, invocationType, action, count, perRecord, timeout, retry, operation, consistency, itemSize, payload, attributes, keys',
    ])
  })
})

describe('timeout and retry', () => {
  const event = '{ duration: 5ms, calls: [{ function: f, invocationType: Event, timeout: 1s }] }'

  it('belong to calls that are waited for', async () => {
    expect(await told(withHandler(event))).toEqual([
      '`timeout` belongs to calls that the handler waits for, and an event is taken at once',
    ])
    expect(await told(withHandler(event.replace('invocationType: Event, ', '')))).toEqual([])
    expect(
      await told(withHandler('[{ compute: 1ms }, { queue: q, retry: { mode: standard } }]')),
    ).toContain(
      '`retry` belongs to calls that the handler waits for, and what is sent to a queue is taken at once',
    )
  })

  it('list function errors for functions only', async () => {
    const handler = '[{ downstream: db, retry: { mode: standard, retryOn: [functionErrors] } }]'
    expect(await told(withHandler(handler))).toEqual([
      'a call of a downstream that fails in any way is retried: `retryOn` belongs to calls of functions',
    ])
    expect(await told(withHandler(handler.replace('downstream: db', 'function: f')))).toEqual([])
  })
})

describe('the client of a caller', () => {
  it('cannot change during a run', async () => {
    const text = scenario({
      traffic: '{ visitors: { to: hello, rate: 20/s, client: { timeout: 5s } } }',
      timeline: '[{ at: 5m, set: { traffic.visitors.client.timeout: 1s } }]',
    })
    const [fault] = await told(text)
    expect(fault).toContain('`traffic.visitors.client.timeout` cannot change during a run')
  })
})
