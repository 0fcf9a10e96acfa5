import { describe, expect, it } from 'vitest'
import { z } from 'zod'
import {
  ARRIVAL_PROCESSES,
  arrivalProcess,
  trafficSchema,
} from '../../../src/model/traffic/index.ts'
import { MINUTE, parse, problems, SECOND, STARTS_AT_MS } from './support.ts'

const run = { durationUs: 30 * MINUTE, startsAtMs: STARTS_AT_MS }

describe('the schema of a producer', () => {
  it('takes Poisson for granted', () => {
    expect(parse({ rate: '20/s' })).toEqual({ process: 'poisson', rate: 20 })
  })

  it('knows a trace by its key', () => {
    expect(parse({ trace: 'week.csv' })).toEqual({
      process: 'trace',
      trace: { file: 'week.csv' },
      speed: 1,
      scale: 1,
    })
  })

  it('puts out plain numbers: microseconds and arrivals per second', () => {
    const stages = [{ for: '1m', rate: '60/min', rampTo: '10/s' }]
    expect(parse({ process: 'constant', stages })).toEqual({
      process: 'constant',
      stages: [{ for: MINUTE, rate: 1, rampTo: 10 }],
    })
  })

  it('has the keys that all producers share', () => {
    const schema = trafficSchema({ to: z.string(), client: z.string().optional() })
    expect(schema.parse({ to: 'hello', rate: '1/s' })).toEqual({
      process: 'poisson',
      to: 'hello',
      rate: 1,
    })
    expect(schema.safeParse({ rate: '1/s' }).success).toBe(false)
  })

  it('wants one of rate and stages', () => {
    expect(problems({})).toEqual([': how many requests? Give rate (such as 20/s) or stages'])
    expect(problems({ rate: '1/s', stages: [{ for: '1m', rate: '1/s' }] })).toEqual([
      'stages: give either rate or stages, not both',
    ])
    expect(problems({ stages: [] })).toEqual(['stages: stages must name at least one stage'])
  })

  it('refuses negative rates and stages without length', () => {
    expect(problems({ rate: '-5/s' })).toEqual(['rate: a rate cannot be negative (`-5/s`)'])
    expect(problems({ stages: [{ for: '0s', rate: '1/s' }] })).toEqual([
      'stages.0.for: `0s` must be longer than 0s',
    ])
  })

  it('refuses a ramp that starts nowhere or outside a stage', () => {
    expect(problems({ stages: [{ for: '1m', rampTo: '1/s' }] })).toContain(
      'stages.0.rampTo: a ramp needs the rate it starts from: write rate as well',
    )
    expect(problems({ rate: '1/s', rampTo: '2/s' })).toEqual([
      'rampTo: rampTo belongs to a stage: stages: [{ for: 10m, rate: 10/s, rampTo: 100/s }]',
    ])
  })

  it('says where a key of another process belongs', () => {
    expect(problems({ rate: '1/s', users: 3, speed: 2 })).toEqual([
      'users: users belongs to process users, and this is poisson',
      'speed: speed belongs to process trace, and this is poisson',
    ])
  })

  it('names the known processes', () => {
    expect(problems({ process: 'weibull', rate: '1/s' })).toEqual([
      'process: "weibull" is not an arrival process: known are poisson, constant, bursts, daily, users, trace',
    ])
    expect(problems({ process: 7 })[0]).toContain('7 is not an arrival process')
    expect(problems('20/s')).toHaveLength(1)
    expect(problems(null)).toHaveLength(1)
  })

  it('reports all problems of a producer at once', () => {
    expect(
      problems({ rate: '-1/s', stages: [{ for: '1m', rate: 'x' }], colour: 'red' }),
    ).toHaveLength(4)
  })

  it('wants bursts to be shorter than their distance', () => {
    const burst = { rate: '400/s', every: '20s', for: '20s' }
    expect(problems({ process: 'bursts', rate: '1/s', burst })).toEqual([
      'burst.for: a burst must be shorter than the time from one to the next (every)',
    ])
  })

  it('refuses impossible factors of a trace', () => {
    expect(problems({ trace: 'a.csv', speed: 0 })).toEqual(['speed: speed must be above 0'])
    expect(problems({ trace: 'a.csv', scale: -1 })).toEqual([
      'scale: scale is a number from 0 to 1000000',
    ])
    expect(problems({ trace: 'a.csv', rate: '1/s' })).toEqual([
      'rate: rate belongs to processes poisson, constant, bursts, daily, and this is trace',
    ])
    expect(problems({ trace: 5 })).toEqual([
      'trace: trace is the name of a file, or { file, format, select }',
    ])
  })

  it('can be written as a JSON Schema', () => {
    const json = z.toJSONSchema(trafficSchema({ to: z.string() }), { io: 'input' })
    expect(json.oneOf).toHaveLength(ARRIVAL_PROCESSES.length)
  })
})

describe('what a producer knows about itself', () => {
  const flashSale = [
    { for: '10m', rate: '100/s' },
    { for: '1m', rate: '100/s', rampTo: '3000/s' },
    { for: '5m', rate: '3000/s' },
    { for: '14m', rate: '100/s' },
  ]
  const poisson = arrivalProcess('poisson')

  it('includes its description in words', () => {
    expect(poisson.describe(parse({ stages: flashSale }))).toBe(
      'Poisson, 100/s for 10m, then ramping from 100/s to 3000/s over 1m, then 3000/s for 5m, then 100/s for 14m',
    )
    expect(poisson.describe(parse({ rate: '12/min' }))).toBe('Poisson, 12/min')
    expect(arrivalProcess('constant').describe(parse({ process: 'constant', rate: '90/h' }))).toBe(
      'Constant, 1.5/min',
    )
    const many = new Array(9).fill({ for: '1m', rate: '1/s' })
    expect(poisson.describe(parse({ stages: many }))).toMatch(
      /, then 1\/s for 1m, then 3 more stages$/,
    )
    const yaml = {
      process: 'bursts',
      rate: '20/s',
      burst: { rate: '400/s', every: '5m', for: '20s' },
    }
    expect(arrivalProcess('bursts').describe(parse(yaml))).toBe(
      'Bursts, 20/s with bursts of 400/s that last 20s and begin every 5m on average',
    )
  })

  it('includes the requests to expect and the highest rate', () => {
    const options = parse({ stages: flashSale })
    expect(poisson.expectedRequests(options, run)).toBe(60_000 + 93_000 + 900_000 + 84_000)
    expect(poisson.peakRatePerSecond(options, run)).toBe(3_000)
  })

  it('counts only what comes before the end of the run', () => {
    const options = parse({ stages: flashSale })
    const early = { ...run, durationUs: 10.5 * MINUTE }
    expect(poisson.expectedRequests(options, early)).toBe(60_000 + 30 * ((100 + 1_550) / 2))
    expect(poisson.peakRatePerSecond(options, early)).toBe(1_550)
    const burst = { rate: '400/s', every: '5m', for: '20s' }
    const bursts = arrivalProcess('bursts')
    const often = parse({ process: 'bursts', rate: '20/s', burst })
    expect(bursts.expectedRequests(often, { ...run, durationUs: 300 * SECOND })).toBeCloseTo(
      20 * 280 + 400 * 20,
      9,
    )
    expect(bursts.peakRatePerSecond(often, run)).toBe(400)
  })

  it('includes a warning when stages last longer than the run', () => {
    const options = parse({ stages: flashSale })
    expect(poisson.warnings(options, run)).toEqual([])
    expect(poisson.warnings(options, { ...run, durationUs: 20 * MINUTE })).toEqual([
      'the stages last 30m, the run 20m: what is later is cut',
    ])
    expect(poisson.warnings(options, { ...run, durationUs: 16 * MINUTE })).toEqual([
      'the stages last 30m, the run 16m: what is later is cut, and its last stage never begins',
    ])
    expect(poisson.warnings(options, { ...run, durationUs: MINUTE })).toEqual([
      'the stages last 30m, the run 1m: what is later is cut, and its last 3 stages never begin',
    ])
  })
})
