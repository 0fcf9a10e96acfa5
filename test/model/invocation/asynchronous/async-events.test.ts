/**
 * A function's asynchronous events. Expected values: Lambda developer guide, "How Lambda handles
 * errors and retries with asynchronous invocation".
 */
import { describe, expect, it } from 'vitest'
import {
  ARRIVED,
  attemptTimes,
  type MessagingScenario,
  MINUTE,
  messaging,
} from '../../../support/messaging.ts'
import { type RunOptions, type RunView, run, SECOND } from '../../../support/run.ts'

/** Producers send asynchronous events to `work`. */
function scenario({ traffic = {}, ...others }: MessagingScenario): object {
  const events = Object.entries(traffic).map(([name, config]) => [
    name,
    { to: 'work', invocationType: 'Event', ...config },
  ])
  return messaging({ traffic: Object.fromEntries(events), ...others })
}

function gaps(times: readonly number[]): number[] {
  return times.slice(1).map((time, index) => time - times[index]!)
}

const FAILS = { handler: { duration: '100ms', errorRate: '100%' } }

describe('a function error', () => {
  it('is retried one minute after the first and two minutes after the second (E34)', async () => {
    const view = await run(scenario({ functions: { work: FAILS }, traffic: { one: {} } }))
    const first = ARRIVED
    const second = first + 0.1 * SECOND + MINUTE
    const third = second + 0.1 * SECOND + 2 * MINUTE
    expect(attemptTimes(view)).toEqual([first, second, third])
    expect(view.ledger('work')).toEqual({ entered: 1, dropped: 1 })
    expect(view.value('work.AsyncEventsDropped.sum')).toBe(1)
    expect(view.value('work.DeliveryLoss.sum')).toBe(1)
    expect(view.value('work.RetriesExhausted.sum')).toBe(1)
    expect(view.value('work.EventAgeExceeded.sum')).toBe(0)
  })

  it.each([
    [0, 1],
    [1, 2],
    [2, 3],
  ])('with %i retries is %i invocations', async (maximumRetryAttempts, invocations) => {
    const work = { ...FAILS, eventInvokeConfig: { maximumRetryAttempts } }
    const view = await run(scenario({ functions: { work }, traffic: { one: {} } }))
    expect(view.value('work.Invocations.sum')).toBe(invocations)
  })

  it('ages the event until it succeeds', async () => {
    const handler = {
      duration: '100ms',
      failures: { error: '100%' },
    }
    const timeline = [{ at: '30s', set: { 'functions.work.handler.failures.error': '0%' } }]
    const view = await run(
      scenario({ functions: { work: { handler } }, traffic: { one: {} }, timeline }),
    )
    expect(view.ledger('work')).toEqual({ entered: 1, succeeded: 1 })
    expect(view.value('work.AsyncEventAge.maximum')).toBe(60_100)
    expect(view.value('work.EndToEndLatency.maximum')).toBe(60_200)
  })
})

/** Holds the only place of the function for the whole run. */
const BLOCKED = { reservedConcurrentExecutions: 1, timeout: '15m', handler: { duration: '10m' } }

describe('a throttle', () => {
  it('is retried after 1 s, doubling to 5 minutes', async () => {
    const view = await run(
      scenario({
        functions: { work: { ...BLOCKED, handler: { duration: '15m' } } },
        traffic: { first: {}, second: {} },
      }),
    )
    const [first, ...later] = attemptTimes(view)
    expect(first).toBe(ARRIVED)
    expect(gaps(later).map((gap) => gap / SECOND)).toEqual([
      1, 2, 4, 8, 16, 32, 64, 128, 256, 300, 300,
    ])
    expect(view.value('work.AsyncEventAge.maximum')).toBe(1_111_000)
    expect(view.ledger('work')).toEqual({ entered: 2, succeeded: 2 })
  })

  it('uses up no retry of an error', async () => {
    // Others hold all of the account's concurrency from 40 to 80 s.
    const everything = 'account.otherFunctions.unreservedConcurrency'
    const view = await run(
      scenario({
        functions: { work: FAILS },
        traffic: { one: {} },
        timeline: [
          { at: '40s', set: { [everything]: 1_000 } },
          { at: '80s', set: { [everything]: 0 } },
        ],
      }),
    )
    // Error; one minute later throttled at 0, 1, 3, 7 and 15 s; in at 31 s; two minutes later again.
    const retry = ARRIVED + 0.1 * SECOND + MINUTE
    const second = retry + 31 * SECOND
    expect(attemptTimes(view)).toEqual([
      ARRIVED,
      ...[0, 1, 3, 7, 15].map((seconds) => retry + seconds * SECOND),
      second,
      second + 0.1 * SECOND + 2 * MINUTE,
    ])
    expect(view.value('work.Invocations.sum')).toBe(3)
  })
})

describe('an event that gets too old', () => {
  const maximumEventAge = '5m'

  it('leaves at that moment while it backs off', async () => {
    const work = {
      ...BLOCKED,
      eventInvokeConfig: { maximumEventAge, destinationConfig: { onFailure: 'lost' } },
    }
    const view = await run(
      scenario({ functions: { work, lost: {} }, traffic: { first: {}, second: {} } }),
    )
    expect(attemptTimes(view, 'lost')).toEqual([ARRIVED + 5 * MINUTE])
    expect(view.ledger('work')).toMatchObject({ entered: 2, deliveredToDestination: 1 })
  })

  it('leaves at that moment while it waits for its last retry', async () => {
    // After the first error it would be tried at 60.6 s: one minute is over before.
    const work = {
      ...FAILS,
      eventInvokeConfig: { maximumEventAge: '60s', destinationConfig: { onFailure: 'lost' } },
    }
    const view = await run(scenario({ functions: { work, lost: {} }, traffic: { one: {} } }))
    expect(attemptTimes(view)).toEqual([ARRIVED])
    expect(attemptTimes(view, 'lost')).toEqual([ARRIVED + MINUTE])
  })

  it('leaves at that moment while it waits untried', async () => {
    const work = {
      ...BLOCKED,
      eventInvokeConfig: {
        maximumEventAge,
        pollerWindow: 1,
        destinationConfig: { onFailure: 'lost' },
      },
    }
    const view = await run(
      scenario({ functions: { work, lost: {} }, traffic: { one: { batch: 4 } } }),
    )
    // One runs, one backs off, two wait.
    expect(attemptTimes(view, 'lost')).toEqual(Array(3).fill(ARRIVED + 5 * MINUTE))
    expect(view.countAttempts(({ functionName, outcome }) => `${functionName} ${outcome}`)).toEqual(
      {
        'work succeeded': 1,
        'work throttled': 9,
        'lost succeeded': 3,
      },
    )
  })

  it('is `expired` where no target takes it', async () => {
    const work = { ...BLOCKED, eventInvokeConfig: { maximumEventAge } }
    const view = await run(scenario({ functions: { work }, traffic: { one: { batch: 2 } } }))
    expect(view.ledger('work')).toEqual({ entered: 2, succeeded: 1, expired: 1 })
    expect(view.value('work.EventAgeExceeded.sum')).toBe(1)
  })
})

describe('the poller window', () => {
  it('keeps the others in order and untried', async () => {
    const work = {
      reservedConcurrentExecutions: 1,
      handler: { duration: '10s' },
      timeout: '1m',
      eventInvokeConfig: { pollerWindow: 1 },
    }
    const view = await run(scenario({ functions: { work }, traffic: { one: { batch: 5 } } }))
    const served = view.attempts
      .filter(({ outcome }) => outcome === 'succeeded')
      .sort((one, other) => one.arrivedUs - other.arrivedUs)
    expect(served.map(({ request }) => request)).toEqual([0, 1, 2, 3, 4])
    // The second backs off 1, 2, 4, 8 s and starts at 15 s; only then the third is tried, and so on.
    expect(served.map(({ arrivedUs }) => (arrivedUs - ARRIVED) / SECOND)).toEqual([
      0, 15, 30, 45, 60,
    ])
    const unlimited = await run(
      scenario({
        functions: { work: { ...work, eventInvokeConfig: {} } },
        traffic: { one: { batch: 5 } },
      }),
    )
    expect(view.value('work.Throttles.sum')).toBe(16)
    expect(unlimited.value('work.Throttles.sum')).toBeGreaterThan(16)
  })
})

describe('reserved concurrency 0', () => {
  it('sends the event straight to the failure target', async () => {
    const work = {
      reservedConcurrentExecutions: 0,
      eventInvokeConfig: { destinationConfig: { onFailure: 'lost' } },
    }
    const view = await run(scenario({ functions: { work, lost: {} }, traffic: { one: {} } }))
    expect(attemptTimes(view)).toEqual([ARRIVED])
    expect(attemptTimes(view, 'lost')).toEqual([ARRIVED])
    expect(view.ledger('work')).toEqual({ entered: 1, deliveredToDestination: 1 })
  })
})

describe('destinations', () => {
  const destinationsOf = (onSuccess: string) => ({
    eventInvokeConfig: { destinationConfig: { onSuccess } },
  })

  it('get a record of each success', async () => {
    const view = await run(
      scenario({
        functions: { work: destinationsOf('next'), next: destinationsOf('news'), reader: {} },
        topics: { news: { subscriptions: [{ function: 'reader' }] } },
        traffic: { one: { batch: 3 } },
      }),
    )
    expect(attemptTimes(view, 'next')).toEqual(Array(3).fill(ARRIVED + 0.1 * SECOND))
    expect(attemptTimes(view, 'reader')).toEqual(Array(3).fill(ARRIVED + 0.2 * SECOND))
    for (const name of ['work', 'next', 'reader']) {
      expect(view.ledger(name)).toEqual({ entered: 3, succeeded: 3 })
    }
    expect(view.ledger('news')).toEqual({ entered: 3, handedOn: 3 })
  })

  it('and a dead-letter target both get what was given up', async () => {
    const work = {
      ...FAILS,
      eventInvokeConfig: { maximumRetryAttempts: 0, destinationConfig: { onFailure: 'audit' } },
      deadLetterConfig: { deadLetterTarget: 'dead' },
    }
    const view = await run(
      scenario({
        functions: { work, reader: {} },
        buses: { audit: {} },
        topics: { dead: { subscriptions: [{ function: 'reader' }] } },
        traffic: { one: {} },
      }),
    )
    expect(view.ledger('work')).toEqual({ entered: 1, deliveredToDestination: 1 })
    expect(view.ledger('audit')).toEqual({ entered: 1, filtered: 1 })
    expect(view.ledger('reader')).toEqual({ entered: 1, succeeded: 1 })
  })

  it('that refuse are counted, and the event is lost', async () => {
    const work = {
      ...FAILS,
      eventInvokeConfig: { maximumRetryAttempts: 0, destinationConfig: { onFailure: 'lost' } },
    }
    const view = await run(
      scenario({
        functions: { work, lost: {} },
        traffic: { one: {} },
        timeline: [{ at: '0s', eventOutage: 'lost', for: '1m' }],
      }),
    )
    expect(view.value('work.DestinationDeliveryFailures.sum')).toBe(1)
    expect(view.ledger('work')).toEqual({ entered: 1, dropped: 1 })
    expect(view.ledger('lost')).toEqual({ entered: 0 })
  })

  it('that refuse a success leave it a success', async () => {
    const view = await run(
      scenario({
        functions: { work: destinationsOf('lost'), lost: {} },
        traffic: { one: {} },
        timeline: [{ at: '0s', eventOutage: 'lost', for: '1m' }],
      }),
    )
    expect(view.value('work.DestinationDeliveryFailures.sum')).toBe(1)
    expect(view.ledger('work')).toEqual({ entered: 1, succeeded: 1 })
  })
})

describe('recursive loops', () => {
  const sendsTo = (onSuccess: string, others: object = {}) => ({
    eventInvokeConfig: { destinationConfig: { onSuccess } },
    ...others,
  })

  it('of one function are cut after 16 invocations', async () => {
    const view = await run(scenario({ functions: { work: sendsTo('work') }, traffic: { one: {} } }))
    expect(view.value('work.Invocations.sum')).toBe(16)
    expect(view.value('work.RecursiveInvocationsDropped.sum')).toBe(1)
    expect(view.ledger('work')).toEqual({ entered: 17, succeeded: 16, dropped: 1 })
  })

  it('of two functions are cut when one of them has been invoked 16 times', async () => {
    const view = await run(
      scenario({
        functions: { work: sendsTo('other'), other: sendsTo('work') },
        traffic: { one: {} },
      }),
    )
    expect(view.value('work.Invocations.sum')).toBe(16)
    expect(view.value('other.Invocations.sum')).toBe(16)
    expect(view.value('work.RecursiveInvocationsDropped.sum')).toBe(1)
    expect(view.value('other.RecursiveInvocationsDropped.sum')).toBe(0)
  })

  it('go through topics, and the cut event goes to the failure target', async () => {
    const work = {
      eventInvokeConfig: { destinationConfig: { onSuccess: 'news', onFailure: 'lost' } },
      events: { news: { type: 'sns', topic: 'news' } },
    }
    const view = await run(
      scenario({ functions: { work, lost: {} }, topics: { news: {} }, traffic: { one: {} } }),
    )
    expect(view.value('work.Invocations.sum')).toBe(16)
    expect(view.ledger('work')).toEqual({ entered: 17, succeeded: 16, deliveredToDestination: 1 })
    expect(view.value('lost.Invocations.sum')).toBe(1)
  })

  it('count a failed event once, not its retries', async () => {
    const work = {
      ...FAILS,
      eventInvokeConfig: { maximumRetryAttempts: 1, destinationConfig: { onFailure: 'work' } },
    }
    const view = await run(scenario({ functions: { work }, traffic: { one: {} } }))
    expect(view.value('work.Invocations.sum')).toBe(32)
  })

  it('end where the cut event comes back to a function that has cut it', async () => {
    const failing = (onFailure: string) => ({
      ...FAILS,
      eventInvokeConfig: { maximumRetryAttempts: 0, destinationConfig: { onFailure } },
    })
    const view = await run(
      scenario({
        functions: { work: failing('other'), other: failing('work') },
        traffic: { one: {} },
      }),
    )
    for (const name of ['work', 'other']) expect(view.value(`${name}.Invocations.sum`)).toBe(16)
    // Each cuts it and sends it on to the other; work meets it once more.
    expect(view.value('work.RecursiveInvocationsDropped.sum')).toBe(2)
    expect(view.value('other.RecursiveInvocationsDropped.sum')).toBe(1)
    expect(view.ledger('work')).toEqual({ entered: 18, deliveredToDestination: 17, dropped: 1 })
    expect(view.ledger('other')).toEqual({ entered: 17, deliveredToDestination: 17 })
  })

  it('go on where they are allowed, through a bus, and before July 2023', async () => {
    const allowed = scenario({
      duration: '10s',
      functions: { work: sendsTo('work', { recursiveLoop: 'Allow' }) },
      traffic: { one: {} },
    })
    const former = scenario({
      duration: '10s',
      platform: '2023-06',
      functions: { work: sendsTo('work') },
      traffic: { one: {} },
    })
    const throughABus = scenario({
      duration: '10s',
      functions: { work: sendsTo('all', { events: { all: { type: 'eventbridge', bus: 'all' } } }) },
      buses: { all: {} },
      traffic: { one: {} },
    })
    // One every 100 ms from 0.5 s on.
    for (const text of [allowed, former, throughABus]) {
      expect((await run(text)).value('work.Invocations.sum')).toBe(95)
    }
  })
})

describe('duplicates', () => {
  const eventInvokeConfig = { duplicateDeliveries: '100%' }

  it('are delivered once more and are no outcome', async () => {
    const view = await run(
      scenario({ functions: { work: { eventInvokeConfig } }, traffic: { one: { batch: 10 } } }),
    )
    expect(view.value('work.Invocations.sum')).toBe(20)
    expect(view.value('work.DuplicateDeliveries.sum')).toBe(10)
    expect(view.ledger('work')).toEqual({ entered: 10, succeeded: 10 })
  })

  it('are not retried', async () => {
    const view = await run(
      scenario({ functions: { work: { ...FAILS, eventInvokeConfig } }, traffic: { one: {} } }),
    )
    // Three attempts of the event and one of its duplicate.
    expect(view.value('work.Invocations.sum')).toBe(4)
    expect(view.value('work.DuplicateDeliveries.sum')).toBe(1)
    expect(view.ledger('work')).toEqual({ entered: 1, dropped: 1 })
  })

  it('that are throttled are not delivered', async () => {
    const work = { ...BLOCKED, eventInvokeConfig }
    const view = await run(scenario({ functions: { work }, traffic: { one: {} } }))
    expect(view.value('work.Invocations.sum')).toBe(1)
    expect(view.value('work.Throttles.sum')).toBe(1)
    expect(view.value('work.DuplicateDeliveries.sum')).toBe(0)
  })

  it('are those of a share of the events, and counted apart while they run', async () => {
    const work = {
      timeout: '15m',
      handler: { duration: '10m' },
      eventInvokeConfig: { duplicateDeliveries: '20%' },
    }
    const view = await run(
      scenario({
        duration: '5m',
        functions: { work },
        traffic: { one: { batch: 900 } },
        account: { region: 'us-east-1', concurrentExecutions: 5000 },
      }),
    )
    const duplicates = view.value('work.DuplicateDeliveries.sum')
    // Binomial: 180, five standard deviations of 12.
    expect(Math.abs(duplicates - 180)).toBeLessThan(60)
    expect(view.value('work.Invocations.sum') - duplicates).toBe(900)
    expect(view.ledger('work')).toEqual({ entered: 900, inFlight: 900 })
  })
})

describe('the payload limit', () => {
  const send = (payload: string, platform: string) =>
    run(scenario({ platform, functions: { work: {} }, traffic: { one: { payload } } }))

  it('is 1 MB since October 2025 and was 256 KB', async () => {
    expect((await send('1MB', '2025-10')).ledger('one')).toEqual({ entered: 1, handedOn: 1 })
    expect((await send('1048577B', '2025-10')).ledger('one')).toEqual({ entered: 1, rejected: 1 })
    expect((await send('256KB', '2025-09')).ledger('one')).toEqual({ entered: 1, handedOn: 1 })
    expect((await send('262145B', '2025-09')).ledger('one')).toEqual({ entered: 1, rejected: 1 })
  })
})

describe('an outage', () => {
  it('refuses new events; those accepted before back off and keep their retries', async () => {
    const view = await run(
      scenario({
        functions: { work: FAILS },
        traffic: {
          before: {},
          during: {
            stages: [
              { for: '20s', rate: '0/s' },
              { for: '1s', rate: '1/s' },
            ],
          },
        },
        timeline: [{ at: '10s', eventOutage: 'work', for: '10m' }],
      }),
    )
    expect(view.ledger('before')).toEqual({ entered: 1, handedOn: 1 })
    expect(view.ledger('during')).toEqual({ entered: 1, failed: 1 })
    const [first = 0, second = 0, third = 0, ...more] = attemptTimes(view)
    expect(more).toEqual([])
    // The retry is due after a minute, and tried again 1, 2, 4, ... 256 s and 300 s later.
    expect(second).toBe(first + 0.1 * SECOND + MINUTE + (511 + 300) * SECOND)
    expect(third).toBe(second + 0.1 * SECOND + 2 * MINUTE)
  })

  it('does not touch calls that wait for an answer', async () => {
    const text = scenario({
      functions: { work: {} },
      traffic: { one: { invocationType: 'RequestResponse' } },
      timeline: [{ at: '0s', eventOutage: 'work', for: '10m' }],
    })
    expect((await run(text)).ledger('one')).toMatchObject({ entered: 1, succeeded: 1 })
  })

  it('names a function and its length', async () => {
    const text = (entry: object) =>
      scenario({
        functions: { work: {} },
        traffic: { one: {} },
        timeline: [{ at: '0s', ...entry }],
      })
    await expect(run(text({ eventOutage: 'nobody', for: '1m' }))).rejects.toThrow('nobody')
    await expect(run(text({ eventOutage: 'work' }))).rejects.toThrow('for')
  })
})

it('meets the same events with another limit', async () => {
  const text = (reserved: number) =>
    scenario({
      duration: '2h',
      functions: {
        work: {
          reservedConcurrentExecutions: reserved,
          handler: { duration: { exponential: { mean: '2s' } }, errorRate: '30%' },
          timeout: '5m',
        },
      },
      traffic: { one: { process: 'poisson', stages: [{ for: '10m', rate: '2/s' }] } },
    })
  const options: RunOptions = { seed: 3 }
  const [wide, narrow] = [await run(text(500), options), await run(text(3), options)]
  const fates = ({ attempts }: RunView) => {
    const byRequest = new Map<number, string[]>()
    const ended = attempts.filter(({ outcome }) => outcome !== 'throttled')
    for (const { request, outcome, durationUs } of ended.sort(
      (a, b) => a.arrivedUs - b.arrivedUs,
    )) {
      byRequest.set(request, [...(byRequest.get(request) ?? []), `${outcome} ${durationUs}`])
    }
    return [...byRequest].sort(([one], [other]) => one - other)
  }
  expect(narrow.value('work.Throttles.sum')).toBeGreaterThan(100)
  expect(wide.value('work.Throttles.sum')).toBe(0)
  expect(fates(narrow)).toEqual(fates(wide))
})
