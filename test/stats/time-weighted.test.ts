import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { TimeWeighted } from '../../src/stats/time-weighted.ts'

describe('TimeWeighted', () => {
  it('averages a level over the time it was held', () => {
    const level = new TimeWeighted(100, 2)
    level.set(110, 5)
    level.add(130, -4)
    expect(level.integral(150)).toBe(2 * 10 + 5 * 20 + 1 * 20)
    expect(level.average(150)).toBe(140 / 50)
    expect([level.minimum(150), level.maximum(150), level.level]).toEqual([1, 5, 1])
  })

  it('does not count a level that was left at the instant it was set', () => {
    const level = new TimeWeighted(0, 3)
    level.set(10, 99)
    level.set(10, 0)
    level.set(10, 4)
    expect([level.minimum(20), level.maximum(20)]).toEqual([3, 4])
  })

  it('gives a level set at the end of a period to the next one', () => {
    const level = new TimeWeighted(0, 1)
    level.set(60, 7)
    expect([level.average(60), level.maximum(60)]).toEqual([1, 1])
    level.startPeriod(60)
    expect([level.average(120), level.minimum(120), level.maximum(120)]).toEqual([7, 7, 7])
  })

  it('answers with the level itself when no time has passed', () => {
    const level = new TimeWeighted(5, 8)
    expect([level.average(5), level.minimum(5), level.maximum(5), level.integral(5)]).toEqual([
      8, 8, 8, 0,
    ])
  })

  it('has the same integral, bit for bit, as a sum over every microsecond', () => {
    const steps = fc.array(
      fc.tuple(fc.integer({ min: 0, max: 20 }), fc.integer({ min: 0, max: 1000 })),
      { minLength: 1 },
    )
    fc.assert(
      fc.property(steps, (changes) => {
        const level = new TimeWeighted(0, 0)
        const held: number[] = []
        let now = 0
        for (const [gap, value] of changes) {
          for (let tick = 0; tick < gap; tick++) held.push(level.level)
          now += gap
          level.set(now, value)
        }
        expect(level.integral(now)).toBe(held.reduce((sum, value) => sum + value, 0))
        if (held.length > 0) {
          expect(level.maximum(now)).toBe(Math.max(...held))
          expect(level.minimum(now)).toBe(Math.min(...held))
        }
      }),
    )
  })
})
