import { describe, expect, it } from 'vitest'
import { ARRIVED, attemptTimes, MINUTE, messaging } from '../../support/messaging.ts'
import { run, SECOND } from '../../support/run.ts'

const SUBSCRIBED = { events: { news: { type: 'sns', topic: 'news' } } }

describe('a topic', () => {
  it('sends each message to every subscription', async () => {
    const view = await run(
      messaging({
        functions: { work: SUBSCRIBED, other: {} },
        topics: { news: { subscriptions: [{ function: 'other' }] } },
        traffic: { one: { to: 'news', batch: 5 } },
      }),
    )
    expect(view.ledger('one')).toEqual({ entered: 5, handedOn: 5 })
    expect(view.ledger('news')).toEqual({ entered: 10, handedOn: 10 })
    expect(view.ledger('work')).toEqual({ entered: 5, succeeded: 5 })
    expect(view.ledger('other')).toEqual({ entered: 5, succeeded: 5 })
    expect(view.value('news.NumberOfMessagesPublished.sum')).toBe(5)
    expect(view.value('news.NumberOfNotificationsDelivered.sum')).toBe(10)
    expect(view.value('news.NumberOfNotificationsFailed.sum')).toBe(0)
    expect(view.find('news.NumberOfNotificationsFilteredOut.sum')).toBeUndefined()
  })

  it('counts what nobody subscribes to as filtered, which is no loss', async () => {
    const view = await run(
      messaging({
        functions: { work: {} },
        topics: { news: {} },
        traffic: { one: { to: 'news' } },
      }),
    )
    expect(view.ledger('news')).toEqual({ entered: 1, filtered: 1 })
  })

  it('leaves out what a filter does not let through, by chance or by attribute', async () => {
    const view = await run(
      messaging({
        functions: {
          work: { events: { news: { type: 'sns', topic: 'news', filter: '30%' } } },
          refunds: {},
          all: {},
        },
        topics: {
          news: {
            subscriptions: [
              { function: 'refunds', filter: { kind: ['refund'] } },
              { function: 'all' },
            ],
          },
        },
        traffic: {
          one: { to: 'news', batch: 10_000, attributes: { kind: { order: '90%', refund: '10%' } } },
        },
        account: { region: 'us-east-1', concurrentExecutions: 20_000 },
      }),
    )
    const entered = (name: string) => view.ledger(name).entered!
    expect(entered('all')).toBe(10_000)
    // Binomial: five standard deviations of 46 and of 30.
    expect(Math.abs(entered('work') - 3_000)).toBeLessThan(230)
    expect(Math.abs(entered('refunds') - 1_000)).toBeLessThan(150)
    const passed = entered('all') + entered('work') + entered('refunds')
    expect(view.ledger('news')).toEqual({
      entered: 30_000,
      handedOn: passed,
      filtered: 30_000 - passed,
    })
    expect(view.value('news.NumberOfNotificationsFilteredOut.sum')).toBe(30_000 - passed)
  })

  it('rejects messages over 256 KB', async () => {
    const send = (payload: string) =>
      run(
        messaging({
          functions: { work: SUBSCRIBED },
          topics: { news: {} },
          traffic: { one: { to: 'news', payload } },
        }),
      )
    expect((await send('256KB')).ledger('one')).toEqual({ entered: 1, handedOn: 1 })
    const tooLarge = await send('262145B')
    expect(tooLarge.ledger('one')).toEqual({ entered: 1, rejected: 1 })
    expect(tooLarge.ledger('news')).toEqual({ entered: 0 })
  })
})

describe('a function that does not answer', () => {
  const outage = (length: string) => [{ at: '0s', eventOutage: 'work', for: length }]

  it('is tried at once, then after 1 s, and then with growing waits', async () => {
    const at = async (length: string) => {
      const view = await run(
        messaging({
          functions: { work: SUBSCRIBED },
          topics: { news: {} },
          traffic: { one: { to: 'news' } },
          timeline: outage(length),
        }),
      )
      expect(view.ledger('news')).toEqual({ entered: 1, handedOn: 1 })
      return (attemptTimes(view)[0]! - ARRIVED) / SECOND
    }
    expect(await at('1s')).toBe(1)
    expect(await at('2s')).toBe(2)
    expect(await at('3s')).toBe(3)
    // From here on each wait is 20^(1/9) = 1.395 times the one before.
    expect(await at('4s')).toBeCloseTo(3 + 1.395, 2)
    // The ten waits from 1 s to 20 s add up to 68.107 s; then one every 20 s.
    expect(await at('74s')).toBeCloseTo(2 + 68.107 + 20, 3)
  })

  it('leaves the message in flight at the end of the run', async () => {
    const view = await run(
      messaging({
        functions: { work: SUBSCRIBED },
        topics: { news: {} },
        traffic: { one: { to: 'news', batch: 3 } },
        timeline: outage('2h'),
      }),
    )
    expect(view.ledger('news')).toEqual({ entered: 3, inFlight: 3 })
  })

  it('is given up after 100,015 attempts and 23 days (E39b)', async () => {
    const view = await run(
      messaging({
        duration: '24d',
        metricsPeriod: '1d',
        functions: { work: SUBSCRIBED },
        topics: { news: {} },
        traffic: { one: { to: 'news' } },
        timeline: outage('24d'),
      }),
    )
    expect(view.ledger('news')).toEqual({ entered: 1, dropped: 1 })
    expect(view.value('news.NumberOfNotificationsFailed.sum')).toBe(1)
    const failures = view.series('news.NumberOfNotificationsFailed.sum')
    expect(failures.indexOf(1)).toBe(23)
  })
})

describe('a dead-letter target', () => {
  const redrivePolicy = { deadLetterTarget: 'dead' }

  it('takes at once what the target rejects', async () => {
    // A queue of 1 KB messages at most.
    const view = await run(
      messaging({
        functions: { work: {} },
        queues: { small: { maximumMessageSize: '1KB' }, dead: {} },
        topics: { news: { subscriptions: [{ queue: 'small', redrivePolicy }] } },
        traffic: { one: { to: 'news', batch: 2, payload: '2KB' } },
      }),
    )
    expect(view.ledger('news')).toEqual({ entered: 2, deadLettered: 2 })
    expect(view.ledger('dead')).toEqual({ entered: 2, queued: 2 })
    expect(view.value('news.NumberOfNotificationsFailed.sum')).toBe(2)
    expect(view.value('news.NumberOfNotificationsRedrivenToDlq.sum')).toBe(2)
    expect(view.value('news.NumberOfNotificationsFailedToRedriveToDlq.sum')).toBe(0)
  })

  it('that rejects them too loses them', async () => {
    const view = await run(
      messaging({
        functions: { work: {} },
        queues: { small: { maximumMessageSize: '1KB' }, dead: { maximumMessageSize: '1KB' } },
        topics: { news: { subscriptions: [{ queue: 'small', redrivePolicy }] } },
        traffic: { one: { to: 'news', payload: '2KB' } },
      }),
    )
    expect(view.ledger('news')).toEqual({ entered: 1, dropped: 1 })
    expect(view.value('news.NumberOfNotificationsFailedToRedriveToDlq.sum')).toBe(1)
  })
})

describe('faults', () => {
  it('are FIFO queues, to which a standard topic does not deliver', async () => {
    const topic = (subscription: object) =>
      run(
        messaging({
          functions: { work: {} },
          queues: { fifo: { fifoQueue: true } },
          topics: { news: { subscriptions: [subscription] } },
        }),
      )
    await expect(topic({ queue: 'fifo' })).rejects.toThrow('a subscription is a standard queue')
    await expect(
      topic({ function: 'work', redrivePolicy: { deadLetterTarget: 'fifo' } }),
    ).rejects.toThrow('a dead-letter target is a standard queue')
  })

  const topics = (subscriptions: unknown) =>
    run(messaging({ functions: { work: {} }, topics: { news: { subscriptions } } }))

  it('name what a subscription may be', async () => {
    await expect(topics([{}])).rejects.toThrow('either a queue or a function')
    await expect(topics([{ function: 'work', queue: 'q' }])).rejects.toThrow(
      'either a queue or a function',
    )
    await expect(topics([{ function: 'nobody' }])).rejects.toThrow('there is no function `nobody`')
    await expect(topics([{ function: 'work', filter: '200%' }])).rejects.toThrow(
      'a share is at most 100%',
    )
    await expect(topics([{ function: 'work', filter: 3 }])).rejects.toThrow('a filter is a share')
  })
})

it('draining waits for deliveries that are tried again', async () => {
  const view = await run(
    messaging({
      duration: '10s',
      drain: true,
      functions: { work: SUBSCRIBED },
      topics: { news: {} },
      traffic: { one: { to: 'news' } },
      timeline: [{ at: '0s', eventOutage: 'work', for: '5s' }],
    }),
  )
  expect(view.ledger('work')).toEqual({ entered: 1, succeeded: 1 })
  expect(view.output.drainedAfterUs).toBeLessThan(MINUTE)
})
