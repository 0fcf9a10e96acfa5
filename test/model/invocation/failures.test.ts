import { describe, expect, it } from 'vitest'
import type { CompiledScenario } from '../../../src/model/compiled-scenario.ts'
import { at, lambda, runExact } from '../../support/exact.ts'
import type { RunView } from '../../support/run.ts'

const COLD_START = { placement: '100ms', init: '400ms', firstInvocation: '30ms' }

function failing(failures: Record<string, string>, keys: Record<string, unknown> = {}) {
  return lambda({
    coldStart: COLD_START,
    timeout: '3s',
    handler: { duration: '50ms', failures },
    ...keys,
  })
}

/** Outcome, reason, start and Duration of each attempt, in the order of arrival. */
function fates(view: RunView) {
  return [...view.attempts]
    .sort((one, other) => one.arrivedUs - other.arrivedUs)
    .map(({ outcome, reason, start, durationUs }) => [outcome, reason, start, durationUs])
}

/** From nine seconds on nothing fails any more. */
function until9(kind: string) {
  return [{ at: '9s', set: { [`functions.f.handler.failures.${kind}`]: '0%' } }]
}

describe('a handler that returns an error', () => {
  it('keeps its environment as it is', async () => {
    const view = await runExact({
      functions: { f: failing({ error: '100%' }) },
      traffic: { p: at('f', 1, 5) },
    })
    expect(fates(view)).toEqual([
      ['failed', 'error', 'cold', 80_000],
      ['failed', 'error', 'warm', 50_000],
    ])
    expect(view.value('f.Errors.sum')).toBe(2)
    expect(view.value('f.Errors.share')).toBe(1)
    expect(view.ledger('p')).toEqual({ entered: 2, failed: 2 })
    expect(view.value('p.Failed.sum')).toBe(2)
    expect(view.find('p.ClientLatency.average')).toBeUndefined()
    expect(view.value('p.ClientLatencyFailed.maximum')).toBe(580)
  })

  it('may be said with the shorthand errorRate', async () => {
    const view = await runExact({
      functions: { f: failing({}, { handler: { duration: '50ms', errorRate: '100%' } }) },
      traffic: { p: at('f', 1) },
    })
    expect(fates(view)).toEqual([['failed', 'error', 'cold', 80_000]])
  })
})

describe.each(['crash', 'outOfMemory'])('an invocation that ends in %s', (kind) => {
  it('resets its environment: the next invocation runs init again, within its Duration', async () => {
    const view = await runExact({
      functions: { f: failing({ [kind]: '100%' }) },
      timeline: until9(kind),
      traffic: { p: at('f', 1, 10, 20) },
    })
    expect(fates(view)).toEqual([
      ['failed', kind, 'cold', 80_000],
      // 400 ms of suppressed init, the first invocation after it, and the handler.
      ['succeeded', '', 'warm', 480_000],
      ['succeeded', '', 'warm', 50_000],
    ])
    expect(view.value('f.ColdStarts.sum')).toBe(1)
    // One InitDuration of 400 ms: the suppressed one has none.
    expect(view.value('f.InitDuration.maximum')).toBe(400)
    expect(view.value('f.BilledDuration.sum')).toBe(480 + 480 + 50)
  })
})

describe('an invocation that exceeds the function timeout', () => {
  it('ends at the timeout, whatever makes it long, and resets its environment', async () => {
    const view = await runExact({
      functions: { f: failing({}, { handler: { duration: '3.1s' } }) },
      traffic: { p: at('f', 1, 10) },
    })
    expect(fates(view)).toEqual([
      ['timedOut', 'timeout', 'cold', 3_000_000],
      ['timedOut', 'timeout', 'warm', 3_000_000],
    ])
    expect(view.ledger('p')).toEqual({ entered: 2, timedOut: 2 })
    expect(view.value('f.Errors.sum')).toBe(2)
    expect(view.value('f.BilledDuration.sum')).toBe(400 + 3_000 + 3_000)
  })

  it('succeeds at exactly the timeout, and not with the first invocation on top', async () => {
    const view = await runExact({
      functions: { f: failing({}, { handler: { duration: '3s' } }) },
      traffic: { p: at('f', 1) },
      initial: { functions: { f: { environments: 1 } } },
    })
    expect(fates(view)).toEqual([['timedOut', 'timeout', 'warm', 3_000_000]])
    const exactly = await runExact({
      functions: {
        f: failing(
          {},
          {
            handler: { duration: '3s' },
            coldStart: { ...COLD_START, firstInvocation: '0s' },
          },
        ),
      },
      traffic: { p: at('f', 1) },
    })
    expect(fates(exactly)).toEqual([['succeeded', '', 'cold', 3_000_000]])
  })

  it('may be a share of invocations that hang', async () => {
    const view = await runExact({
      functions: { f: failing({ timeout: '100%' }) },
      timeline: until9('timeout'),
      traffic: { p: at('f', 1, 10) },
    })
    expect(fates(view)).toEqual([
      ['timedOut', 'timeout', 'cold', 3_000_000],
      ['succeeded', '', 'warm', 480_000],
    ])
  })

  it('bounds a suppressed init together with the invocation', async () => {
    const view = await runExact({
      functions: {
        f: failing({ crash: '100%' }, { coldStart: { ...COLD_START, init: '4s' } }),
      },
      timeline: until9('crash'),
      traffic: { p: at('f', 1, 10, 20) },
    })
    expect(fates(view)).toEqual([
      ['failed', 'crash', 'cold', 80_000],
      ['timedOut', 'timeout', 'warm', 3_000_000],
      ['timedOut', 'timeout', 'warm', 3_000_000],
    ])
  })
})

describe('an init that fails', () => {
  it('is run again within the first invocation, which fails if that fails too', async () => {
    const view = await runExact({
      functions: { f: failing({ initError: '100%' }) },
      traffic: { p: at('f', 1, 10) },
    })
    expect(fates(view)).toEqual([
      ['failed', 'initError', 'cold', 400_000],
      ['failed', 'initError', 'warm', 400_000],
    ])
    expect(view.attempts[0]!.latencyUs).toBe(900_000)
    expect(view.value('f.Errors.sum')).toBe(2)
    expect(view.find('f.InitDuration.average')).toBeUndefined()
  })

  it('succeeds within a later invocation once the cause is gone', async () => {
    const view = await runExact({
      functions: { f: failing({ initError: '100%' }) },
      timeline: until9('initError'),
      traffic: { p: at('f', 1, 10, 20) },
    })
    expect(fates(view)).toEqual([
      ['failed', 'initError', 'cold', 400_000],
      ['succeeded', '', 'warm', 480_000],
      ['succeeded', '', 'warm', 50_000],
    ])
  })

  it('strikes a share of environments, drawn once for each init', async () => {
    const view = await runExact({
      duration: '4000s',
      metricsPeriod: '100s',
      functions: {
        f: failing({ initError: '30%' }, { keepAlive: { policy: 'fixed', idleTimeout: '100ms' } }),
      },
      traffic: { p: { to: 'f', process: 'constant', rate: '0.5/s' } },
    })
    const inits = view.value('f.ColdStarts.sum')
    expect(inits).toBe(2_000)
    // Both the init and its repetition fail: 9 %. Six standard deviations of the binomial.
    const margin = 6 * Math.sqrt(inits * 0.09 * 0.91)
    expect(Math.abs(view.value('f.Errors.sum') - inits * 0.09)).toBeLessThan(margin)
  })
})

describe('the SHUTDOWN phase after a reset', () => {
  const withExtensions = (shutdownUs: number) => (compiled: CompiledScenario) => ({
    ...compiled,
    functions: compiled.functions.map((settings) => ({ ...settings, shutdownUs })),
  })
  // The invocation ends at 1.58 s; with external extensions the environment is back at 3.58 s.
  const crashing = (...seconds: number[]) => ({
    functions: { f: failing({ crash: '100%' }) },
    traffic: { p: at('f', 1, ...seconds) },
  })

  it('takes no time without extensions', async () => {
    const view = await runExact(crashing(1.58))
    expect(view.attempts.map(({ start }) => start)).toEqual(['cold', 'warm'])
  })

  it('keeps the environment from serving for two seconds with external extensions', async () => {
    const adjust = withExtensions(2_000_000)
    const during = await runExact(crashing(3.579999), { adjust })
    expect(during.attempts.map(({ start }) => start)).toEqual(['cold', 'cold'])
    const after = await runExact(crashing(3.58), { adjust })
    expect(after.attempts.map(({ start, durationUs }) => [start, durationUs])).toEqual([
      ['cold', 80_000],
      ['warm', 480_000],
    ])
  })

  it('is over for each environment in its turn', async () => {
    const adjust = withExtensions(500_000)
    const view = await runExact(crashing(1.2, 1.4, 2.085, 2.285, 2.485), { adjust })
    expect(view.countAttempts(({ start }) => start)).toEqual({ cold: 3, warm: 3 })
  })
})

describe('shares of several kinds of failure', () => {
  it('strike as often as they say, each request by its own draw', async () => {
    const view = await runExact({
      duration: '1000s',
      metricsPeriod: '100s',
      functions: {
        f: failing({ error: '10%', crash: '5%', outOfMemory: '3%', timeout: '2%' }),
      },
      traffic: { p: { to: 'f', process: 'constant', rate: '20/s' } },
    })
    const counts = view.countAttempts(({ reason }) => reason)
    const total = view.attempts.length
    const shares = { error: 0.1, crash: 0.05, outOfMemory: 0.03, timeout: 0.02, '': 0.8 }
    for (const [reason, share] of Object.entries(shares)) {
      // Six standard deviations of the binomial.
      const margin = 6 * Math.sqrt(total * share * (1 - share))
      expect(Math.abs(counts[reason]! - total * share)).toBeLessThan(margin)
    }
    expect(view.value('f.Errors.sum')).toBe(
      counts.error! + counts.crash! + counts.outOfMemory! + counts.timeout!,
    )
  })

  it('hit the same requests whatever happens to the others', async () => {
    const reasons = async (failures: Record<string, string>) => {
      const view = await runExact({
        functions: { f: failing(failures, { coldStart: 'none' }) },
        traffic: { p: { to: 'f', process: 'constant', rate: '20/s' } },
      })
      const failed = view.attempts.filter(({ reason }) => reason === 'error')
      return failed.map(({ request }) => request).sort((one, other) => one - other)
    }
    const few = await reasons({ error: '10%' })
    const more = await reasons({ error: '20%', crash: '10%' })
    expect(few.length).toBeGreaterThan(50)
    expect(more).toEqual(expect.arrayContaining(few))
    expect(more.length).toBeGreaterThan(few.length)
  })
})
