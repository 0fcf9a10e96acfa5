/** What holds of the capacity of every table, whatever is asked of it and whenever. */
import fc from 'fast-check'
import { expect, it } from 'vitest'
import { MICROSECONDS_PER_SECOND } from '../../src/kernel/time.ts'
import { Throughput, WITHIN } from '../../src/model/resources/table/throughput.ts'

const settings = fc.record({
  perSecond: fc.integer({ min: 1, max: 50 }),
  burstSeconds: fc.constantFrom(1, 5, 300),
  partitionPerSecond: fc.constantFrom(3, 20, 1_000),
  partitions: fc.integer({ min: 1, max: 4 }),
  isAdaptive: fc.boolean(),
})

const requests = fc.array(
  fc.record({
    gapUs: fc.constantFrom(0, 1, 1_000, 90_000, 700_000, 5_000_000),
    units: fc.constantFrom(0.5, 1, 2, 3),
    /** In which quarter of all hashes. */
    quarter: fc.integer({ min: 0, max: 3 }),
  }),
  { minLength: 1, maxLength: 120 },
)

interface Served {
  readonly atUs: number
  readonly units: number
  readonly partition: number
}

/** In every window from one request to another no more than the bucket and what came meanwhile. */
function expectWithin(served: readonly Served[], rate: number, capacity: number): void {
  // A single request of more than the bucket holds leaves a debt of at most the rest of it.
  const debt = Math.max(0, ...served.map(({ units }) => units - capacity))
  for (const [first, { atUs: fromUs }] of served.entries()) {
    let sum = 0
    for (const { atUs, units } of served.slice(first)) {
      sum += units
      const came = ((atUs - fromUs) * rate) / MICROSECONDS_PER_SECOND
      expect(sum).toBeLessThanOrEqual(capacity + came + debt + 1e-6)
    }
  }
}

it('no window of time has more than the capacity that was saved up and the one that came', () => {
  fc.assert(
    fc.property(settings, requests, (own, asked) => {
      const throughput = new Throughput(own)
      const served: Served[] = []
      let nowUs = 0
      for (const { gapUs, units, quarter } of asked) {
        nowUs += gapUs
        const hash = (quarter * 0x40000000) | 0
        const partition = Math.floor((quarter * own.partitions) / 4)
        if (throughput.take(nowUs, units, hash) === WITHIN) {
          served.push({ atUs: nowUs, units, partition })
        }
      }
      const { perSecond, burstSeconds, partitionPerSecond, partitions, isAdaptive } = own
      // Of shares that a request may overdraw each may owe its own debt.
      if (isAdaptive) expectWithin(served, perSecond, perSecond * burstSeconds)
      for (let index = 0; index < partitions; index++) {
        const ofPartition = served.filter(({ partition }) => partition === index)
        expectWithin(ofPartition, partitionPerSecond, partitionPerSecond)
        if (isAdaptive) continue
        const share = perSecond / partitions
        expectWithin(ofPartition, share, share * burstSeconds)
      }
    }),
    { numRuns: 500 },
  )
})

it('a request that is refused takes nothing from those that come after it', () => {
  fc.assert(
    fc.property(settings, requests, (own, asked) => {
      const [disturbed, alone] = [new Throughput(own), new Throughput(own)]
      let nowUs = 0
      for (const { gapUs, units, quarter } of asked) {
        nowUs += gapUs
        const hash = (quarter * 0x40000000) | 0
        const fit = disturbed.take(nowUs, units, hash)
        if (fit === WITHIN) expect(alone.take(nowUs, units, hash)).toBe(WITHIN)
      }
    }),
  )
})
