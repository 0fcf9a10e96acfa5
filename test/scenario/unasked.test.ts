/** Nodes whose messages nobody asked for. */
import { expect, test } from 'vitest'
import { compileText } from '../support/run.ts'

const plain = { runtime: 'nodejs22.x', handler: { duration: '10ms' }, coldStart: 'none' }

async function warningsOf(parts: object): Promise<readonly string[]> {
  const scenario = { name: 'unasked', duration: '1m', account: { region: 'us-east-1' } }
  return (await compileText({ ...scenario, functions: { worker: plain }, traffic: {}, ...parts }))
    .warnings
}

test('a topic without a subscription and a bus without a rule are warned of', async () => {
  const warnings = await warningsOf({ topics: { news: {} }, buses: { main: {} } })
  expect(warnings).toContain(
    'topics.news: it has no subscription: nobody takes what is published to it',
  )
  expect(warnings).toContain('buses.main: it has no rule: nobody takes what is put to it')
})

test('an event of a function is a subscription, and so is a rule', async () => {
  const events = {
    news: { type: 'sns', topic: 'news' },
    all: { type: 'eventbridge', bus: 'main' },
  }
  const functions = { worker: { ...plain, events } }
  const warnings = await warningsOf({ functions, topics: { news: {} }, buses: { main: {} } })
  expect(warnings.filter((text) => text.includes('nobody takes'))).toEqual([])
})

test('an outage of an asynchronous endpoint that nothing uses is warned of', async () => {
  const timeline = [{ at: '10s', eventOutage: 'worker', for: '10s' }]
  const traffic = { one: { to: 'worker', rate: '1/s' } }
  const touchesNothing = (warnings: readonly string[]) =>
    warnings.filter((text) => text.includes('eventOutage touches asynchronous events only'))
  expect(touchesNothing(await warningsOf({ timeline, traffic }))).toHaveLength(1)
  const events = { one: { ...traffic.one, invocationType: 'Event' } }
  expect(touchesNothing(await warningsOf({ timeline, traffic: events }))).toEqual([])
})
