import { describe, expect, it } from 'vitest'
import { lambda, runExact } from '../../support/exact.ts'

const users = (count: number, thinkTime: unknown = '1s') => ({
  p: { to: 'f', process: 'users', users: count, thinkTime },
})

describe('a closed loop of users', () => {
  it('thinks, asks, waits for the answer and thinks again', async () => {
    const view = await runExact({
      duration: '10s',
      metricsPeriod: '5s',
      functions: { f: lambda({ handler: { duration: '500ms' } }) },
      traffic: users(1),
    })
    const arrivals = view.attempts.map(({ arrivedUs }) => arrivedUs / 1e6)
    expect(arrivals).toEqual([1, 2.5, 4, 5.5, 7, 8.5])
  })

  it('never has more requests in flight than users', async () => {
    const view = await runExact({
      functions: { f: lambda({ handler: { duration: { exponential: { mean: '3s' } } } }) },
      traffic: users(7, { exponential: { mean: '100ms' } }),
    })
    expect(view.value('f.ConcurrentExecutions.maximum')).toBe(7)
    expect(view.value('f.ColdStarts.sum')).toBe(7)
  })

  it('is answered at once by a refusal, and then thinks', async () => {
    const view = await runExact({
      duration: '10s',
      metricsPeriod: '5s',
      functions: { f: lambda({ reservedConcurrentExecutions: 0 }) },
      traffic: users(1, '2s'),
    })
    expect(view.ledger('p')).toEqual({ entered: 4, throttled: 4 })
    expect(view.attempts.map(({ arrivedUs }) => arrivedUs / 1e6)).toEqual([2, 4, 6, 8])
  })

  it('goes on even if users think next to no time', async () => {
    const view = await runExact({
      duration: '1ms',
      metricsPeriod: '1ms',
      functions: { f: lambda({ reservedConcurrentExecutions: 0 }) },
      traffic: users(1, '0.1us'),
    })
    // A refusal answers at once; a microsecond passes in any case.
    expect(view.ledger('p')).toEqual({ entered: 999, throttled: 999 })
  })

  it('asks at the same time after the same thoughts when the function is slower', async () => {
    const arrivals = async (duration: string) => {
      const view = await runExact({
        functions: { f: lambda({ handler: { duration } }) },
        traffic: users(5, { uniform: { min: '1s', max: '4s' } }),
      })
      const own = view.attempts.filter(({ request }) => request < 2 ** 32)
      return own.sort((a, b) => a.request - b.request).map(({ arrivedUs }) => arrivedUs)
    }
    const fast = await arrivals('100ms')
    const slow = await arrivals('600ms')
    // The first user's k-th request comes k times half a second later.
    slow.forEach((arrivedUs, k) => {
      expect(arrivedUs - fast[k]!).toBe(500_000 * k)
    })
  })

  it('stops asking at the end, and its answers are waited for with drain', async () => {
    const view = await runExact({
      duration: '10s',
      drain: true,
      functions: { f: lambda({ handler: { duration: '4s' } }) },
      traffic: users(3, '4s'),
    })
    expect(view.ledger('p')).toEqual({ entered: 3, succeeded: 3 })
    expect(view.output.drainedAfterUs).toBe(0)
    const longer = await runExact({
      duration: '10s',
      drain: true,
      functions: { f: lambda({ handler: { duration: '7s' } }) },
      traffic: users(3, '4s'),
    })
    expect(longer.output.drainedAfterUs).toBe(1_000_000)
  })

  it('asks no more after the end while others still wait for their answers', async () => {
    const view = await runExact({
      duration: '10s',
      drain: true,
      functions: {
        slow: lambda({ handler: { duration: '7s' } }),
        fast: lambda({ handler: { duration: '100ms' } }),
      },
      traffic: {
        p: { to: 'slow', process: 'users', users: 1, thinkTime: '4s' },
        // Would ask again at 10.5 s, before the answer of 11 s.
        q: { to: 'fast', process: 'users', users: 1, thinkTime: '5200ms' },
      },
    })
    expect(view.output.drainedAfterUs).toBe(1_000_000)
    expect(view.ledger('q')).toEqual({ entered: 1, succeeded: 1 })
  })

  it('keeps two groups of users apart', async () => {
    const view = await runExact({
      functions: { f: lambda() },
      traffic: {
        p: { to: 'f', process: 'users', users: 2, thinkTime: '9s' },
        q: { to: 'f', process: 'users', users: 3, thinkTime: '4s' },
      },
    })
    // Every ten seconds two, every five seconds three; the last ones end after the run.
    expect([view.ledger('p').entered, view.ledger('q').entered]).toEqual([2 * 6, 3 * 12])
  })

  it('comes and goes in stages', async () => {
    const view = await runExact({
      functions: { f: lambda({ handler: { duration: '100ms' } }) },
      traffic: {
        p: {
          to: 'f',
          process: 'users',
          stages: [
            { for: '20s', users: 1 },
            { for: '20s', users: 4 },
          ],
          thinkTime: '900ms',
        },
      },
    })
    expect(view.series('p.Requests.sum')).toEqual([10, 10, 40, 40, 0, 0])
  })
})
