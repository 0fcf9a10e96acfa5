/** How close a run came to the limits of queues and shards. */
import { expect, test } from 'vitest'
import { BusiestSecond } from '../../src/model/compute/busiest-second.ts'
import { run } from '../support/run.ts'

const worker = { runtime: 'nodejs22.x', handler: { duration: '1s' }, coldStart: 'none' }

async function usesOf(parts: object): Promise<Record<string, string>> {
  const scenario = { name: 'near', duration: '1m', account: { region: 'us-east-1' } }
  const { output } = await run({ ...scenario, ...parts })
  return Object.fromEntries(
    output.headroom.map(({ name, limit, used, available }) => [
      `${name} ${limit}`,
      `${used} of ${available}`,
    ]),
  )
}

test('a queue that is read tells how many messages were in flight at most', async () => {
  const uses = await usesOf({
    functions: { worker: { ...worker, events: { q: { type: 'sqs', queue: 'q', batchSize: 1 } } } },
    queues: { q: { visibilityTimeout: '1m' }, unused: {} },
    traffic: { shop: { to: 'q', process: 'constant', rate: '3/s' } },
  })
  expect(uses['q in flight']).toBe('3 of 120000')
  expect(Object.keys(uses).filter((name) => name.startsWith('unused'))).toEqual([])
  expect(uses['q send calls/s']).toBeUndefined()
})

test('a FIFO queue tells its busiest second of calls, and that it refused some', async () => {
  const scenario = (rate: string) => ({
    functions: { worker: { ...worker, events: { q: { type: 'sqs', queue: 'q' } } } },
    queues: { q: { fifoQueue: true, visibilityTimeout: '1m' } },
    traffic: { shop: { to: 'q', process: 'constant', rate } },
  })
  expect((await usesOf(scenario('40/s')))['q send calls/s']).toBe('40 of 300')
  expect((await usesOf(scenario('400/s')))['q send calls/s']).toBe('300 of 300')
})

test('a stream tells what its busiest shard was written and read in a second', async () => {
  const uses = await usesOf({
    functions: { worker: { ...worker, events: { s: { type: 'kinesis', stream: 's' } } } },
    streams: { s: { shardCount: 2 } },
    traffic: {
      shop: { to: 's', process: 'constant', rate: '100/s', payload: '2KB', keys: { count: 1 } },
    },
  })
  expect(uses['s shard records/s']).toBe('100 of 1000')
  expect(uses['s shard KB/s in']).toBe('200 of 1024')
  expect(uses['s shard KB/s out']).toMatch(/^2\d\d of 2048$/)
})

test('the stream of a table has no such limits, but the table has', async () => {
  const uses = await usesOf({
    functions: { worker: { ...worker, events: { t: { type: 'dynamodb', table: 't' } } } },
    tables: { t: {} },
    traffic: { shop: { to: 't', process: 'constant', rate: '10/s' } },
  })
  const ofTable = Object.entries(uses).filter(([name]) => name.startsWith('t '))
  expect(ofTable).toEqual([
    ['t WRU/s', '10 of 4000'],
    ['t partition WRU/s', expect.stringMatching(/^\d of 1000$/)],
  ])
})

test('a second is one of the clock, and what it refuses makes it full', () => {
  const busiest = new BusiestSecond(10)
  busiest.count(900_000, 4)
  busiest.count(1_000_000, 3)
  busiest.count(1_999_999, 2)
  expect(busiest.used).toBe(5)
  busiest.refuse()
  expect(busiest.used).toBe(10)
})

test('a shard whose records gather for a slow reader is not said to be at its read limit', async () => {
  const uses = await usesOf({
    duration: '10m',
    functions: {
      worker: {
        ...worker,
        handler: { duration: '1s' },
        events: { s: { type: 'kinesis', stream: 's', batchSize: 10 } },
      },
    },
    streams: { s: {} },
    traffic: { shop: { to: 's', process: 'constant', rate: '40/s' } },
  })
  // 40 KB/s come, and are read now and then, thousands of records at once.
  const [out] = uses['s shard KB/s out']!.split(' ')
  expect(Number(out)).toBeGreaterThanOrEqual(40)
  expect(Number(out)).toBeLessThan(100)
})
