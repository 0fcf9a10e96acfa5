import { describe, expect, it } from 'vitest'
import { arrivalProcess } from '../../../src/model/traffic/index.ts'
import { arrivalsOf, DAY, HOUR, open, parse, problems, STARTS_AT_MS } from './support.ts'

const daily = arrivalProcess('daily')
const evening = Array.from({ length: 24 }, (_, hour) => (hour === 20 ? 3 : 1))

function facts(yaml: object, durationUs: number, startsAtMs = STARTS_AT_MS) {
  const options = parse({ process: 'daily', ...yaml })
  const run = { durationUs, startsAtMs }
  return {
    expected: daily.expectedRequests(options, run),
    peak: daily.peakRatePerSecond(options, run),
  }
}

describe('a daily pattern', () => {
  it('gives its mean rate over a whole day, wherever the day begins', () => {
    const yaml = { rate: '10/s', daily: { hours: evening } }
    expect(facts(yaml, DAY).expected).toBeCloseTo(864_000, 6)
    expect(facts(yaml, DAY, STARTS_AT_MS + 12_345_678).expected).toBeCloseTo(864_000, 6)
  })

  it('follows the weights of the hours along straight lines', () => {
    // Weights add up to 26: 26/s on average make each weight 24/s.
    const yaml = { rate: '26/s', daily: { hours: evening } }
    expect(facts(yaml, DAY).peak).toBe(72)
    expect(facts(yaml, 19 * HOUR)).toEqual({ expected: 19 * 3600 * 24, peak: 24 })
    expect(facts(yaml, 20 * HOUR).expected).toBe(19 * 3600 * 24 + (3600 * (24 + 72)) / 2)
  })

  it('is anchored at startsAt, in UTC, also in the middle of a segment', () => {
    const yaml = { rate: '26/s', daily: { hours: evening } }
    const halfPastSeven = STARTS_AT_MS + (19.5 * HOUR) / 1_000
    expect(facts(yaml, HOUR / 2, halfPastSeven)).toEqual({
      expected: (1800 * (48 + 72)) / 2,
      peak: 72,
    })
  })

  it('works before 1970', () => {
    const yaml = { rate: '26/s', daily: { hours: evening } }
    expect(facts(yaml, HOUR, -3_600_000 * 4)).toEqual({ expected: 3600 * 48, peak: 72 })
  })

  it('has the wanted peak and trough twelve hours apart, and their mean halfway', () => {
    // 2/s on average, 4 to 1: from 0.8/s to 3.2/s.
    const yaml = { rate: '2/s', daily: { peakAt: '14:00', peakToTrough: 4 } }
    expect(facts(yaml, DAY).peak).toBe(3.2)
    const hourOf = (hour: number) => facts(yaml, 1, STARTS_AT_MS + (hour * HOUR) / 1_000).peak
    expect([2, 8, 14, 20].map(hourOf)).toEqual(
      [0.8, 2, 3.2, 2].map((rate) => expect.closeTo(rate, 9)),
    )
    expect(facts(yaml, DAY).expected).toBeCloseTo(2 * 86_400, 6)
  })

  it('repeats day after day', async () => {
    const yaml = { process: 'daily', rate: '1/s', daily: { hours: evening.map((w) => w - 1) } }
    // Only from 19:00 to 21:00 is there anything.
    const times = await arrivalsOf(open(yaml, { durationUs: 3 * DAY }))
    const hours = new Set(times.map((time) => Math.floor((time % DAY) / HOUR)))
    const days = new Set(times.map((time) => Math.floor(time / DAY)))
    expect([...hours].sort()).toEqual([19, 20])
    expect([...days]).toEqual([0, 1, 2])
  })

  it('describes itself', () => {
    const peak = parse({
      process: 'daily',
      rate: '2/s',
      daily: { peakAt: '14:00', peakToTrough: 4 },
    })
    expect(daily.describe(peak)).toBe(
      'Daily pattern, 2/s on average, 4 times as much at 14:00 UTC as twelve hours later',
    )
    const hours = parse({ process: 'daily', rate: '26/s', daily: { hours: evening } })
    expect(daily.describe(hours)).toBe('Daily pattern, 26/s on average, at most 72/s, at 20:00 UTC')
  })

  it('explains what is wrong with it', () => {
    const wrong = (pattern: unknown) => problems({ process: 'daily', rate: '2/s', daily: pattern })
    expect(wrong({ hours: [1, 2] })).toEqual([
      'daily.hours: hours lists 24 relative rates, for 00:00, 01:00, ... 23:00 UTC',
    ])
    expect(wrong({ hours: new Array(24).fill(0) })).toEqual([
      'daily.hours: at least one weight must be above 0',
    ])
    expect(wrong({ peakAt: '25:00', peakToTrough: 4 })).toEqual([
      'daily.peakAt: peakAt is a time of day, such as "14:00"',
    ])
    expect(wrong({ peakAt: '12:00', peakToTrough: 0.5 })).toEqual([
      'daily.peakToTrough: peakToTrough is at least 1: the peak is no lower than the trough',
    ])
    expect(wrong('noon')).toEqual([
      'daily: daily is { hours: [24 relative rates] } or { peakAt: "14:00", peakToTrough: 4 }',
    ])
  })
})
