import { describe, expect, it } from 'vitest'
import { RecordStore } from '../../src/kernel/record-store.ts'

describe('a record store', () => {
  it('keeps what was written through growth, each record apart from the others', () => {
    const store = new RecordStore('things')
    const slots: number[] = []
    // Ask for the views anew after each take: growth replaces them.
    for (let count = 0; count < 2_000; count++) {
      const slot = store.take()
      store.reals[4 * slot] = count + 0.25
      store.ints[8 * slot + 7] = 7 * count
      slots.push(slot)
    }
    expect(new Set(slots).size).toBe(2_000)
    slots.forEach((slot, count) => {
      expect(store.reals[4 * slot]).toBe(count + 0.25)
      expect(store.ints[8 * slot + 7]).toBe(7 * count)
    })
    expect(store.used).toBe(2_000)
  })

  it('lays all views over the same 32 bytes of a record', () => {
    const store = new RecordStore('things')
    store.take()
    const slot = store.take()
    for (let index = 0; index < 4; index++) store.reals[4 * slot + index] = index + 1 / 3
    const expected = Float64Array.from({ length: 4 }, (_, index) => index + 1 / 3).buffer
    expect([...store.ints.slice(8 * slot, 8 * slot + 8)]).toEqual([...new Int32Array(expected)])
    expect([...store.shorts.slice(16 * slot, 16 * slot + 16)]).toEqual([
      ...new Uint16Array(expected),
    ])
    expect([...store.bytes.slice(32 * slot, 32 * slot + 32)]).toEqual([...new Uint8Array(expected)])
  })

  it('takes a record back and hands it out again', () => {
    const store = new RecordStore('things')
    const slot = store.take()
    store.give(slot)
    expect(store.used).toBe(0)
    expect(store.take()).toBe(slot)
  })

  it('tells a subclass of every growth before the new records may be used', () => {
    let announced = 0
    class Counting extends RecordStore {
      protected override onGrow(capacity: number): void {
        announced = capacity
      }
    }
    const store = new Counting('things')
    for (let count = 0; count < 1_000; count++) expect(store.take()).toBeLessThan(announced)
  })
})
