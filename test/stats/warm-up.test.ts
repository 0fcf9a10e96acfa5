import { describe, expect, it } from 'vitest'
import { namedGenerator } from '../../src/kernel/generator.ts'
import { standardNormal } from '../../src/kernel/ziggurat.ts'
import { warmUpLength } from '../../src/stats/warm-up.ts'

/** MSER-5 by its definition: every cut in the first half, each scored from scratch. */
function byDefinition(values: readonly number[]): number {
  const means: number[] = []
  for (let start = 0; start + 5 <= values.length; start += 5) {
    means.push(values.slice(start, start + 5).reduce((sum, value) => sum + value, 0) / 5)
  }
  let best = 0
  let bestScore = Infinity
  for (let cut = 0; cut <= means.length / 2; cut++) {
    const rest = means.slice(cut)
    const mean = rest.reduce((sum, value) => sum + value, 0) / rest.length
    const score = rest.reduce((sum, value) => sum + (value - mean) ** 2, 0) / rest.length ** 2
    if (score < bestScore) {
      best = cut
      bestScore = score
    }
  }
  return best * 5
}

describe('warmUpLength', () => {
  it('cuts a transient off at the batch where it ends', () => {
    const transient = Array.from({ length: 40 }, (_, index) => 9 - 0.1 * index)
    // Every batch of five has the same mean, so that leaving out more gains nothing.
    const steady = Array.from({ length: 200 }, (_, index) => 3 + 0.5 * (index % 5))
    expect(warmUpLength([...transient, ...steady])).toBe(40)
  })

  it('chooses what the definition chooses', () => {
    const generator = namedGenerator('series')
    for (let series = 0; series < 200; series++) {
      const length = 10 + series
      let level = 20
      const values = Array.from({ length }, () => {
        level *= 0.9
        return level + standardNormal(generator)
      })
      expect(warmUpLength(values)).toBe(byDefinition(values))
    }
  })

  it('cuts nothing off a constant series or a very short one', () => {
    expect(warmUpLength(new Array(100).fill(7))).toBe(0)
    expect(warmUpLength([9, 1, 1, 1, 1, 1, 1, 1, 1])).toBe(0)
  })
})
