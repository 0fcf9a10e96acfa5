import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { InvariantViolation } from '../../src/kernel/invariant.ts'
import { SlotPool } from '../../src/kernel/slot-pool.ts'

describe('a slot pool', () => {
  it('never hands out a slot twice and never one beyond the capacity it has announced', () => {
    const steps = fc.array(fc.oneof({ weight: 2, arbitrary: fc.constant(-1) }, fc.nat(999)), {
      maxLength: 800,
    })
    fc.assert(
      fc.property(steps, (plan) => {
        let capacity = 0
        const pool = new SlotPool('things', (grown) => {
          expect(grown).toBeGreaterThan(capacity)
          capacity = grown
        })
        const held: number[] = []
        for (const step of plan) {
          if (step < 0 || held.length === 0) {
            const slot = pool.take()
            expect(held).not.toContain(slot)
            expect(slot).toBeGreaterThanOrEqual(0)
            expect(slot).toBeLessThan(capacity)
            held.push(slot)
          } else {
            pool.give(held.splice(step % held.length, 1)[0]!)
          }
          expect(pool.used).toBe(held.length)
        }
      }),
      { numRuns: 50 },
    )
  })

  it('needs no more room than the most slots that were in use at once', () => {
    let capacity = 0
    const pool = new SlotPool('things', (grown) => {
      capacity = grown
    })
    for (let round = 0; round < 100; round++) {
      const slots = Array.from({ length: 200 }, () => pool.take())
      for (const slot of slots) pool.give(slot)
    }
    expect(capacity).toBeLessThanOrEqual(256)
  })

  it('reuses the slot that was given back last', () => {
    const pool = new SlotPool('things', () => {})
    const slots = [pool.take(), pool.take(), pool.take()]
    pool.give(slots[2]!)
    pool.give(slots[0]!)
    expect([pool.take(), pool.take()]).toEqual([slots[0], slots[2]])
  })

  it('names what there is too much of when its maximum is passed', () => {
    const pool = new SlotPool('parcels', () => {}, 256)
    const takeAll = () => {
      for (let count = 0; count < 1_000; count++) pool.take()
    }
    expect(takeAll).toThrow(InvariantViolation)
    expect(takeAll).toThrow('more than 256 parcels at once')
  })
})
