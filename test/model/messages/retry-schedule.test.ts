import { describe, expect, it } from 'vitest'
import {
  EVENTBRIDGE_RETRIES,
  type RetrySchedule,
  retryWaitUs,
  SNS_RETRIES,
} from '../../../src/model/messages/retry-schedule.ts'
import { SECOND } from '../../support/run.ts'

const DAY = 86_400 * SECOND

function waits(schedule: RetrySchedule, draw: number): number[] {
  return Array.from({ length: schedule.maximumRetries }, (_, index) =>
    retryWaitUs(schedule, index + 1, draw),
  )
}

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0)
}

describe('SNS to Lambda and SQS (E39b)', () => {
  const all = waits(SNS_RETRIES, 0.9)

  it('makes 100,015 attempts over 23 days', () => {
    expect(1 + SNS_RETRIES.maximumRetries).toBe(3 + 2 + 10 + 100_000)
    expect(Math.floor(sum(all) / DAY)).toBe(23)
  })

  it('makes 3 without delay, 2 one second apart, 10 from 1 to 20 s, then one every 20 s', () => {
    expect(all.slice(0, 4)).toEqual([0, 0, SECOND, SECOND])
    const backOff = all.slice(4, 14)
    expect(backOff[0]).toBe(SECOND)
    expect(backOff[9]).toBe(20 * SECOND)
    for (let step = 1; step < 10; step++) {
      // Nine equal factors lead from 1 to 20.
      expect(backOff[step]! / backOff[step - 1]!).toBeCloseTo(20 ** (1 / 9), 5)
    }
    expect(new Set(all.slice(14))).toEqual(new Set([20 * SECOND]))
    expect(all.slice(14)).toHaveLength(100_000)
  })
})

describe('EventBridge', () => {
  it('doubles from 1 s to 10 minutes, of which half is drawn', () => {
    expect(
      waits(EVENTBRIDGE_RETRIES, 0)
        .slice(0, 12)
        .map((wait) => wait / SECOND),
    ).toEqual([1, 2, 4, 8, 16, 32, 64, 128, 256, 512, 600, 600])
    expect(waits(EVENTBRIDGE_RETRIES, 1)[11]).toBe(300 * SECOND)
  })

  it('reaches its 185 retries and its 24 hours at about the same time', () => {
    const meanUs = sum(waits(EVENTBRIDGE_RETRIES, 0.5))
    expect(meanUs).toBeGreaterThan(0.8 * DAY)
    expect(meanUs).toBeLessThan(DAY)
  })
})
