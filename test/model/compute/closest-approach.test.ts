import { describe, expect, it } from 'vitest'
import { ClosestApproach } from '../../../src/model/compute/closest-approach.ts'

describe('the closest approach to a limit', () => {
  it('is the highest level while the limit stays', () => {
    const approach = new ClosestApproach(10)
    for (const level of [3, 7, 5]) approach.rise(level)
    expect(approach.read()).toEqual({ used: 7, available: 10 })
  })

  it('remembers a limit that was reached before it was raised', () => {
    const approach = new ClosestApproach(200)
    approach.rise(200)
    approach.changeLimit(2_000, 200)
    approach.rise(300)
    expect(approach.read()).toEqual({ used: 200, available: 200 })
  })

  it('counts what is in use already against a lower limit', () => {
    const approach = new ClosestApproach(100)
    approach.rise(60)
    approach.changeLimit(50, 60)
    expect(approach.read()).toEqual({ used: 60, available: 50 })
  })
})
