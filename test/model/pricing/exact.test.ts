import '../../support/fixed-seed.ts'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import {
  decimal,
  difference,
  product,
  quotient,
  ratio,
  smaller,
  sum,
  whole,
  written,
} from '../../../src/model/pricing/exact.ts'

const money = fc
  .tuple(fc.integer({ min: -1_000_000, max: 1_000_000 }), fc.integer({ min: 0, max: 999_999 }))
  .map(([units, millionths]) => `${units}.${String(millionths).padStart(6, '0')}`)

describe('exact numbers', () => {
  it('are written without the noise of binary fractions', () => {
    expect(written(sum(decimal('0.1'), decimal('0.2')), 12)).toBe('0.3')
    expect(written(product(whole(3), decimal('0.0000166667')), 12)).toBe('0.0000500001')
    expect(written(ratio(1, 3), 4)).toBe('0.3333')
    expect(written(quotient(whole(365), whole(12)), 2)).toBe('30.42')
  })

  it('round halves away from zero and know no negative zero', () => {
    expect(written(decimal('0.125'), 2)).toBe('0.13')
    expect(written(decimal('-0.125'), 2)).toBe('-0.13')
    expect(written(decimal('-0.004'), 2)).toBe('0')
  })

  it('come back as they were written', () => {
    fc.assert(
      fc.property(money, (text) => {
        const back = written(decimal(text), 6)
        expect(written(decimal(back), 6)).toBe(back)
        expect(written(difference(decimal(text), decimal(back)), 30)).toBe('0')
      }),
    )
  })

  it('add up in any order', () => {
    fc.assert(
      fc.property(fc.array(money, { minLength: 1 }), (texts) => {
        const values = texts.map(decimal)
        const forwards = written(values.reduce(sum), 30)
        expect(written([...values].reverse().reduce(sum), 30)).toBe(forwards)
      }),
    )
  })

  it('are compared by value', () => {
    expect(written(smaller(ratio(1, 3), ratio(1, 2)), 2)).toBe('0.33')
    expect(written(smaller(ratio(2, 4), ratio(1, 3)), 2)).toBe('0.33')
  })

  it('refuse what is no whole number', () => {
    expect(() => whole(0.5)).toThrow('0.5 is no whole number that can be billed')
    expect(() => decimal('1e-7')).toThrow('1e-7 is no decimal number')
  })
})
