/**
 * Log lines that AWS prints in its documentation, worked out again: Lambda developer guide,
 * "Troubleshoot Lambda function timeouts" and "Understanding the execution environment lifecycle".
 */
import { describe, expect, it } from 'vitest'
import { at, lambda, runExact } from '../support/exact.ts'

/** The billed milliseconds of one cold invocation. */
async function billed(init: string, duration: string): Promise<number> {
  const view = await runExact({
    functions: {
      f: lambda({
        coldStart: { placement: '100ms', init, firstInvocation: '0s' },
        handler: { duration },
      }),
    },
    traffic: { p: at('f', 1) },
  })
  return view.value('f.BilledDuration.sum')
}

describe('the billed duration of a REPORT line', () => {
  it('E29: init 84.00 ms and duration 3016.78 ms are 3101 ms', async () => {
    expect(await billed('84.00ms', '3016.78ms')).toBe(3_101)
  })

  it('E32: init 111.23 ms and duration 3004.92 ms are 3117 ms', async () => {
    expect(await billed('111.23ms', '3004.92ms')).toBe(3_117)
  })

  it('E29: at a timeout of 3 s the duration ends there and the init is billed beside it', async () => {
    const view = await runExact({
      functions: {
        f: lambda({
          timeout: '3s',
          coldStart: { placement: '100ms', init: '84.00ms', firstInvocation: '0s' },
          handler: { duration: '10s' },
        }),
      },
      traffic: { p: at('f', 1) },
    })
    expect(view.attempts[0]!.outcome).toBe('timedOut')
    expect(view.value('f.Duration.maximum')).toBe(3_000)
    expect(view.value('f.InitDuration.maximum')).toBe(84)
    expect(view.value('f.BilledDuration.sum')).toBe(3_084)
  })
})

describe('E33: a suppressed init', () => {
  it('E33: is hidden in Duration: 2.5 s of handler and 522.91 ms of init are 3022.91 ms', async () => {
    const view = await runExact({
      functions: {
        f: lambda({
          timeout: '10s',
          coldStart: { placement: '100ms', init: '522.91ms', firstInvocation: '0s' },
          handler: { duration: '2.5s', failures: { crash: '100%' } },
        }),
      },
      timeline: [{ at: '8s', set: { 'functions.f.handler.failures.crash': '0%' } }],
      traffic: { p: at('f', 1, 10) },
    })
    const [first, second] = view.attempts
    expect([first!.start, first!.initUs, first!.durationUs]).toEqual(['cold', 522_910, 2_500_000])
    // No Init Duration in the second REPORT line.
    expect([second!.start, second!.initUs, second!.durationUs]).toEqual(['warm', 0, 3_022_910])
    expect(second!.outcome).toBe('succeeded')
    expect(view.value('f.ColdStarts.sum')).toBe(1)
    expect(view.value('f.BilledDuration.sum')).toBe(3_023 + 3_023)
  })
})
