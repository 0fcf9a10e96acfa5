import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { SortedTimes } from '../../../../src/model/traffic/traces/sorted-times.ts'

function taken(times: SortedTimes): number[] {
  const block = new Float64Array(3)
  const all: number[] = []
  for (let count = times.take(block); count > 0; count = times.take(block)) {
    all.push(...block.subarray(0, count))
  }
  return all
}

describe('sorted times', () => {
  it('puts a disorder of up to half the window in order', () => {
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 0, max: 15 }), { maxLength: 200 }), (offsets) => {
        // Neighbours 1 apart and moved by at most 15: at most 16 places out of order.
        const input = offsets.map((offset, index) => index + offset)
        const times = new SortedTimes(32)
        for (const time of input) times.push(time)
        times.end()
        expect(taken(times)).toEqual([...input].sort((a, b) => a - b))
      }),
    )
  })

  it('lets go before the end, so that memory stays bounded', () => {
    const times = new SortedTimes(4)
    for (let time = 0; time < 11; time++) times.push(time)
    expect(taken(times)).toEqual([0, 1, 2, 3, 4, 5, 6, 7])
    times.end()
    expect(taken(times)).toEqual([8, 9, 10])
  })

  it('refuses a time that comes too late', () => {
    const times = new SortedTimes(4)
    for (const time of [10e6, 20e6, 30e6, 40e6, 50e6]) times.push(time)
    expect(() => times.push(19e6)).toThrow(
      'it arrives at 19 s, and what arrives at 20 s is on its way: sort the file by arrival time (up to 2 rows may be out of order)',
    )
  })
})
