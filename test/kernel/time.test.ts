import { describe, expect, it } from 'vitest'
import { InvariantViolation, invariant } from '../../src/kernel/invariant.ts'
import { formatDuration } from '../../src/kernel/time.ts'

describe('a duration in words', () => {
  it.each([
    [0, '0s'],
    [7, '7us'],
    [1_500, '1.5ms'],
    [250_000, '250ms'],
    [1_000_000, '1s'],
    [1_500_000, '1.5s'],
    [750_000_000, '12m30s'],
    [3_600_000_000, '1h'],
    [5_400_000_000, '1h30m'],
    [90_061_001_000, '1d1h1m1.001s'],
    [-250_000, '-250ms'],
    [Number.POSITIVE_INFINITY, 'Infinity'],
  ])('%d us reads %s', (durationUs, text) => {
    expect(formatDuration(durationUs)).toBe(text)
  })
})

describe('an invariant', () => {
  it('is silent while it holds and does not compose its message', () => {
    expect(() =>
      invariant(true, () => {
        throw new Error('composed')
      }),
    ).not.toThrow()
  })

  it('throws its own kind of error with its message when it is broken', () => {
    expect(() => invariant(false, () => 'two and two are five')).toThrow(InvariantViolation)
    expect(() => invariant(false, () => 'two and two are five')).toThrow('two and two are five')
  })
})
