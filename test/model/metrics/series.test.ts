import { describe, expect, it } from 'vitest'
import { Clock } from '../../../src/kernel/time.ts'
import { METRICS, metricEntry, statisticsOf } from '../../../src/model/metrics/catalogue.ts'
import { Recorder } from '../../../src/model/metrics/recorder.ts'

describe('the catalogue', () => {
  it('has every metric once, with help that is a sentence', () => {
    const names = METRICS.map(({ name }) => name)
    expect(new Set(names).size).toBe(names.length)
    for (const { help } of METRICS) expect(help).toMatch(/^[A-Z].*[.]$/)
  })

  it('names only listed metrics as denominators, and only of counters', () => {
    for (const entry of METRICS) {
      if (entry.shareOf === undefined) continue
      expect(entry.kind).toBe('counter')
      for (const name of entry.shareOf) expect(metricEntry(name).kind).toBe('counter')
    }
  })

  it('refuses a metric that it does not list', () => {
    expect(() => metricEntry('Wishes')).toThrow(RangeError)
    expect(() => new Recorder(new Clock(), null, false).counter('function', 'f', 'Wishes')).toThrow(
      RangeError,
    )
  })

  it('refuses a metric of another kind', () => {
    expect(() =>
      new Recorder(new Clock(), null, false).gauge('function', 'f', 'Invocations'),
    ).toThrow('Invocations is a counter, not a gauge')
  })

  it('gives every metric at least one statistic', () => {
    for (const entry of METRICS) expect(statisticsOf(entry).length).toBeGreaterThan(0)
  })
})

describe('a recorder', () => {
  it('has no row for a period without length in which nothing happened', () => {
    const starts: number[] = []
    const recorder = new Recorder(new Clock(), (startSeconds) => starts.push(startSeconds), false)
    const invocations = recorder.counter('function', 'f', 'Invocations')
    recorder.closePeriod(0)
    recorder.closePeriod(5_000_000)
    recorder.closePeriod(5_000_000)
    expect(starts).toEqual([0])
    invocations.add(1)
    recorder.closePeriod(5_000_000)
    expect(starts).toEqual([0, 5])
    expect(recorder.summary().find(({ statistic }) => statistic === 'sum')?.value).toBe(1)
  })

  it('reads durations in milliseconds and knows their extremes exactly', () => {
    const recorder = new Recorder(new Clock(), null, false)
    const series = recorder.duration('function', 'f', 'Duration')
    for (const durationUs of [1_234, 7_000_001, 99]) series.record(durationUs)
    recorder.closePeriod(1)
    const value = (statistic: string) =>
      recorder.summary().find((row) => row.statistic === statistic)!.value
    expect([value('minimum'), value('maximum')]).toEqual([0.099, 7_000.001])
    expect(value('average')).toBeCloseTo((1_234 + 7_000_001 + 99) / 3 / 1_000, 9)
    // The middle one of three, within the histogram's 0.4 %.
    expect(Math.abs(value('p50') / 1.234 - 1)).toBeLessThan(0.004)
  })
})
