import { describe, expect, test } from 'vitest'
import { estimateColdStarts, estimateInstances } from './estimators.ts'

/** Requests a second apart, the given ones first uses. */
function everySecond(count: number, firstUses: readonly number[]) {
  return {
    starts: Float64Array.from({ length: count }, (_, index) => index),
    isFirstUse: Uint8Array.from({ length: count }, (_, index) =>
      firstUses.includes(index) ? 1 : 0,
    ),
    lives: [],
    lengthSeconds: count,
  }
}

describe("the authors' estimator of the cold-start probability", () => {
  // Blocks of 10 requests less the last: 9, of which the first three start within a quarter of
  // the 8 s from first to last.
  test('drops the first quarter of each block and its last request', () => {
    for (const dropped of [0, 1, 2, 9, 10, 99]) {
      expect(estimateColdStarts(everySecond(100, [dropped])).probability).toBe(0)
    }
    for (const counted of [3, 8, 13, 98]) {
      expect(estimateColdStarts(everySecond(100, [counted])).probability).toBeCloseTo(1 / 60, 15)
    }
  })

  test('weighs blocks alike, and takes its error from their spread', () => {
    const { probability, standardError } = estimateColdStarts(everySecond(100, [3, 4, 5, 14]))
    const shares = [3 / 6, 1 / 6, 0, 0, 0, 0, 0, 0, 0, 0]
    const mean = 4 / 60
    const variance = shares.reduce((sum, share) => sum + (share - mean) ** 2, 0) / 10
    expect(probability).toBeCloseTo(mean, 15)
    expect(standardError).toBeCloseTo(Math.sqrt(variance / 10), 15)
  })

  test('leaves out the requests that fill no block', () => {
    expect(estimateColdStarts(everySecond(109, [100, 105, 108])).probability).toBe(0)
  })
})

describe("the authors' count of instances", () => {
  test('keeps an environment for ten minutes, and looks at the last three quarters', () => {
    const count = (lives: readonly number[]) =>
      estimateInstances({ ...everySecond(0, []), lives, lengthSeconds: 4_000 })
    expect(count([-50, 100])).toBe(0)
    expect(count([1_000, 1_300])).toBe(900 / 3_000)
    expect(count([500, 1_000])).toBe(600 / 3_000)
    expect(count([3_000, 3_900])).toBe(1_000 / 3_000)
    expect(count([-50, 3_990, 1_000, 1_300])).toBe(1 + 900 / 3_000)
  })
})
