/** The limiter against the published code's rules, written down a second time. */
import { describe, expect, it } from 'vitest'
import { ClientRateLimiter } from '../../../src/model/clients/rate-limiter.ts'

const SECOND = 1_000_000

/** The rate after answers at these seconds (negative: a throttle), by the rules of boto. */
function expectedRate(answers: readonly number[]): { rate: number; measured: number } {
  let [enabled, fill, measured, count, bucket] = [false, 0.5, 0, 0, 0]
  let [wMax, k, lastFail] = [0, 0, 0]
  for (const answer of answers) {
    const t = Math.abs(answer)
    const now = Math.floor(t * 2) / 2
    count++
    if (now > bucket) {
      measured = 0.8 * (count / (now - bucket)) + 0.2 * measured
      count = 0
      bucket = now
    }
    let rate: number
    if (answer < 0) {
      wMax = enabled ? Math.min(measured, fill) : measured
      k = Math.cbrt((wMax * 0.3) / 0.4)
      lastFail = t
      enabled = true
      rate = wMax * 0.7
    } else rate = 0.4 * (t - lastFail - k) ** 3 + wMax
    fill = Math.max(0.5, Math.min(rate, 2 * measured))
  }
  return { rate: fill, measured }
}

/** A hundred answers a second, with throttles in the fourth second and from time to time later. */
const ANSWERS = Array.from({ length: 2_000 }, (_, index) => {
  const seconds = (index + 1) / 100
  const isThrottle = (seconds > 3 && seconds < 4) || index % 171 === 0
  return isThrottle ? -seconds : seconds
})

describe('the client rate limiter', () => {
  it('follows the cubic curve of the published code after every answer', () => {
    const limiter = new ClientRateLimiter()
    for (const [index, answer] of ANSWERS.entries()) {
      limiter.onAnswer(Math.round(Math.abs(answer) * SECOND), answer < 0)
      if (index % 37 !== 0) continue
      const { rate, measured } = expectedRate(ANSWERS.slice(0, index + 1))
      expect(limiter.ratePerSecond).toBeCloseTo(rate, 6)
      expect(limiter.measuredPerSecond).toBeCloseTo(measured, 6)
    }
  })

  it('is off until the first throttle', () => {
    const limiter = new ClientRateLimiter()
    for (let sent = 0; sent < 1_000; sent++) expect(limiter.take(0)).toBe(true)
    limiter.onAnswer(0, false)
    expect(limiter.take(0)).toBe(true)
    limiter.onAnswer(0, true)
    expect(limiter.take(0)).toBe(false)
  })

  it('leaves 70% of the measured rate after a throttle, and is back at it after the cube root', () => {
    const limiter = new ClientRateLimiter()
    for (let answer = 1; answer <= 1_000; answer++) limiter.onAnswer(answer * 10_000, false)
    const measured = limiter.measuredPerSecond
    limiter.onAnswer(10_010_000, true)
    expect(limiter.ratePerSecond).toBeCloseTo(0.7 * measured, 6)
    const recovery = Math.cbrt((measured * 0.3) / 0.4)
    const backAtUs = Math.round((10.01 + recovery) * SECOND)
    for (let us = 10_020_000; us < backAtUs; us += 10_000) limiter.onAnswer(us, false)
    limiter.onAnswer(backAtUs, false)
    expect(limiter.ratePerSecond).toBeCloseTo(measured, 0)
  })

  it('never falls below a token in two seconds', () => {
    const limiter = new ClientRateLimiter()
    for (let answer = 0; answer < 50; answer++) limiter.onAnswer(answer * SECOND, true)
    expect(limiter.ratePerSecond).toBe(0.5)
    const fromUs = 49 * SECOND
    while (limiter.take(fromUs));
    expect(limiter.waitUs(fromUs)).toBeLessThanOrEqual(2 * SECOND)
    const dueUs = fromUs + limiter.waitUs(fromUs)
    expect(limiter.take(dueUs)).toBe(true)
    expect(limiter.take(dueUs)).toBe(false)
  })
})
