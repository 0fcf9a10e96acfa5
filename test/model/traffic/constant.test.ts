import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { arrivalsOf, MINUTE, open, SECOND } from './support.ts'

describe('constant arrivals', () => {
  it('come where the cumulative rate reaches k + 1/2', async () => {
    const times = await arrivalsOf(open({ process: 'constant', rate: '10/s' }), 4)
    expect(times).toEqual([50_000, 150_000, 250_000, 350_000])
  })

  it('are rounded to the nearest microsecond one by one, so that nothing adds up', async () => {
    const process = open({ process: 'constant', rate: '3/s' })
    const times = await arrivalsOf(process, 3_000_000)
    expect(times.slice(0, 4)).toEqual([166_667, 500_000, 833_333, 1_166_667])
    expect(times.at(-1)).toBe(Math.round(2_999_999.5e6 / 3))
  })

  it('stay exact after a hundred million arrivals', () => {
    // Arrival k at k + 1/2 us; any drift of half a microsecond would show.
    const process = open({ process: 'constant', rate: '1000000/s' })
    let last = 0
    for (let ordinal = 0; ordinal < 100_000_000; ordinal++) last = process.next()
    expect(last).toBe(100_000_000)
  })

  it('follow a ramp from nothing by the square root', async () => {
    // 0 to 100/s over 10 s: the cumulative rate is 5 t^2.
    const yaml = { process: 'constant', stages: [{ for: '10s', rate: '0/s', rampTo: '100/s' }] }
    const times = await arrivalsOf(open(yaml))
    expect(times).toHaveLength(500)
    expect(times).toEqual(
      Array.from({ length: 500 }, (_, k) => Math.round(Math.sqrt((k + 0.5) / 5) * 1e6)),
    )
  })

  it('follow a ramp down to nothing as the mirror image of the ramp up', async () => {
    const up = { process: 'constant', stages: [{ for: '10s', rate: '0/s', rampTo: '100/s' }] }
    const down = { process: 'constant', stages: [{ for: '10s', rate: '100/s', rampTo: '0/s' }] }
    const mirrored = (await arrivalsOf(open(up))).map((time) => 10 * SECOND - time).reverse()
    expect(await arrivalsOf(open(down))).toEqual(mirrored)
  })

  it('follow a ramp between two rates', async () => {
    // 1/s to 3/s over 4 s: t + t^2 / 4 = k + 1/2, so t = 2 (sqrt(k + 3/2) - 1) s.
    const yaml = { process: 'constant', stages: [{ for: '4s', rate: '1/s', rampTo: '3/s' }] }
    const expected = Array.from({ length: 8 }, (_, k) => Math.round(2e6 * (Math.sqrt(k + 1.5) - 1)))
    expect(await arrivalsOf(open(yaml))).toEqual(expected)
  })

  it('carry the unfinished part of an arrival over into the next stage', async () => {
    const stages = [
      { for: '1s', rate: '1.25/s' },
      { for: '10s', rate: '0/s' },
      { for: '1s', rate: '2/s' },
    ]
    // 1.25 arrivals in the first stage: the second arrival still lacks a quarter.
    expect(await arrivalsOf(open({ process: 'constant', stages }))).toEqual([
      400_000, 11_125_000, 11_625_000,
    ])
  })

  it('come at the end of a stage, not after the pause, when the stage just completes them', async () => {
    const stages = [
      { for: '1s', rate: '1.5/s' },
      { for: '10s', rate: '0/s' },
      { for: '1s', rate: '1/s' },
    ]
    expect(await arrivalsOf(open({ process: 'constant', stages }))).toEqual([
      333_333, 1_000_000, 12_000_000,
    ])
  })

  it('end with the last stage', async () => {
    const stages = [{ for: '1m', rate: '2/s' }]
    const times = await arrivalsOf(
      open({ process: 'constant', stages }, { durationUs: 10 * MINUTE }),
    )
    expect(times).toHaveLength(120)
  })

  it('end before the run does: an arrival at its very end is outside', async () => {
    const times = await arrivalsOf(
      open({ process: 'constant', rate: '1/s' }, { durationUs: 2_500_000 }),
    )
    expect(times).toEqual([500_000, 1_500_000])
  })

  it('never come at a rate of 0', async () => {
    expect(await arrivalsOf(open({ process: 'constant', rate: '0/s' }))).toEqual([])
  })

  it('number up to any time what the cumulative rate rounds to', () => {
    const stage = fc.record({
      seconds: fc.integer({ min: 1, max: 20 }),
      rate: fc.integer({ min: 0, max: 200 }),
      rampTo: fc.option(fc.integer({ min: 0, max: 200 }), { nil: undefined }),
    })
    const stages = fc.array(stage, { minLength: 1, maxLength: 6 })
    const share = fc.double({ min: 0, max: 1, noNaN: true })
    return fc.assert(
      fc.asyncProperty(stages, share, async (profile, position) => {
        const length = profile.reduce((sum, { seconds }) => sum + seconds, 0) * SECOND
        const untilUs = Math.floor(position * length)
        const yaml = {
          process: 'constant',
          stages: profile.map(({ seconds, rate, rampTo }) => ({
            for: `${seconds}s`,
            rate: `${rate}/s`,
            ...(rampTo === undefined ? {} : { rampTo: `${rampTo}/s` }),
          })),
        }
        const count = (await arrivalsOf(open(yaml))).filter((time) => time <= untilUs).length
        // Times are rounded to the nearest microsecond: half of one either way.
        expect(count).toBeGreaterThanOrEqual(
          Math.floor(cumulative(profile, untilUs - 0.5) + 0.5 - 1e-9),
        )
        expect(count).toBeLessThanOrEqual(
          Math.floor(cumulative(profile, untilUs + 0.5) + 0.5 + 1e-9),
        )
      }),
    )
  })
})

/** The integral of the rate, by hand. */
function cumulative(
  profile: readonly { seconds: number; rate: number; rampTo: number | undefined }[],
  untilUs: number,
): number {
  let sum = 0
  let startSeconds = 0
  for (const { seconds, rate, rampTo = rate } of profile) {
    const elapsed = Math.min(seconds, Math.max(0, untilUs / 1e6 - startSeconds))
    sum += rate * elapsed + ((rampTo - rate) * elapsed * elapsed) / (2 * seconds)
    startSeconds += seconds
  }
  return sum
}
