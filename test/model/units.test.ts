import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { z } from 'zod'
import { formatDuration } from '../../src/kernel/time.ts'
import {
  concurrency,
  duration,
  durationBetween,
  memory,
  parseConcurrency,
  parseDuration,
  parseMemory,
  parseRate,
  parseShare,
  positiveDuration,
  rate,
  share,
} from '../../src/model/units.ts'

function messageOf(parse: () => unknown): string {
  try {
    return `parsed as ${String(parse())}`
  } catch (error) {
    return error instanceof Error ? error.message : 'threw no Error'
  }
}

function issueOf(schema: z.ZodType, input: unknown): string {
  const result = schema.safeParse(input)
  return result.success
    ? `parsed as ${String(result.data)}`
    : (result.error.issues[0]?.message ?? '')
}

describe('durations', () => {
  test.each([
    ['0s', 0],
    ['7us', 7],
    ['250ms', 250_000],
    ['1.1ms', 1_100],
    ['0.3s', 300_000],
    ['12m30s', 750_000_000],
    ['1h30m', 5_400_000_000],
    ['1d2h3m4s5ms6us', 93_784_005_006],
    ['366d', 31_622_400_000_000],
  ])('%s is %d us', (text, expected) => {
    expect(parseDuration(text)).toBe(expected)
  })

  test.each([
    ['10', '`10` has no unit: write 10s or 10ms, say'],
    ['-5s', 'a duration cannot be negative (`-5s`)'],
    [
      '5 minutes',
      '`5 minutes` is not a duration: a duration is a number with a unit, such as 250ms, 1.5s, 12m30s or 6h (units us, ms, s, m, h, d)',
    ],
    ['30s12m', '`30s12m` is not a duration: the largest unit comes first, each once'],
    ['1s1s', '`1s1s` is not a duration: the largest unit comes first, each once'],
    ['367d', '`367d` is too long: the longest duration is 366d'],
  ])('%s is refused with a message that teaches', (text, message) => {
    expect(messageOf(() => parseDuration(text))).toBe(message)
  })

  test('what formatDuration writes, parseDuration reads', () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 31_622_400_000 }), (milliseconds) => {
        const durationUs = milliseconds * 1_000
        expect(parseDuration(formatDuration(durationUs))).toBe(durationUs)
      }),
    )
  })

  test('the zod type explains a value without a unit and a value of another kind', () => {
    expect(issueOf(duration, 10)).toBe('`10` has no unit: write 10s or 10ms, say')
    expect(issueOf(duration, -1)).toBe('a duration cannot be negative (`-1`)')
    expect(issueOf(duration, [1])).toBe('a list is not a duration such as 250ms or 12m30s')
    expect(issueOf(duration, null)).toBe('nothing is not a duration such as 250ms or 12m30s')
  })

  test('a bounded duration names its bounds and a positive one refuses 0s', () => {
    const timeout = durationBetween(1_000_000, 900_000_000)
    expect(issueOf(timeout, '1s')).toBe('parsed as 1000000')
    expect(issueOf(timeout, '15m')).toBe('parsed as 900000000')
    expect(issueOf(timeout, '16m')).toBe('`16m` is out of range: from 1s to 15m is allowed')
    expect(issueOf(positiveDuration, '0s')).toBe('`0s` must be longer than 0s')
  })
})

describe('rates', () => {
  test.each([
    ['200/s', 200],
    ['12/min', 0.2],
    ['90/h', 0.025],
    ['86400/d', 1],
    ['0/s', 0],
  ])('%s is %d per second', (text, expected) => {
    expect(parseRate(text)).toBe(expected)
  })

  test.each([
    [rate, '-1/s', 'a rate cannot be negative (`-1/s`)'],
    [rate, 200, '`200` has no unit: write 200/s or 200/min, say'],
    [rate, -5, 'a rate cannot be negative (`-5`)'],
    [
      rate,
      '200rps',
      '`200rps` is not a rate: a rate is a number per time, such as 200/s, 12/min, 90/h or 5000/d',
    ],
    [rate, '1000001/s', '`1000001/s` is too high: the highest rate is 1000000/s'],
  ])('a wrong rate is refused with a message that teaches', (schema, input, message) => {
    expect(issueOf(schema, input)).toBe(message)
  })
})

describe('shares', () => {
  test.each([
    ['0%', 0],
    ['0.2%', 0.002],
    ['99.9%', 0.999],
    ['100%', 1],
  ])('%s is %d', (text, expected) => {
    expect(parseShare(text)).toBe(expected)
  })

  test.each([
    [0.2, '`0.2` has no unit: a share carries a percent sign, such as 0.2%'],
    ['101%', 'a share is at most 100% (`101%`)'],
    ['-1%', 'a share cannot be negative (`-1%`)'],
    ['half', '`half` is not a share: a share is a percentage, such as 0.2% or 60%'],
  ])('%s is refused with a message that teaches', (input, message) => {
    expect(issueOf(share, input)).toBe(message)
  })
})

describe('memory', () => {
  test.each([
    [512, 512],
    ['512', 512],
    ['512MB', 512],
    ['1GB', 1_024],
    ['1.5GB', 1_536],
    ['10GB', 10_240],
  ])('%s is %d MB', (input, expected) => {
    expect(parseMemory(input)).toBe(expected)
  })

  test.each([
    [127, 'memory is between 128 and 10240 MB (`127`)'],
    ['11GB', 'memory is between 128 and 10240 MB (`11GB`)'],
    [128.5, 'memory is a whole number of MB (`128.5`)'],
    [-1, 'memory cannot be negative (`-1`)'],
    ['512MiB', '`512MiB` is not a memory size: write 512, 512MB or 1GB (a bare number is MB)'],
    [{}, 'a map is not a memory size: write 512, 512MB or 1GB (a bare number is MB)'],
  ])('%s is refused with a message that teaches', (input, message) => {
    expect(issueOf(memory, input)).toBe(message)
  })
})

describe('concurrency', () => {
  test('is a whole number from 0 to 1,000,000', () => {
    expect(parseConcurrency(0)).toBe(0)
    expect(parseConcurrency(1_000_000)).toBe(1_000_000)
    expect(issueOf(concurrency, -1)).toBe('concurrency cannot be negative (`-1`)')
    expect(issueOf(concurrency, 1.5)).toBe('concurrency is a whole number (`1.5`)')
    expect(issueOf(concurrency, 1_000_001)).toBe(
      '`1000001` is too high: the highest concurrency is 1000000',
    )
    expect(issueOf(concurrency, 'many')).toBe('`many` is not a whole number')
  })
})

test('editors see what a person writes, with description and examples', () => {
  expect(z.toJSONSchema(share, { target: 'draft-07', io: 'input' })).toMatchObject({
    type: 'string',
    description: 'A percentage from 0% to 100%: 0.2%, 60%.',
    examples: ['0.2%', '60%'],
    pattern: '^[0-9]+(\\.[0-9]+)?%$',
  })
})
