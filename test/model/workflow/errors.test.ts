import { describe, expect, it, test } from 'vitest'
import { matches, matchesBranch } from '../../../src/model/workflow/errors.ts'
import { retryDelayUs } from '../../../src/model/workflow/retry-delay.ts'

describe('ErrorEquals', () => {
  test.each([
    ['a name matches itself', ['A', 'B'], 'B', true],
    ['a name matches no other', ['A'], 'B', false],
    ['States.ALL matches any error', ['States.ALL'], 'A', true],
    ['States.ALL matches a timeout', ['States.ALL'], 'States.Timeout', true],
    ['States.ALL does not match States.Runtime', ['States.ALL'], 'States.Runtime', false],
    [
      'States.ALL does not match States.DataLimitExceeded',
      ['States.ALL'],
      'States.DataLimitExceeded',
      false,
    ],
    ['States.Runtime matches by its name', ['States.Runtime'], 'States.Runtime', true],
    ['States.TaskFailed matches an error of a service', ['States.TaskFailed'], 'SQS.X', true],
    ['States.TaskFailed does not match a timeout', ['States.TaskFailed'], 'States.Timeout', false],
    [
      'States.Timeout matches a missing heartbeat',
      ['States.Timeout'],
      'States.HeartbeatTimeout',
      true,
    ],
    ['a heartbeat does not match a timeout', ['States.HeartbeatTimeout'], 'States.Timeout', false],
  ])('%s', (_, errorEquals, error, isMatch) => {
    expect(matches(errorEquals, error)).toBe(isMatch)
  })

  it('of a Parallel state may be States.BranchFailed', () => {
    expect(matchesBranch(['States.BranchFailed'], 'A')).toBe(true)
    expect(matchesBranch(['States.BranchFailed'], 'States.Runtime')).toBe(false)
    expect(matches(['States.BranchFailed'], 'A')).toBe(false)
  })
})

describe('the wait before a retry', () => {
  const retrier = {
    errorEquals: [],
    intervalUs: 1_500_000,
    maxAttempts: 99_999_999,
    backoffRate: 1.5,
    maxDelayUs: null,
    isJittered: false,
  }

  it('grows by the back-off rate', () => {
    const waits = [1, 2, 3, 4].map((retry) => retryDelayUs(retrier, retry, 1))
    expect(waits).toEqual([1_500_000, 2_250_000, 3_375_000, 5_062_500])
  })

  it('stays the same with a rate of 1, however many retries there were', () => {
    expect(retryDelayUs({ ...retrier, backoffRate: 1 }, 99_999_999, 1)).toBe(1_500_000)
  })

  it('ends at the longest delay', () => {
    expect(retryDelayUs({ ...retrier, maxDelayUs: 2_000_000 }, 2, 1)).toBe(2_000_000)
    expect(retryDelayUs({ ...retrier, maxDelayUs: 2_000_000 }, 99_999_999, 1)).toBe(2_000_000)
  })

  it('is a share of that with jitter', () => {
    expect(retryDelayUs({ ...retrier, maxDelayUs: 2_000_000 }, 3, 0.25)).toBe(500_000)
  })
})
