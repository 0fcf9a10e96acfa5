/** The rules by which a table's capacity is used, grows and shrinks, without a run around them. */
import { describe, expect, it } from 'vitest'
import { MICROSECONDS_PER_HOUR, MICROSECONDS_PER_MINUTE } from '../../../../src/kernel/time.ts'
import { partitionsFor } from '../../../../src/model/resources/table/capacity.ts'
import { DecreaseQuota } from '../../../../src/model/resources/table/decrease-quota.ts'
import { accessOf } from '../../../../src/model/resources/table/operations.ts'
import { PreviousPeak } from '../../../../src/model/resources/table/previous-peak.ts'
import { TargetTracking } from '../../../../src/model/resources/table/target-tracking.ts'
import {
  OVER_PARTITION,
  OVER_TABLE,
  Throughput,
  WITHIN,
} from '../../../../src/model/resources/table/throughput.ts'

const KB = 1_024

describe('an operation takes', () => {
  it.each([
    ['get', 4 * KB, 'strong', 1],
    ['get', 4 * KB + 1, 'strong', 2],
    ['get', 4 * KB, 'eventual', 0.5],
    ['get', 9 * KB, 'eventual', 1.5],
    ['get', 0, 'strong', 1],
    ['query', 100 * KB, 'strong', 25],
    ['transactGet', 4 * KB, undefined, 2],
    ['put', KB, undefined, 1],
    ['update', KB + 1, undefined, 2],
    ['delete', 3 * KB, undefined, 3],
    ['transactWrite', 1.5 * KB, undefined, 4],
  ] as const)('%s of %d bytes, %s: %d units', (operation, bytes, consistency, units) => {
    expect(accessOf(operation, bytes, consistency).units).toBe(units)
  })

  it('half of a strong read where nothing is said about consistency', () => {
    expect(accessOf('get', KB).units).toBe(0.5)
  })
})

/** A key in the first half of all hashes, and one in the second. */
const [FIRST, SECOND] = [1, -1]

const settings = {
  perSecond: 10,
  burstSeconds: 300,
  partitionPerSecond: 1_000,
  partitions: 2,
  isAdaptive: true,
}

describe('a table', () => {
  it('gives what it has saved up for 300 seconds, and then its rate', () => {
    const table = new Throughput({ ...settings, partitionPerSecond: 10_000 })
    expect(table.take(0, 3_000, FIRST)).toBe(WITHIN)
    expect(table.take(0, 1, SECOND)).toBe(OVER_TABLE)
    expect(table.take(99_999, 1, SECOND)).toBe(OVER_TABLE)
    expect(table.take(100_000, 1, SECOND)).toBe(WITHIN)
    expect(table.tableUse).toEqual({ used: 3_000, available: 3_000 })
  })

  it('lets a partition use what others leave, up to the limit of one', () => {
    const table = new Throughput({ ...settings, perSecond: 40_000 })
    expect(table.take(0, 1_000, FIRST)).toBe(WITHIN)
    expect(table.take(0, 1, FIRST)).toBe(OVER_PARTITION)
    expect(table.take(0, 1_000, SECOND)).toBe(WITHIN)
    expect(table.take(500_000, 500, FIRST)).toBe(WITHIN)
    expect(table.take(500_000, 1, FIRST)).toBe(OVER_PARTITION)
    expect(table.partitionUse).toEqual({ used: 1_000, available: 1_000 })
  })

  it('without adaptive capacity gives each partition an even share', () => {
    const table = new Throughput({ ...settings, perSecond: 2, isAdaptive: false })
    expect(table.take(0, 300, FIRST)).toBe(WITHIN)
    expect(table.take(0, 1, FIRST)).toBe(OVER_PARTITION)
    expect(table.take(0, 300, SECOND)).toBe(WITHIN)
    // Half of two units a second.
    expect(table.take(999_999, 1, FIRST)).toBe(OVER_PARTITION)
    expect(table.take(1_000_000, 1, FIRST)).toBe(WITHIN)
  })

  it('keeps what it has saved up when its capacity changes, and saves up at the new rate', () => {
    const table = new Throughput(settings)
    expect(table.take(0, 1_000, FIRST)).toBe(WITHIN)
    table.resize(0, 100, 2)
    expect(table.take(1_000_000, 1_000, FIRST)).toBe(WITHIN)
    expect(table.take(2_000_000, 1_000, FIRST)).toBe(WITHIN)
    // 2,000 were left of the first 3,000, and 100 a second have come.
    expect(table.take(2_000_000, 201, SECOND)).toBe(OVER_TABLE)
    expect(table.take(2_000_000, 200, SECOND)).toBe(WITHIN)
  })

  it('lets one request through that is larger than all it can save, and the next one wait', () => {
    const table = new Throughput({ ...settings, perSecond: 1 })
    expect(table.take(0, 800, FIRST)).toBe(WITHIN)
    expect(table.take(500 * 1e6, 1, FIRST)).toBe(OVER_TABLE)
    expect(table.take(501 * 1e6, 1, FIRST)).toBe(WITHIN)
  })

  it('has a partition for each 3,000 read and 1,000 write units', () => {
    expect(partitionsFor(1, 1)).toBe(1)
    expect(partitionsFor(3_000, 1_000)).toBe(2)
    expect(partitionsFor(12_000, 4_000)).toBe(8)
    expect(partitionsFor(4_500, 500)).toBe(2)
  })
})

/** How much is asked for after minutes of so many units a second, with 100 of them provisioned. */
function wantedAfter(minutes: readonly number[]): readonly number[] {
  const tracking = new TargetTracking({ target: 0.5, minCapacity: 20, maxCapacity: 1_000 })
  return minutes.map((unitsPerSecond) => tracking.wantedAfterMinute(unitsPerSecond, 100))
}

describe('target tracking', () => {
  it('asks for more after two minutes over the target, so much that the target is met', () => {
    expect(wantedAfter([90, 50, 90, 90])).toEqual([100, 100, 100, 180])
    expect(wantedAfter([600, 600])).toEqual([100, 1_000])
  })

  it('asks for less after fifteen minutes under it', () => {
    expect(wantedAfter(Array(15).fill(20))).toEqual([...Array(14).fill(100), 40])
    expect(wantedAfter(Array(15).fill(2)).at(-1)).toBe(20)
    expect(wantedAfter([...Array(14).fill(20), 50, ...Array(14).fill(20)]).at(-1)).toBe(100)
  })

  it('takes a minute without traffic for no sign at all', () => {
    expect(wantedAfter(Array(60).fill(0)).at(-1)).toBe(100)
    expect(wantedAfter([...Array(14).fill(20), 0, 20]).at(-1)).toBe(100)
  })
})

describe('capacity may be decreased', () => {
  /** How often in a day, if it is tried every so often. */
  function timesInADay(everyUs: number, startsAtMs = 0): number {
    const quota = new DecreaseQuota(startsAtMs)
    let count = 0
    for (let nowUs = 0; nowUs < 24 * MICROSECONDS_PER_HOUR; nowUs += everyUs) {
      if (!quota.isAllowed(nowUs)) continue
      quota.take(nowUs)
      count++
    }
    return count
  }

  it('four times at any time, and then once an hour', () => {
    const quota = new DecreaseQuota(0)
    for (const nowUs of [0, 1, 2, 3]) {
      expect(quota.isAllowed(nowUs)).toBe(true)
      quota.take(nowUs)
    }
    expect(quota.isAllowed(4)).toBe(false)
    expect(quota.isAllowed(3 + MICROSECONDS_PER_HOUR - 1)).toBe(false)
    expect(quota.isAllowed(3 + MICROSECONDS_PER_HOUR)).toBe(true)
  })

  it('27 times a day', () => {
    expect(timesInADay(MICROSECONDS_PER_MINUTE)).toBe(27)
  })

  it('anew from midnight UTC on', () => {
    const startsAtMs = Date.UTC(2026, 2, 2, 23, 59, 0)
    const quota = new DecreaseQuota(startsAtMs)
    for (let count = 0; count < 4; count++) quota.take(0)
    expect(quota.isAllowed(MICROSECONDS_PER_MINUTE - 1)).toBe(false)
    expect(quota.isAllowed(MICROSECONDS_PER_MINUTE)).toBe(true)
  })
})

describe('an on-demand table', () => {
  const HALF_HOUR = 30 * MICROSECONDS_PER_MINUTE

  it('serves what a new one does until twice a previous peak is more', () => {
    const peak = new PreviousPeak(4_000, 40_000, HALF_HOUR)
    expect(peak.perSecondAfterMinute(0, 1_500)).toBe(4_000)
    expect(peak.perSecondAfterMinute(HALF_HOUR, 4_000)).toBe(4_000)
    expect(peak.perSecondAfterMinute(2 * HALF_HOUR - 1, 10)).toBe(4_000)
    expect(peak.perSecondAfterMinute(2 * HALF_HOUR, 10)).toBe(8_000)
  })

  it('does not forget a peak', () => {
    const peak = new PreviousPeak(4_000, 40_000, HALF_HOUR)
    peak.perSecondAfterMinute(0, 4_000)
    expect(peak.perSecondAfterMinute(100 * HALF_HOUR, 1)).toBe(8_000)
  })

  it('serves no more than its maximum', () => {
    const peak = new PreviousPeak(4_000, 40_000, HALF_HOUR)
    peak.perSecondAfterMinute(0, 30_000)
    expect(peak.perSecondAfterMinute(HALF_HOUR, 30_000)).toBe(40_000)
  })
})
