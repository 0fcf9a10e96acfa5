/** The arithmetic of the SDKs' retries (AWS SDKs and tools reference guide, "Retry behavior"). */
import { describe, expect, it } from 'vitest'
import { longestWaitUs, waitUs } from '../../../src/model/clients/back-off.ts'
import type { Failure } from '../../../src/model/clients/failure.ts'
import { Retrier } from '../../../src/model/clients/retry-policy.ts'
import { policyOf } from './support.ts'

const MILLISECOND = 1_000

/** The longest waits before retries 1, 2, ..., ms. */
function longest(retry: object, failure: Failure, retries: readonly number[]): number[] {
  const { backOff } = policyOf(retry)
  return retries.map((number) => longestWaitUs(backOff, number, failure) / MILLISECOND)
}

function meanTotalMs(retry: object, failure: Failure, retries: number): number {
  const { backOff } = policyOf(retry)
  let total = 0
  for (let number = 1; number <= retries; number++) total += waitUs(backOff, number, failure, 0.5)
  return total / MILLISECOND
}

describe('the waits of the scheme of 2026', () => {
  const retry = { mode: 'standard-2026' }

  it('are drawn up to 50 and 100 ms after two transient errors, 75 ms together on average (E35)', () => {
    expect(longest(retry, 'timeout', [1, 2])).toEqual([50, 100])
    expect(longest(retry, 'other', [1, 2])).toEqual([50, 100])
    expect(meanTotalMs(retry, 'timeout', 2)).toBe(75)
  })

  it('are drawn up to 1 and 2 s after two throttles, 1.5 s together on average (E36)', () => {
    expect(longest(retry, 'throttling', [1, 2])).toEqual([1_000, 2_000])
    expect(meanTotalMs(retry, 'throttling', 2)).toBe(1_500)
  })

  it('double up to 20 s (E37)', () => {
    expect(longest(retry, 'timeout', [1, 2, 5, 9, 10])).toEqual([50, 100, 800, 12_800, 20_000])
    expect(longest(retry, 'throttling', [5, 6, 7])).toEqual([16_000, 20_000, 20_000])
  })
})

describe('the waits before 2026', () => {
  it('begin with 1 s in boto, whatever failed', () => {
    for (const failure of ['throttling', 'timeout', 'other'] as const) {
      expect(longest({ mode: 'standard', sdk: 'python' }, failure, [1, 2, 5, 6])).toEqual([
        1_000, 2_000, 16_000, 20_000,
      ])
    }
  })

  it('begin with 100 ms in the JavaScript SDK, with 500 ms after a throttle', () => {
    const retry = { mode: 'standard', sdk: 'javascript' }
    expect(longest(retry, 'timeout', [1, 2, 3])).toEqual([100, 200, 400])
    expect(longest(retry, 'throttling', [1, 2, 3])).toEqual([500, 1_000, 2_000])
    expect(longest(retry, 'throttling', [7])).toEqual([20_000])
  })

  it('double without an end in the legacy mode, whose five attempts know no quota', () => {
    const policy = policyOf({ mode: 'legacy' })
    expect(longest({ mode: 'legacy' }, 'throttling', [1, 4, 10])).toEqual([1_000, 8_000, 512_000])
    expect(policy.maxAttempts).toBe(5)
    expect(policy.quota).toBeNull()
  })
})

describe('jitter', () => {
  it.each([
    ['full', 0, 400],
    ['equal', 200, 400],
    ['none', 400, 400],
  ])('%s draws between %d and %d ms', (jitter, least, most) => {
    const { backOff } = policyOf({ mode: 'exponential', baseDelay: '100ms', jitter })
    expect(waitUs(backOff, 3, 'other', 0)).toBe(least * MILLISECOND)
    expect(waitUs(backOff, 3, 'other', 1)).toBe(most * MILLISECOND)
  })
})

describe('the retry quota', () => {
  /** What one retry takes out of a full quota. */
  const costOf = (retry: object, failure: Failure): number => {
    const retrier = new Retrier(policyOf(retry))
    expect(retrier.availableQuota).toBe(500)
    expect(retrier.decide(1, failure)).toBe('retry')
    return 500 - retrier.availableQuota
  }

  it('charges by what failed, each SDK in its own way', () => {
    const costs = (retry: object) =>
      (['throttling', 'timeout', 'other'] as const).map((failure) => costOf(retry, failure))
    expect(costs({ mode: 'standard', sdk: 'python' })).toEqual([5, 10, 5])
    expect(costs({ mode: 'standard', sdk: 'javascript' })).toEqual([5, 10, 10])
    expect(costs({ mode: 'standard-2026' })).toEqual([5, 14, 14])
  })

  it('allows 100 retries of throttles and then none, until successes pay for one', () => {
    const retrier = new Retrier(policyOf({ mode: 'standard' }))
    for (let retry = 0; retry < 100; retry++) {
      expect(retrier.decide(1, 'throttling')).toBe('retry')
    }
    expect(retrier.decide(1, 'throttling')).toBe('quota-exhausted')
    for (let success = 0; success < 4; success++) retrier.succeeded(0)
    expect(retrier.decide(1, 'throttling')).toBe('quota-exhausted')
    retrier.succeeded(0)
    expect(retrier.decide(1, 'throttling')).toBe('retry')
  })

  it('gets back the cost of the last retry when that succeeds, and never more than it holds', () => {
    const retrier = new Retrier(policyOf({ mode: 'standard-2026' }))
    retrier.decide(1, 'timeout')
    retrier.decide(2, 'throttling')
    expect(retrier.availableQuota).toBe(500 - 14 - 5)
    retrier.succeeded(retrier.lastCost)
    expect(retrier.availableQuota).toBe(500 - 14)
    for (let success = 0; success < 20; success++) retrier.succeeded(0)
    expect(retrier.availableQuota).toBe(500)
  })

  it('is not asked when the attempts are used up', () => {
    const retrier = new Retrier(policyOf({ mode: 'standard', maxAttempts: 2 }))
    expect(retrier.decide(2, 'throttling')).toBe('attempts-used-up')
    expect(retrier.availableQuota).toBe(500)
  })
})
