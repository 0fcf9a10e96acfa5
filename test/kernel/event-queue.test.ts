import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { EventQueue } from '../../src/kernel/event-queue.ts'
import { type Rank, tieKey } from '../../src/kernel/order.ts'

interface Entry {
  readonly timeUs: number
  readonly key: number
  readonly kind: number
  readonly subject: number
}

/** The same contract, kept sorted the slow and obvious way. */
class SortedReference {
  readonly entries: Entry[] = []

  push(entry: Entry): void {
    const at = this.entries.findIndex(
      (other) =>
        other.timeUs > entry.timeUs || (other.timeUs === entry.timeUs && other.key > entry.key),
    )
    if (at < 0) this.entries.push(entry)
    else this.entries.splice(at, 0, entry)
  }
}

/** Few distinct times, so that most entries meet others at their instant. */
const operations = fc.array(
  fc.oneof(
    { weight: 3, arbitrary: fc.record({ timeUs: fc.nat(12), rank: fc.nat(4) }) },
    { weight: 2, arbitrary: fc.constant('pop' as const) },
  ),
  { maxLength: 300 },
)

function expectSameHead(queue: EventQueue, reference: SortedReference): void {
  const head = reference.entries[0]
  expect(queue.length).toBe(reference.entries.length)
  expect(queue.nextUs).toBe(head === undefined ? Number.POSITIVE_INFINITY : head.timeUs)
  if (head !== undefined) expect(queue.nextKey).toBe(head.key)
}

function popBoth(queue: EventQueue, reference: SortedReference): void {
  const expected = reference.entries.shift()!
  queue.pop()
  expect([queue.poppedKind, queue.poppedSubject]).toEqual([expected.kind, expected.subject])
}

describe('the event queue', () => {
  it('gives back what a sorted list gives, with ties by rank and then by insertion', () => {
    fc.assert(
      fc.property(operations, fc.integer({ min: 1, max: 9 }), (steps, capacity) => {
        const queue = new EventQueue(capacity)
        const reference = new SortedReference()
        let sequence = 0
        for (const step of steps) {
          if (step === 'pop') {
            if (reference.entries.length > 0) popBoth(queue, reference)
          } else {
            const key = tieKey(step.rank as Rank, sequence)
            const entry = { timeUs: step.timeUs, key, kind: sequence & 31, subject: sequence }
            sequence++
            queue.push(entry.timeUs, entry.key, entry.kind, entry.subject)
            reference.push(entry)
          }
          expectSameHead(queue, reference)
        }
        while (reference.entries.length > 0) popBoth(queue, reference)
        expect(queue.length).toBe(0)
        expect(queue.nextUs).toBe(Number.POSITIVE_INFINITY)
      }),
      { numRuns: 150 },
    )
  })

  it('keeps a large crowd at one instant in the order of its insertion', () => {
    const queue = new EventQueue()
    const crowd = 5_000
    for (let subject = 0; subject < crowd; subject++) queue.push(7, tieKey(1, subject), 3, subject)
    const popped: number[] = []
    while (queue.length > 0) {
      queue.pop()
      popped.push(queue.poppedSubject)
    }
    expect(popped).toEqual(Array.from({ length: crowd }, (_, index) => index))
  })

  it('keeps the smallest, the largest and negative subjects as they are', () => {
    const queue = new EventQueue()
    const subjects = [0, -1, 2_147_483_647, -2_147_483_648]
    subjects.forEach((subject, index) => {
      queue.push(index, tieKey(0, index), index, subject)
    })
    for (const [index, subject] of subjects.entries()) {
      queue.pop()
      expect([queue.poppedKind, queue.poppedSubject]).toEqual([index, subject])
    }
  })

  it('orders times that differ by a microsecond after a hundred years', () => {
    const queue = new EventQueue()
    const century = 3_155_760_000_000_000
    for (const offset of [3, 0, 2, 1])
      queue.push(century + offset, tieKey(0, 9 - offset), 0, offset)
    const offsets: number[] = []
    while (queue.length > 0) {
      queue.pop()
      offsets.push(queue.poppedSubject)
    }
    expect(offsets).toEqual([0, 1, 2, 3])
  })
})

describe('the tie key', () => {
  it('puts every event of a lower rank first, however late it was inserted', () => {
    const lastOfRank = 2 ** 48 - 1
    for (const rank of [0, 1, 2, 3] as const) {
      expect(tieKey(rank, lastOfRank)).toBeLessThan(tieKey((rank + 1) as Rank, 0))
    }
  })

  it('tells neighbouring insertions apart up to the last of the highest rank', () => {
    const last = 2 ** 48 - 1
    expect(tieKey(4, last) - tieKey(4, last - 1)).toBe(1)
  })
})
