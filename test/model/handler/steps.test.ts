/** Handlers as lists of steps: compute, calls, and branches in parallel. */
import { describe, expect, test } from 'vitest'
import { compileText, type RunView, run } from '../../support/run.ts'

/** One request a second for ten seconds, each with this handler; nothing is random. */
function scenario(handler: string, more = ''): string {
  return `
name: steps
duration: 10s
drain: true
account: { region: us-east-1 }
functions:
  api: { runtime: nodejs22.x, memorySize: 512, timeout: 2s, coldStart: none, handler: ${handler} }
traffic: { load: { to: api, process: constant, rate: 1/s } }
downstreams:
  fast: { type: queueing-service, servers: 10, service: 30ms }
  slow: { type: queueing-service, servers: 10, service: 100ms }
  broken: { type: queueing-service, servers: 10, service: 5ms, errorRate: 100% }
  never: { type: queueing-service, servers: 10, service: 10s }
queues: { jobs: {} }
${more}`
}

function latencies(view: RunView): readonly number[] {
  return [...new Set(view.attempts.map(({ latencyUs }) => latencyUs / 1_000))]
}

describe('steps one after the other', () => {
  test('add up, and tell own time from the time of calls', async () => {
    const view = await run(
      scenario('[{ compute: 20ms }, { downstream: fast, count: 2 }, { compute: 10ms }]'),
    )
    expect(latencies(view)).toEqual([90])
    const parts = view.attempts.map(({ durationUs, callUs }) => [durationUs, callUs])
    expect(parts).toEqual(Array(10).fill([30_000, 60_000]))
    expect(view.value('api.Duration.average')).toBe(90)
    expect(view.value('fast.Calls.sum')).toBe(20)
  })

  test('may begin with a call', async () => {
    const view = await run(scenario('[{ downstream: fast }, { compute: 10ms }]'))
    expect(latencies(view)).toEqual([40])
  })

  test('mean the same as duration and calls where that can say it', async () => {
    const asSteps = await run(
      scenario('[{ compute: { exponential: { mean: 50ms } } }, { downstream: fast }]'),
    )
    const asCalls = await run(
      scenario('{ duration: { exponential: { mean: 50ms } }, calls: [{ downstream: fast }] }'),
    )
    expect(asSteps.attempts).toEqual(asCalls.attempts)
    expect(asSteps.output.fingerprint).toBe(asCalls.output.fingerprint)
  })

  test('are taken with their chance, by the same requests whatever else changes', async () => {
    const text = scenario('[{ compute: 10ms }, { compute: 50ms, probability: 30% }]').replace(
      'rate: 1/s',
      'rate: 100/s',
    )
    const view = await run(text)
    const slower = await run(text.replace('{ compute: 10ms }', '{ compute: 20ms }'))
    const taken = (from: RunView, ownMs: number) =>
      from.attempts
        .filter(({ durationUs }) => durationUs > ownMs * 1_000)
        .map(({ request }) => request)
    expect(new Set(taken(view, 10))).toEqual(new Set(taken(slower, 20)))
    // 1,000 draws of 30%: five standard deviations are 72.
    expect(Math.abs(taken(view, 10).length - 300)).toBeLessThan(72)
  })

  test('end where a call fails', async () => {
    const view = await run(
      scenario('[{ compute: 20ms }, { downstream: broken }, { compute: 500ms }]'),
    )
    expect(latencies(view)).toEqual([25])
    expect(view.ledger('load')).toEqual({ entered: 10, failed: 10 })
    expect(view.value('api.CallErrors.sum')).toBe(10)
  })

  test('are cut by the function timeout, also in the middle of own time', async () => {
    const view = await run(scenario('[{ downstream: fast }, { compute: 5s }]'))
    expect(view.ledger('load')).toEqual({ entered: 10, timedOut: 10 })
    const parts = view.attempts.map(({ durationUs, callUs }) => [durationUs, callUs])
    expect(parts).toEqual(Array(10).fill([1_970_000, 30_000]))
  })

  test('are never longer than the function timeout, by no fraction of a microsecond', async () => {
    const view = await run(
      scenario('[{ compute: { exponential: { mean: 50ms } } }, { compute: 5s }]').replace(
        'rate: 1/s',
        'rate: 10/s',
      ),
    )
    const parts = view.attempts.map(({ durationUs, callUs }) => [durationUs, callUs])
    expect(parts).toEqual(Array(100).fill([2_000_000, 0]))
  })

  test('scale with memory where they are CPU-bound, each by its own share', async () => {
    const text = scenario(
      '[{ compute: 100ms, cpuBound: 100% }, { downstream: fast }, { compute: 100ms, cpuBound: 50% }, { compute: 10ms, cpuBound: 0% }]',
    )
    const view = await run(text, { set: ['functions.api.memorySize=1024'] })
    expect(latencies(view)).toEqual([50 + 30 + 75 + 10])
  })

  test('need their CPU-bound share before memory may change', async () => {
    const text = scenario('[{ compute: 100ms, cpuBound: 100% }, { compute: 100ms }]')
    await expect(compileText(text, { set: ['functions.api.memorySize=1024'] })).rejects.toThrow(
      /cpuBound/,
    )
  })
})

describe('branches in parallel', () => {
  test('take as long as the longest of them', async () => {
    const view = await run(
      scenario(
        '[{ compute: 20ms }, { parallel: [{ downstream: slow }, [{ compute: 5ms }, { downstream: fast }], { queue: jobs }] }, { compute: 1ms }]',
      ),
    )
    expect(latencies(view)).toEqual([121])
    expect(view.value('slow.Calls.sum')).toBe(10)
    expect(view.value('fast.Calls.sum')).toBe(10)
    expect(view.ledger('jobs').entered).toBe(10)
  })

  test('that only send take no time', async () => {
    const view = await run(scenario('[{ compute: 20ms }, { parallel: [{ queue: jobs }] }]'))
    expect(latencies(view)).toEqual([20])
  })

  test('fail together as soon as one does; what the others called is worked on to its end', async () => {
    const view = await run(
      scenario('[{ parallel: [{ downstream: slow }, { downstream: broken }] }, { compute: 1s }]'),
    )
    expect(latencies(view)).toEqual([5])
    expect(view.ledger('load')).toEqual({ entered: 10, failed: 10 })
    expect(view.value('slow.CallTimeouts.sum')).toBe(10)
    expect(view.value('slow.ServiceTime.average')).toBe(100)
  })

  test('are cut together by the function timeout', async () => {
    const view = await run(
      scenario('[{ parallel: [{ downstream: never }, { downstream: never }, { compute: 5ms }] }]'),
    )
    expect(view.ledger('load')).toEqual({ entered: 10, timedOut: 10 })
    expect(view.value('never.CallTimeouts.sum')).toBe(20)
  })

  test('may invoke functions, whose answers come at one instant as a failure elsewhere', async () => {
    const more = ''
    const text = scenario(
      '[{ parallel: [{ function: helper }, { downstream: broken }] }]',
      more,
    ).replace(
      '\ntraffic',
      '\n  helper: { runtime: nodejs22.x, memorySize: 512, coldStart: none, handler: { duration: 5ms } }\ntraffic',
    )
    const view = await run(text)
    expect(view.ledger('load')).toEqual({ entered: 10, failed: 10 })
    expect(view.value('helper.Invocations.sum')).toBe(10)
  })
})

describe('a list that makes no sense', () => {
  const complaintOf = async (handler: string) => {
    try {
      await compileText(scenario(handler))
    } catch (problem) {
      return (problem as Error).message.split('\n')[0]
    }
    return 'no complaint'
  }

  test('is told at its place', async () => {
    expect(await complaintOf('[]')).toMatchInlineSnapshot(
      `"test.yaml:7:87: a handler has at least one step"`,
    )
    expect(await complaintOf('[{ compute: 20 }]')).toMatchInlineSnapshot(
      `"test.yaml:7:99: \`20\` has no unit: write 20s or 20ms, say"`,
    )
    expect(await complaintOf('[{ compute: 20ms }, { sleep: 1s }]')).toContain(
      'unknown key `sleep` in functions.api.handler.1: known here are compute, cpuBound',
    )
    expect(await complaintOf('[{ parallel: [] }]')).toMatchInlineSnapshot(
      `"test.yaml:7:100: \`parallel\` has at least one branch"`,
    )
    expect(await complaintOf('[{ parallel: [[{ downstream: gone }]] }]')).toMatchInlineSnapshot(
      `"test.yaml:7:116: there is no downstream \`gone\`: known are fast, slow, broken, never"`,
    )
    expect(
      await complaintOf('{ duration: 1ms, steps: [{ compute: 20ms }] }'),
    ).toMatchInlineSnapshot(
      `"test.yaml:7:89: \`steps\` say all that the handler does: duration cannot stand beside them"`,
    )
  })
})
