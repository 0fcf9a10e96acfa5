import { describe, expect, it } from 'vitest'
import { complaint, withFunction } from '../../../scenario/support.ts'
import { at, lambda, runExact, times } from '../../../support/exact.ts'

const COLD_START = { placement: '100ms', init: '400ms', firstInvocation: '0s' }

function warmed(warmer: object, keys: object = {}): object {
  return {
    f: lambda({
      coldStart: COLD_START,
      keepAlive: { policy: 'fixed', idleTimeout: '6m' },
      events: { warm: { type: 'warmer', schedule: 'rate(5 minutes)', ...warmer } },
      ...keys,
    }),
  }
}

describe('a warmer', () => {
  it('keeps as many environments warm as it sends pings at once', async () => {
    const view = await runExact({
      duration: '31m',
      functions: warmed({ concurrency: 3 }),
      traffic: { p: at('f', times(3, 30 * 60 + 10)) },
    })
    expect(view.value('f.warm.WarmerPings.sum')).toBe(18)
    expect(view.value('f.warm.WarmerColdStarts.sum')).toBe(3)
    expect(view.value('f.ColdStarts.sum')).toBe(3)
    expect(view.value('f.ExecutionEnvironments.maximum')).toBe(3)
    expect(view.ledger('f.warm')).toEqual({ entered: 18, succeeded: 18 })
    expect(
      view.attempts.filter(({ producer }) => producer === 'p').map(({ start }) => start),
    ).toEqual(['warm', 'warm', 'warm'])
  })

  it('does nothing for the request after the last warm environment', async () => {
    const view = await runExact({
      duration: '6m',
      functions: warmed({ concurrency: 3 }),
      traffic: { p: at('f', times(5, 5 * 60 + 10)) },
    })
    expect(view.value('f.ColdStarts.sum') - view.value('f.warm.WarmerColdStarts.sum')).toBe(2)
  })

  it('takes the environment that a request of that moment needs', async () => {
    const view = await runExact({
      duration: '11m',
      functions: warmed({ concurrency: 1, duration: '200ms' }),
      traffic: { p: at('f', 10 * 60 + 0.1) },
    })
    expect(view.attempts.find(({ producer }) => producer === 'p')!.start).toBe('cold')
  })

  it('is billed for its pings, whose handler neither fails nor calls', async () => {
    const view = await runExact({
      duration: '11m',
      functions: {
        ...warmed(
          { concurrency: 2, duration: '80ms' },
          {
            handler: {
              duration: '1s',
              failures: { crash: '100%' },
              calls: [{ queue: 'q' }],
            },
          },
        ),
      },
      queues: { q: {} },
      traffic: { p: { to: 'q', rate: '0/s' } },
    })
    // Two inits of 400 ms, four pings of 80 ms.
    expect(view.value('f.BilledDuration.sum')).toBe(2 * 480 + 2 * 80)
    expect(view.value('f.Errors.sum')).toBe(0)
    expect(view.ledger('q')).toEqual({ entered: 0 })
  })

  it('may be refused like any other call', async () => {
    const view = await runExact({
      duration: '6m',
      functions: warmed({ concurrency: 5 }, { reservedConcurrentExecutions: 2 }),
      traffic: { p: { to: 'f', rate: '0/s' } },
    })
    expect(view.value('f.warm.WarmerThrottles.sum')).toBe(3)
    expect(view.ledger('f.warm')).toEqual({ entered: 5, succeeded: 2, throttled: 3 })
  })

  it('is refused with a schedule or concurrency that is none', async () => {
    const event = (keys: string): Promise<string> =>
      complaint(withFunction(`events: { warm: { type: warmer, ${keys} } }`))
    expect(await event('schedule: rate(5 minutes), concurrency: 2')).toBe('no complaint')
    expect(await event('schedule: rate(5 minutes), concurrency: 0')).toContain(
      'concurrency is a whole number from 1 to 10000',
    )
    expect(await event('schedule: 5m')).toContain('`5m` is not a schedule')
  })
})
