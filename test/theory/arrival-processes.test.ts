import { describe, expect, it } from 'vitest'
import { studentInterval } from '../../src/stats/confidence.ts'
import { DAY, HOUR, open, SECOND } from '../model/traffic/support.ts'
import { CLAIM_SHARE } from './interval.ts'

/** Each interval may miss the truth once in ten thousand times. */
/** Its claims are part of the family's budget. */
const CONFIDENCE = 1 - CLAIM_SHARE

/** How many arrivals fall into each of `windows` windows of `lengthUs`. */
function countsOf(yaml: object, replication: number, lengthUs: number, windows: number): number[] {
  const process = open(yaml, { replication, durationUs: lengthUs * windows })
  const counts = new Array<number>(windows).fill(0)
  for (let time = process.next(); time < lengthUs * windows; time = process.next()) {
    counts[Math.floor(time / lengthUs)]!++
  }
  return counts
}

/** Asserts that the mean over replications may be `truth`, known to within `precision` of it. */
function expectMean(values: readonly number[], truth: number, precision: number): void {
  const { low, high, halfWidth } = studentInterval(values, CONFIDENCE)
  expect(halfWidth).toBeLessThanOrEqual(precision * truth)
  expect(low).toBeLessThanOrEqual(truth)
  expect(high).toBeGreaterThanOrEqual(truth)
}

function replicate(count: number, measure: (replication: number) => number): number[] {
  return Array.from({ length: count }, (_, index) => measure(index + 1))
}

function mean(values: readonly number[], of: (value: number) => number): number {
  return values.reduce((sum, value) => sum + of(value), 0) / values.length
}

describe('Poisson arrivals', () => {
  it('have counts per window whose mean and variance are the cumulative rate', () => {
    const counts = replicate(25, (replication) => replication).map((replication) =>
      countsOf({ rate: '50/s' }, replication, SECOND, 4_000),
    )
    expectMean(
      counts.map((each) => mean(each, (count) => count)),
      50,
      0.02,
    )
    expectMean(
      counts.map((each) => mean(each, (count) => (count - 50) ** 2)),
      50,
      0.05,
    )
  })

  it('have exponential gaps, by the bound of Dvoretzky, Kiefer, Wolfowitz and Massart', () => {
    const process = open({ rate: '1/s' })
    const size = 400_000
    const gaps = new Float64Array(size)
    let previous = 0
    for (let index = 0; index < size; index++) {
      const time = process.next()
      gaps[index] = (time - previous) / 1e6
      previous = time
    }
    gaps.sort()
    let distance = 0
    for (const [index, gap] of gaps.entries()) {
      const probability = 1 - Math.exp(-gap)
      distance = Math.max(distance, probability - index / size, (index + 1) / size - probability)
    }
    // P(distance > e) <= 2 exp(-2 n e^2); rounding moves a gap by at most 1 us.
    expect(distance).toBeLessThanOrEqual(Math.sqrt(Math.log(2 / 1e-4) / (2 * size)) + 1e-6)
  })

  it('have independent gaps: the correlation of neighbours is 0', () => {
    const correlations = replicate(25, (replication) => {
      const process = open({ rate: '1/s' }, { replication })
      let sum = 0
      let previous = process.next()
      let previousGap = previous / 1e6
      for (let index = 0; index < 20_000; index++) {
        const time = process.next()
        const gap = (time - previous) / 1e6
        sum += (gap - 1) * (previousGap - 1)
        previous = time
        previousGap = gap
      }
      // Shifted by the variance 1, so that a precision of 2 % has a meaning.
      return 1 + sum / 20_000
    })
    expectMean(correlations, 1, 0.02)
  })

  it('follow a ramp: each tenth of it has its own integral of the rate', () => {
    const stages = [{ for: '100s', rate: '0/s', rampTo: '200/s' }]
    const counts = replicate(40, (replication) => replication).map((replication) =>
      countsOf({ stages }, replication, 10 * SECOND, 10),
    )
    for (let window = 2; window < 10; window++) {
      expectMean(
        counts.map((each) => each[window]!),
        100 * (2 * window + 1),
        0.05,
      )
    }
  })
})

describe('bursts', () => {
  // Pauses of 8 s at 10/s, bursts of 2 s at 100/s.
  const yaml = {
    process: 'bursts',
    rate: '10/s',
    burst: { rate: '100/s', every: '10s', for: '2s' },
  }
  const meanRate = 0.8 * 10 + 0.2 * 100
  const windowSeconds = 20
  /** Fischer and Meier-Hellstern (1993): the index of dispersion of a stationary 2-state MMPP. */
  const switching = 1 / 8 + 1 / 2
  const dispersion =
    1 +
    ((2 * 0.8 * 0.2 * 90 ** 2) / (meanRate * switching)) *
      (1 - (1 - Math.exp(-switching * windowSeconds)) / (switching * windowSeconds))
  const counts = replicate(40, (replication) => replication).map((replication) =>
    countsOf(yaml, replication, windowSeconds * SECOND, 1_000),
  )

  it('have the mean rate of both states weighted by their time', () => {
    expectMean(
      counts.map((each) => mean(each, (count) => count)),
      windowSeconds * meanRate,
      0.02,
    )
  })

  it('have the index of dispersion of a Markov-modulated Poisson process', () => {
    const expected = windowSeconds * meanRate
    expectMean(
      counts.map((each) => mean(each, (count) => (count - expected) ** 2) / expected),
      dispersion,
      0.05,
    )
  })

  it('are stationary from the start: the first second is like any other', () => {
    const first = replicate(20, (group) => {
      let sum = 0
      for (let index = 0; index < 2_000; index++) {
        sum += countsOf(yaml, group * 10_000 + index, SECOND, 1)[0]!
      }
      return sum / 2_000
    })
    expectMean(first, meanRate, 0.05)
  })
})

describe('a daily pattern', () => {
  const yaml = { process: 'daily', rate: '2/s', daily: { peakAt: '14:00', peakToTrough: 4 } }

  it('has its mean rate over a day', () => {
    expectMean(
      replicate(20, (replication) => countsOf(yaml, replication, DAY, 1)[0]!),
      2 * 86_400,
      0.02,
    )
  })

  it('has its peak at the hour that is written', () => {
    // Peak 3.2/s at 14:00, trough 0.8/s: an hour about the peak, 0.8 + 2.4 x the bell's mean there.
    // Chords between half hours: bell(1/48) = 1 - 8 / 48^2.
    const bellMean = (1 + (1 - 8 / 48 ** 2)) / 2
    const around = replicate(20, (replication) => {
      let sum = 0
      for (let index = 0; index < 20; index++) {
        const counts = countsOf(yaml, replication * 100 + index, HOUR / 2, 29)
        sum += counts[27]! + counts[28]!
      }
      return sum / 20
    })
    expectMean(around, 3600 * (0.8 + 2.4 * bellMean), 0.02)
  })
})
