import { describe, expect, it } from 'vitest'
import { ARRIVED, attemptTimes, messaging } from '../../support/messaging.ts'
import { run, SECOND } from '../../support/run.ts'

const outage = (length: string) => [{ at: '0s', eventOutage: 'work', for: length }]

describe('a bus', () => {
  it('sends each event to every target of every rule that matches it', async () => {
    const view = await run(
      messaging({
        functions: { work: {}, other: {}, reader: {} },
        topics: { news: { subscriptions: [{ function: 'reader' }] } },
        queues: { store: {} },
        buses: {
          main: {
            rules: {
              all: { targets: [{ function: 'work' }, { queue: 'store' }] },
              refunds: {
                filter: { kind: 'refund' },
                targets: [{ topic: 'news' }, { bus: 'next' }],
              },
            },
          },
          next: { rules: { all: { targets: [{ function: 'other' }] } } },
        },
        traffic: {
          one: { to: 'main', batch: 400, attributes: { kind: { order: '90%', refund: '10%' } } },
        },
      }),
    )
    const refunds = view.ledger('next').entered!
    // Binomial: 40, five standard deviations of 6.
    expect(Math.abs(refunds - 40)).toBeLessThan(30)
    expect(view.ledger('main')).toEqual({ entered: 800 + 2 * refunds, handedOn: 800 + 2 * refunds })
    expect(view.ledger('store')).toEqual({ entered: 400, queued: 400 })
    expect(view.ledger('reader').entered).toBe(refunds)
    expect(view.ledger('other').entered).toBe(refunds)
    expect(view.value('main.PutEventsEntriesCount.sum')).toBe(400)
    expect(view.value('main.MatchedEvents.sum')).toBe(400)
    expect(view.value('main.TriggeredRules.sum')).toBe(400 + refunds)
  })

  it('filters what no rule matches: one entry per event', async () => {
    const work = { events: { all: { type: 'eventbridge', bus: 'main', filter: { kind: 'none' } } } }
    const view = await run(
      messaging({
        functions: { work },
        buses: { main: { rules: { no: { filter: '0%', targets: [{ function: 'work' }] } } } },
        traffic: { one: { to: 'main', batch: 3 } },
      }),
    )
    expect(view.ledger('main')).toEqual({ entered: 3, filtered: 3 })
    expect(view.value('main.MatchedEvents.sum')).toBe(0)
  })

  it('named default is that of an event which names none', async () => {
    const work = { events: { all: { type: 'eventbridge' } } }
    const view = await run(
      messaging({
        functions: { work },
        buses: { default: {} },
        traffic: { one: { to: 'default' } },
      }),
    )
    expect(view.ledger('work')).toEqual({ entered: 1, succeeded: 1 })
    await expect(run(messaging({ functions: { work } }))).rejects.toThrow(
      'there is no bus `default`',
    )
  })

  it('takes entries of 1 MB since 2026, before of 256 KB', async () => {
    const send = async (payload: string, platform: string) => {
      const view = await run(
        messaging({
          platform,
          functions: { work: {} },
          buses: { main: {} },
          traffic: { one: { to: 'main', payload } },
        }),
      )
      return view.ledger('one')
    }
    expect(await send('1MB', '2026-01')).toEqual({ entered: 1, handedOn: 1 })
    expect(await send('1048577B', '2026-01')).toEqual({ entered: 1, rejected: 1 })
    expect(await send('262145B', '2025-12')).toEqual({ entered: 1, rejected: 1 })
  })
})

describe('a target that does not answer', () => {
  const rule = (target: object) => ({
    main: { rules: { all: { targets: [{ function: 'work', ...target }] } } },
  })

  it('is tried again with back-off and jitter', async () => {
    const view = await run(
      messaging({
        functions: { work: {} },
        buses: rule({}),
        traffic: { one: { to: 'main', batch: 200 } },
        timeline: outage('4s'),
      }),
    )
    expect(view.ledger('main')).toEqual({ entered: 200, handedOn: 200 })
    const times = attemptTimes(view)
    expect(times).toHaveLength(200)
    // After waits of 0.5 to 1, 1 to 2, and 2 to 4 s the third is in after 3.5 to 7 s, or the fourth.
    expect(times[0]! - ARRIVED).toBeGreaterThanOrEqual(3.5 * SECOND)
    expect(times.at(-1)! - ARRIVED).toBeLessThan(15 * SECOND)
    expect(new Set(times).size).toBeGreaterThan(190)
    expect(view.value('main.RetryInvocationAttempts.sum')).toBeGreaterThanOrEqual(600)
    expect(view.value('main.FailedInvocations.sum')).toBe(0)
  })

  it('waits from half to all of each step, drawn anew', async () => {
    const view = await run(
      messaging({
        metricsPeriod: '1s',
        duration: '2h',
        functions: { work: {} },
        buses: rule({}),
        traffic: { one: { to: 'main' } },
        timeline: outage('2h'),
      }),
    )
    const retries = view
      .series('main.RetryInvocationAttempts.sum')
      .flatMap((count, second) => Array<number>(count).fill(second))
    const gaps = retries.slice(1).map((second, index) => second - retries[index]!)
    // Steps of 256, 512 and 600 s, to a second.
    const shares = gaps.slice(7, 15).map((gap, index) => gap / ([256, 512][index] ?? 600))
    for (const share of shares) {
      expect(share).toBeGreaterThan(0.49)
      expect(share).toBeLessThan(1.01)
    }
    expect(new Set(shares.map((share) => share.toFixed(2))).size).toBeGreaterThan(4)
  })

  it.each([0, 1, 5])('is given up after %i retries', async (maximumRetryAttempts) => {
    const view = await run(
      messaging({
        functions: { work: {} },
        queues: { dead: {} },
        buses: rule({
          retryPolicy: { maximumRetryAttempts },
          deadLetterConfig: { deadLetterTarget: 'dead' },
        }),
        traffic: { one: { to: 'main' } },
        timeline: outage('1h'),
      }),
    )
    expect(view.ledger('main')).toEqual({ entered: 1, deadLettered: 1 })
    expect(view.ledger('dead')).toEqual({ entered: 1, queued: 1 })
    expect(view.value('main.RetryInvocationAttempts.sum')).toBe(maximumRetryAttempts)
    expect(view.value('main.FailedInvocations.sum')).toBe(1)
    expect(view.value('main.InvocationsSentToDlq.sum')).toBe(1)
  })

  it('is given up when the event is too old, at that moment', async () => {
    const view = await run(
      messaging({
        metricsPeriod: '1s',
        duration: '10m',
        functions: { work: {} },
        buses: rule({ retryPolicy: { maximumEventAge: '2m' } }),
        traffic: { one: { to: 'main' } },
        timeline: outage('1h'),
      }),
    )
    expect(view.ledger('main')).toEqual({ entered: 1, dropped: 1 })
    const failures = view.series('main.FailedInvocations.sum')
    expect(failures.indexOf(1)).toBe(120)
  })

  it('is given up within a day at the latest', async () => {
    const view = await run(
      messaging({
        duration: '25h',
        metricsPeriod: '1h',
        functions: { work: {} },
        buses: rule({}),
        traffic: { one: { to: 'main' } },
        timeline: outage('25h'),
      }),
    )
    expect(view.ledger('main')).toEqual({ entered: 1, dropped: 1 })
    expect(view.value('main.RetryInvocationAttempts.sum')).toBeLessThanOrEqual(185)
    expect(view.value('main.RetryInvocationAttempts.sum')).toBeGreaterThan(160)
  })
})

describe('faults', () => {
  const buses = (main: object, others: object = {}) =>
    run(
      messaging({
        functions: { work: {} },
        queues: { f: { fifoQueue: true } },
        buses: { main, ...others },
      }),
    )
  const target = { function: 'work' }
  const rule = (...targets: object[]) => ({ rules: { all: { targets } } })

  it('name the limits of AWS', async () => {
    await expect(buses(rule(...Array(6).fill(target)))).rejects.toThrow('at most 5 targets')
    const rules = Object.fromEntries(
      Array.from({ length: 301 }, (_, index) => [`r${index}`, { targets: [target] }]),
    )
    await expect(buses({ rules })).rejects.toThrow('at most 300 rules')
    const retryPolicy = (policy: object) => buses(rule({ ...target, retryPolicy: policy }))
    await expect(retryPolicy({ maximumRetryAttempts: 186 })).rejects.toThrow('from 0 to 185')
    await expect(retryPolicy({ maximumEventAge: '59s' })).rejects.toThrow('from 1m to 1d')
  })

  it('name what a target may be', async () => {
    await expect(buses(rule({}))).rejects.toThrow('exactly one of queue, function')
    await expect(buses(rule({ ...target, queue: 'f' }))).rejects.toThrow('exactly one of')
    await expect(buses(rule({ stateMachine: 'x' }))).rejects.toThrow(
      'there is no state machine `x`',
    )
    await expect(buses({ rules: { all: { targets: [] } } })).rejects.toThrow('at least one')
    await expect(
      buses(rule({ ...target, deadLetterConfig: { deadLetterTarget: 'f' } })),
    ).rejects.toThrow('is a FIFO queue')
  })

  it('are buses in a circle', async () => {
    await expect(buses(rule({ bus: 'main' }))).rejects.toThrow('go round for ever')
    await expect(
      buses(rule({ bus: 'next' }), { next: rule({ bus: 'buses.main' }) }),
    ).rejects.toThrow('go round for ever')
  })
})
