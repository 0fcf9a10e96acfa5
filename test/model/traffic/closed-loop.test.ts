import { describe, expect, it } from 'vitest'
import type { ClosedArrivals } from '../../../src/model/compiled-scenario.ts'
import { activeIntervals, mostUsers } from '../../../src/model/traffic/closed-loop.ts'
import { arrivalProcess } from '../../../src/model/traffic/index.ts'
import { MINUTE, parse, problems, SECOND, STARTS_AT_MS } from './support.ts'

const users = arrivalProcess('users')
const run = { durationUs: 10 * MINUTE, startsAtMs: STARTS_AT_MS }

function closed(yaml: object): ClosedArrivals {
  return users.create(parse({ process: 'users', thinkTime: '1s', ...yaml }), run) as ClosedArrivals
}

describe('users of a closed loop', () => {
  it('are there from the start to the end when one number is given', () => {
    const { kind, thinkTime, users: points } = closed({ users: 3 })
    expect(kind).toBe('closed')
    expect(thinkTime.mean).toBe(SECOND)
    expect(mostUsers(points)).toBe(3)
    const always = [{ fromUs: 0, untilUs: Number.POSITIVE_INFINITY }]
    expect([0, 1, 2, 3].map((user) => activeIntervals(points, user))).toEqual([
      always,
      always,
      always,
      [],
    ])
  })

  it('come and go where a ramp passes their number and a half', () => {
    const stages = [
      { for: '10s', users: 0, rampTo: 4 },
      { for: '10s', users: 4 },
      { for: '10s', users: 4, rampTo: 0 },
    ]
    const { users: points } = closed({ stages })
    expect(mostUsers(points)).toBe(4)
    expect([0, 1, 2, 3].map((user) => activeIntervals(points, user))).toEqual([
      [{ fromUs: 1_250_000, untilUs: 28_750_000 }],
      [{ fromUs: 3_750_000, untilUs: 26_250_000 }],
      [{ fromUs: 6_250_000, untilUs: 23_750_000 }],
      [{ fromUs: 8_750_000, untilUs: 21_250_000 }],
    ])
  })

  it('jump from stage to stage, and nobody is left after the last', () => {
    const stages = [
      { for: '1m', users: 1 },
      { for: '1m', users: 3 },
      { for: '1m', users: 2 },
    ]
    const { users: points } = closed({ stages })
    expect([0, 1, 2].map((user) => activeIntervals(points, user))).toEqual([
      [{ fromUs: 0, untilUs: 3 * MINUTE }],
      [{ fromUs: MINUTE, untilUs: 3 * MINUTE }],
      [{ fromUs: MINUTE, untilUs: 2 * MINUTE }],
    ])
  })

  it('return when the number rises again', () => {
    const stages = [
      { for: '10s', users: 2, rampTo: 0 },
      { for: '10s', users: 0, rampTo: 2 },
    ]
    expect(activeIntervals(closed({ stages }).users, 1)).toEqual([
      { fromUs: 0, untilUs: 2_500_000 },
      { fromUs: 17_500_000, untilUs: 20_000_000 },
    ])
  })

  it('do not leave for an absence that rounds to nothing', () => {
    const points = [
      { atUs: 0, count: 1 },
      { atUs: 10, count: 0.4999 },
      { atUs: 20, count: 1 },
    ]
    expect(activeIntervals(points, 0)).toEqual([{ fromUs: 0, untilUs: Number.POSITIVE_INFINITY }])
  })

  it('describe themselves', () => {
    const stages = [
      { for: '5m', users: 0, rampTo: 200 },
      { for: '1h', users: 200 },
    ]
    const thinkTime = { exponential: { mean: '2s' } }
    expect(users.describe(parse({ process: 'users', stages, thinkTime }))).toBe(
      'Users, ramping from 0 to 200 over 5m, then 200 for 1h, thinking 2s on average (exponential)',
    )
    expect(users.describe(parse({ process: 'users', users: 20, thinkTime: '2s' }))).toBe(
      'Users, 20, thinking 2s',
    )
  })

  it('explain what is wrong with them', () => {
    const wrong = (yaml: object) => problems({ process: 'users', thinkTime: '1s', ...yaml })
    expect(wrong({})).toEqual([': how many users? Give users (such as 200) or stages'])
    expect(wrong({ users: 1, stages: [{ for: '1m', users: 2 }] })).toEqual([
      'stages: give either users or stages, not both',
    ])
    expect(wrong({ users: 1, rate: '20/s' })).toEqual([
      'rate: users make their own rate: each asks again after the answer and thinkTime; leave rate out',
    ])
    expect(wrong({ users: -1 })).toEqual(['users: concurrency cannot be negative (`-1`)'])
  })
})
