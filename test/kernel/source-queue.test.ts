import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { SourceQueue } from '../../src/kernel/source-queue.ts'

describe('the source queue', () => {
  it('always offers the source that a search over all of them finds', () => {
    const plan = fc.record({
      firsts: fc.array(fc.nat(20), { minLength: 1, maxLength: 12 }),
      steps: fc.array(fc.nat(6), { maxLength: 60 }),
    })
    fc.assert(
      fc.property(plan, ({ firsts, steps }) => {
        const queue = new SourceQueue()
        const known = firsts.map((timeUs, source) => ({ timeUs, key: source, source }))
        for (const { timeUs, key, source } of known) queue.push(source, timeUs, key)
        let key = firsts.length
        const expectEarliest = () => {
          const earliest = [...known].sort((a, b) => a.timeUs - b.timeUs || a.key - b.key)[0]!
          expect([queue.nextUs, queue.nextKey, queue.nextSource]).toEqual([
            earliest.timeUs,
            earliest.key,
            earliest.source,
          ])
          return earliest
        }
        for (const step of steps) {
          const earliest = expectEarliest()
          // Step 6 silences the source for ever.
          earliest.timeUs = step === 6 ? Number.POSITIVE_INFINITY : earliest.timeUs + step
          earliest.key = key++
          queue.replaceTop(earliest.timeUs, earliest.key)
        }
        expectEarliest()
      }),
      { numRuns: 200 },
    )
  })

  it('is silent before the first source and after it was cleared', () => {
    const queue = new SourceQueue()
    expect(queue.nextUs).toBe(Number.POSITIVE_INFINITY)
    queue.push(0, 5, 0)
    queue.clear()
    expect(queue.nextUs).toBe(Number.POSITIVE_INFINITY)
  })

  it('takes new sources after it was cleared', () => {
    const queue = new SourceQueue()
    queue.push(0, 5, 0)
    queue.clear()
    queue.push(3, 9, 1)
    expect([queue.nextUs, queue.nextSource]).toEqual([9, 3])
  })
})
