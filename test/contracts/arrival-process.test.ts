import { describe, expect, it } from 'vitest'
import { ARRIVAL_PROCESSES, arrivalProcess } from '../../src/model/traffic/index.ts'
import { expectedArrivals } from '../../src/model/traffic/rate-profile.ts'
import {
  arrivalsOf,
  DAY,
  filesOf,
  MINUTE,
  open,
  parse,
  STARTS_AT_MS,
} from '../model/traffic/support.ts'

const counts = Array.from({ length: 300 }, (_, index) => `${index * 10},${index % 7}`).join('\n')
const disordered = Array.from({ length: 400 }, (_, index) => `${(index * 37) % 400}.25`).join('\n')
const files = filesOf({
  'counts.csv': `time_s,count\n${counts}`,
  'times.csv': `time_s\n${disordered}`,
})

/** At least one producer of each listed process. */
const EXAMPLES: readonly { process: string; yaml: object }[] = [
  { process: 'poisson', yaml: { rate: '2/s' } },
  { process: 'poisson', yaml: { stages: [{ for: '5m', rate: '0/s', rampTo: '9/s' }] } },
  { process: 'constant', yaml: { process: 'constant', rate: '3/s' } },
  {
    process: 'bursts',
    yaml: { process: 'bursts', rate: '1/s', burst: { rate: '40/s', every: '1m', for: '5s' } },
  },
  {
    process: 'daily',
    yaml: { process: 'daily', rate: '2/s', daily: { peakAt: '00:10', peakToTrough: 3 } },
  },
  { process: 'users', yaml: { process: 'users', users: 5, thinkTime: '1s' } },
  { process: 'trace', yaml: { trace: 'counts.csv' } },
  { process: 'trace', yaml: { trace: 'times.csv', scale: 1.5 } },
]

const run = { durationUs: 10 * MINUTE, startsAtMs: STARTS_AT_MS }
const OPEN = EXAMPLES.filter(
  ({ process, yaml }) => arrivalProcess(process).create(parse(yaml), run).kind === 'open',
)

describe('the list of arrival processes', () => {
  it('has an example of each process here', () => {
    const kinds = new Set(EXAMPLES.map(({ process }) => process))
    expect([...kinds]).toEqual(ARRIVAL_PROCESSES.map(({ kind }) => kind))
    for (const { process, yaml } of EXAMPLES) expect(parse(yaml).process).toBe(process)
  })

  it('has a summary and a description of one line each', () => {
    for (const { process, yaml } of EXAMPLES) {
      const { summary, describe: describeOptions } = arrivalProcess(process)
      for (const text of [summary, describeOptions(parse(yaml))]) {
        expect(text).toMatch(/^[A-Z][^\n]+$/)
        expect(text).not.toMatch(/NaN|undefined|Infinity/)
      }
    }
  })
})

describe.each(OPEN)('$process as $yaml', ({ process, yaml }) => {
  const entry = arrivalProcess(process)
  const arrivals = (durationUs: number, replication = 1) =>
    arrivalsOf(open(yaml, { files, durationUs, replication }))

  it('gives whole microseconds that never decrease, before the end of the run', async () => {
    const times = await arrivals(10 * MINUTE)
    expect(times.length).toBeGreaterThan(100)
    let previous = 0
    for (const time of times) {
      expect(Number.isSafeInteger(time) && time >= previous && time < 10 * MINUTE).toBe(true)
      previous = time
    }
  })

  it('gives the same arrivals for the same name', async () => {
    expect(await arrivals(10 * MINUTE)).toEqual(await arrivals(10 * MINUTE))
  })

  it('gives the same arrivals up to the end of a shorter run', async () => {
    const long = await arrivals(10 * MINUTE)
    const short = await arrivals(3 * MINUTE)
    expect(short).toEqual(long.filter((time) => time < 3 * MINUTE))
  })

  it('is over at the end of the run', async () => {
    const source = open(yaml, { files, durationUs: 2 * MINUTE })
    await arrivalsOf(source)
    expect(source.starved ?? false).toBe(false)
    expect(source.next()).toBe(Number.POSITIVE_INFINITY)
  })

  it('knows its number of requests and its highest rate, or says that it does not', async () => {
    const options = parse(yaml)
    const longRun = { durationUs: DAY, startsAtMs: STARTS_AT_MS }
    const expected = entry.expectedRequests(options, longRun)
    const peak = entry.peakRatePerSecond(options, longRun)
    expect(expected === null).toBe(peak === null)
    if (expected === null || peak === null) return
    expect(expected).toBeGreaterThan(0)
    expect(expected).toBeLessThanOrEqual(peak * 86_400)
  })

  it('plans, where it has a plan, the rate that it expects requests of', () => {
    const options = parse(yaml)
    const longRun = { durationUs: DAY, startsAtMs: STARTS_AT_MS }
    const profile = entry.rateProfile?.(options, longRun)
    if (profile === undefined) return
    expect(expectedArrivals(profile, DAY)).toBe(entry.expectedRequests(options, longRun))
  })

  it('finds nothing wrong with its files', async () => {
    expect((await entry.check?.(parse(yaml), files)) ?? []).toEqual([])
  })
})

describe('speed and scale of a trace', () => {
  const replay = (factors: object, trace = 'counts.csv') =>
    arrivalsOf(open({ trace, ...factors }, { files }))

  it('twice the speed is half the time, arrival by arrival', async () => {
    const plain = await replay({})
    const fast = await replay({ speed: 2 })
    expect(fast).toHaveLength(plain.length)
    for (const [ordinal, time] of fast.entries()) {
      // Both are rounded: 2 x 1/2 + 1/2 us, and a whole number.
      expect(Math.abs(plain[ordinal]! - 2 * time)).toBeLessThanOrEqual(1)
    }
  })

  it('a scale of 2 is two of each', async () => {
    const plain = await replay({})
    expect(await replay({ scale: 2 })).toEqual(plain.flatMap((time) => [time, time]))
  })

  it('a scale of 0 is silence', async () => {
    expect(await replay({ scale: 0 })).toEqual([])
  })

  it('a smaller scale keeps some of what a larger one keeps', async () => {
    const half = await replay({ scale: 0.5 }, 'times.csv')
    const most = await replay({ scale: 0.8 }, 'times.csv')
    const all = await replay({}, 'times.csv')
    expect(half.every((time) => most.includes(time))).toBe(true)
    expect(all.length).toBeGreaterThan(most.length)
    expect(most.length).toBeGreaterThan(half.length)
  })

  it('a fraction keeps that share of the arrivals', async () => {
    const all = (await replay({})).length
    const kept = (await replay({ scale: 0.3 })).length
    // Binomial: 4 standard deviations.
    expect(Math.abs(kept - 0.3 * all)).toBeLessThanOrEqual(4 * Math.sqrt(0.3 * 0.7 * all))
  })

  it('a fraction above 1 adds to whole copies', async () => {
    const single = await replay({ scale: 0.5 })
    expect(await replay({ scale: 2.5 })).toHaveLength(2 * (await replay({})).length + single.length)
  })
})

describe('the check of a trace before the run', () => {
  const trace = arrivalProcess('trace')
  const check = (text: string) =>
    trace.check!(parse({ trace: 'a.csv' }), filesOf({ 'a.csv': text }))

  it('passes on why a file cannot be read', async () => {
    expect(await trace.check!(parse({ trace: 'gone.csv' }), filesOf({}))).toEqual([
      'gone.csv does not exist',
    ])
  })

  it('finds an unknown header, an empty file and a bad row', async () => {
    expect((await check('a,b\n1,2\n'))[0]).toMatch(/^a.csv: its first line "a,b" is not/)
    expect(await check('')).toEqual(['a.csv: the trace is empty'])
    expect(await check('time_s\n1\nx\n')).toEqual(['a.csv:3: time_s "x" is not a number'])
  })
})
