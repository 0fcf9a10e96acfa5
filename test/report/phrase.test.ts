import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import {
  count,
  countOf,
  instant,
  listed,
  milliseconds,
  percent,
  points,
} from '../../src/report/phrase.ts'

describe('numbers for a person', () => {
  test.each([
    [0, '0'],
    [12, '12'],
    [999, '999'],
    [1_000, '1,000'],
    [402_118, '402,118'],
    [1_234_567_890, '1,234,567,890'],
    [12.34, '12.3'],
    [1_234.56, '1,235'],
  ])('a count of %d reads %s', (value, text) => expect(count(value)).toBe(text))

  test.each([
    [1, '1 request'],
    [0, '0 requests'],
    [2, '2 requests'],
  ])('%d of something reads %s', (value, text) => expect(countOf(value, 'request')).toBe(text))

  test.each([
    [0, '0%'],
    [1, '100%'],
    [0.031, '3.1%'],
    [0.5, '50%'],
    [0.0012, '0.12%'],
    [0.00001, '<0.01%'],
    [0.99999, '>99.99%'],
    [0.9999, '99.99%'],
    [0.955, '95.5%'],
  ])('a share of %d reads %s', (value, text) => expect(percent(value)).toBe(text))

  test('only a share of exactly 0 or 1 reads 0% or 100%', () => {
    fc.assert(
      fc.property(fc.double({ min: 0, max: 1, noNaN: true }), (share) => {
        fc.pre(share > 0 && share < 1)
        expect(['0%', '100%']).not.toContain(percent(share))
      }),
    )
  })

  test.each([
    [0, '0ms'],
    [0.5, '0.5ms'],
    [41.23, '41.2ms'],
    [320.4, '320ms'],
    [999.4, '999ms'],
    [999.5, '1s'],
    [1_234, '1.23s'],
    [12_345, '12.3s'],
    [75_000, '1m15s'],
    [3_600_000, '1h'],
  ])('%d milliseconds read %s', (value, text) => expect(milliseconds(value)).toBe(text))

  test.each([
    [0, '0s'],
    [1_250, '1ms'],
    [2_345_678, '2.3s'],
    [642_400_000, '10m42s'],
  ])('the instant %d us reads %s', (value, text) => expect(instant(value)).toBe(text))

  test.each([
    [0.029914, '3 points'],
    [0.01, '1 point'],
    [0.00025, '0.025 points'],
  ])('a difference of shares of %d reads %s', (value, text) => expect(points(value)).toBe(text))

  test.each([
    [[], ''],
    [['a'], 'a'],
    [['a', 'b'], 'a and b'],
    [['a', 'b', 'c'], 'a, b and c'],
  ])('%j is listed as %s', (items, text) => expect(listed(items)).toBe(text))
})
