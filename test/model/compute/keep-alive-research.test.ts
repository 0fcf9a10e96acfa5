/** What the two policies do; scenarios/keep-alive-policies.yaml shows what comes of it. */
import { describe, expect, it } from 'vitest'
import { at, lambda, runExact, stateOf, times } from '../../support/exact.ts'

const COLD_START = { placement: '100ms', init: '900ms', firstInvocation: '0s' }

describe('hybrid histogram', () => {
  const timer = (every: number, calls: number) =>
    at('f', ...Array.from({ length: calls }, (_, index) => (index + 1) * every))
  const f = lambda({ coldStart: COLD_START, keepAlive: { policy: 'hybrid-histogram' } })

  it('lets a function go at once and has it ready just before its next call', async () => {
    const view = await runExact({
      duration: '10h',
      functions: { f },
      traffic: { p: timer(30 * 60, 19) },
    })
    expect(view.attempts.map(({ start }) => start)).toEqual(['cold', ...Array(18).fill('warm')])
    // Before the first idle time is known it is kept; then from 0.9 of 29 min to the call at 30 min.
    const parts = { duration: '10h', functions: { f }, traffic: { p: timer(30 * 60, 19) } }
    const idleAt = async (minute: number): Promise<number> =>
      (await stateOf(parts, minute * 60)).functions[0]!.environments
    expect(await idleAt(45)).toBe(1)
    expect(await idleAt(60 + 20)).toBe(0)
    expect(await idleAt(60 + 27)).toBe(1)
  })

  it('keeps a function whose calls come within a minute of each other', async () => {
    const view = await runExact({
      duration: '10m',
      functions: { f },
      traffic: { p: timer(20, 29) },
    })
    expect(view.value('f.ColdStarts.sum')).toBe(1)
  })

  it('lets go again what no call came for', async () => {
    const calls = Array.from({ length: 5 }, (_, index) => (index + 1) * 1_800)
    const parts = { duration: '10h', functions: { f }, traffic: { p: at('f', ...calls) } }
    // The last call is at 150 min; its successor is expected at 180 and given up at 184.1.
    const environments = async (minute: number): Promise<number> =>
      (await stateOf(parts, minute * 60)).functions[0]!.environments
    expect(await environments(182)).toBe(1)
    expect(await environments(190)).toBe(0)
  })
})

describe('greedy-dual', () => {
  const small = { memorySize: 512, coldStart: COLD_START }
  const keepAlive = { policy: 'greedy-dual', memory: '1GB' }

  it('keeps what fits for any time, and then lets the least used one go', async () => {
    const view = await runExact({
      duration: '5h',
      functions: {
        often: lambda({ ...small, keepAlive }),
        seldom: lambda({ ...small, keepAlive }),
        third: lambda({ ...small, keepAlive }),
      },
      traffic: {
        a: at('often', 10, 20, 30, 14_500),
        b: at('seldom', 40, 16_000),
        c: at('third', 14_000),
      },
    })
    const started = Object.fromEntries(
      view.attempts.map(({ functionName, arrivedUs, start }) => [
        `${functionName} ${arrivedUs / 1e6}`,
        start,
      ]),
    )
    expect(started).toEqual({
      'often 10': 'cold',
      'often 20': 'warm',
      'often 30': 'warm',
      'seldom 40': 'cold',
      'third 14000': 'cold',
      'often 14500': 'warm',
      'seldom 16000': 'cold',
    })
  })

  it('forgets what was used often, but long ago', async () => {
    const view = await runExact({
      duration: '5m',
      functions: {
        old: lambda({ ...small, keepAlive }),
        a: lambda({ ...small, keepAlive }),
        b: lambda({ ...small, keepAlive }),
      },
      traffic: {
        // Worth 5; a and b drive each other out, each time worth more by what they drove out.
        old: at('old', 10, 20, 30, 40, 50, 200),
        a: at('a', 100, 120, 140),
        b: at('b', 110, 130),
      },
    })
    expect(view.attempts.at(-1)).toMatchObject({ functionName: 'old', start: 'cold' })
  })

  it('exceeds its memory rather than refuse, and shrinks again', async () => {
    const view = await runExact({
      functions: { f: lambda({ ...small, keepAlive }) },
      traffic: { p: at('f', times(5, 1)) },
    })
    expect(view.value('f.ExecutionEnvironments.maximum')).toBe(5)
    expect(view.series('f.ExecutionEnvironments.average').at(-1)).toBe(2)
    expect(view.value('f.Throttles.sum')).toBe(0)
  })
})
