import { describe, expect, it } from 'vitest'
import { ConfiguredTime } from '../../../src/model/compute/configured-time.ts'

const MINUTE = 60_000_000

describe('configured provisioned concurrency', () => {
  it('counts what is configured for as long as it is', () => {
    const time = new ConfiguredTime()
    time.set(0, 10)
    time.set(10 * MINUTE, 30)
    expect(time.level).toBe(30)
    expect(time.total(15 * MINUTE)).toBe((10 * 10 + 30 * 5) * MINUTE)
  })

  it('rounds up to five minutes where it is disabled, at the last amount', () => {
    const time = new ConfiguredTime()
    time.set(MINUTE, 10)
    time.set(4 * MINUTE, 20)
    time.set(7 * MINUTE, 0)
    // Six minutes are ten: four more of 20.
    expect(time.total(60 * MINUTE)).toBe((10 * 3 + 20 * 3 + 20 * 4) * MINUTE)
  })

  it('rounds nothing where it was enabled for whole five minutes, or goes on', () => {
    const time = new ConfiguredTime()
    time.set(MINUTE, 10)
    time.set(11 * MINUTE, 0)
    time.set(20 * MINUTE, 1)
    expect(time.total(21 * MINUTE)).toBe((10 * 10 + 1) * MINUTE)
  })
})
