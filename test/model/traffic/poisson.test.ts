import { describe, expect, it } from 'vitest'
import { arrivalsOf, open, SECOND } from './support.ts'

describe('Poisson arrivals', () => {
  it('are the default process', async () => {
    const written = await arrivalsOf(open({ process: 'poisson', rate: '20/s' }), 100)
    expect(await arrivalsOf(open({ rate: '20/s' }), 100)).toEqual(written)
  })

  it('are the same customers at twice the rate, in half the time', async () => {
    const slow = await arrivalsOf(open({ rate: '50/s' }), 10_000)
    const fast = await arrivalsOf(open({ rate: '100/s' }), 10_000)
    // Each time is rounded by at most half a microsecond: 2 x 1/2 + 1/2, and a whole number.
    for (const [ordinal, time] of fast.entries()) {
      expect(Math.abs(slow[ordinal]! - 2 * time)).toBeLessThanOrEqual(1)
    }
  })

  it('are the same customers whatever the shape of the rate: equal cumulative rates meet', async () => {
    // 0 to 100/s over 20 s and 50/s over 20 s both make 1,000; t on the ramp where t' = t^2 / 20.
    const flat = await arrivalsOf(open({ stages: [{ for: '20s', rate: '50/s' }] }))
    const ramp = await arrivalsOf(open({ stages: [{ for: '20s', rate: '0/s', rampTo: '100/s' }] }))
    expect(ramp).toHaveLength(flat.length)
    for (const [ordinal, time] of ramp.entries()) {
      // Rounding of t by 1/2 us moves t^2 / 20 s by at most t / 10 s x 1/2 us <= 1 us.
      expect(Math.abs((time * time) / (20 * SECOND) - flat[ordinal]!)).toBeLessThanOrEqual(1.6)
    }
  })

  it('differ between replications and between producers', async () => {
    const first = await arrivalsOf(open({ rate: '20/s' }, { replication: 0 }), 10)
    const second = await arrivalsOf(open({ rate: '20/s' }, { replication: 1 }), 10)
    expect(second).not.toEqual(first)
  })

  it('do not change when the run is longer', async () => {
    const long = await arrivalsOf(open({ rate: '20/s' }, { durationUs: 100 * SECOND }))
    const short = await arrivalsOf(open({ rate: '20/s' }, { durationUs: 10 * SECOND }))
    expect(long.slice(0, short.length)).toEqual(short)
    expect(long[short.length]).toBeGreaterThanOrEqual(10 * SECOND)
  })

  it('fall silent during a stage of rate 0', async () => {
    const stages = [
      { for: '10s', rate: '100/s' },
      { for: '10s', rate: '0/s' },
      { for: '10s', rate: '100/s' },
    ]
    const times = await arrivalsOf(open({ stages }))
    expect(times.filter((time) => time > 10 * SECOND && time < 20 * SECOND)).toEqual([])
    expect(times.filter((time) => time >= 20 * SECOND).length).toBeGreaterThan(0)
  })
})
