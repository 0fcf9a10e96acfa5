import { describe, expect, it } from 'vitest'
import {
  nextTime,
  parseSchedule,
} from '../../../../src/model/invocation/asynchronous/schedule-expression.ts'

/** A Monday. */
const START = Date.parse('2026-03-02T00:00:00Z')

/** The first `count` times from an instant on. */
function times(expression: string, count: number, from = START): string[] {
  const schedule = parseSchedule(expression)
  const found: string[] = []
  let next = nextTime(schedule, from, START)
  while (next !== null && found.length < count) {
    found.push(new Date(next).toISOString().replace(':00.000Z', ''))
    next = nextTime(schedule, next + 1, START)
  }
  return found
}

function fault(expression: string): string {
  try {
    parseSchedule(expression)
  } catch (error) {
    return (error as Error).message
  }
  return ''
}

describe('a rate', () => {
  it('fires first one period after the start, then every period', () => {
    expect(times('rate(5 minutes)', 3)).toEqual([
      '2026-03-02T00:05',
      '2026-03-02T00:10',
      '2026-03-02T00:15',
    ])
    expect(times('rate(1 hour)', 2)).toEqual(['2026-03-02T01:00', '2026-03-02T02:00'])
    expect(times('rate(7 days)', 2)).toEqual(['2026-03-09T00:00', '2026-03-16T00:00'])
  })

  it('wants singular for 1 and plural else, as AWS does', () => {
    expect(fault('rate(1 minutes)')).toContain('write rate(1 minute)')
    expect(fault('rate(5 minute)')).toContain('write rate(5 minutes)')
    expect(fault('rate(0 minutes)')).toContain('at least 1')
    expect(fault('rate(5 seconds)')).toContain('minutes, hours or days')
    expect(fault('rate(1.5 hours)')).toContain('whole number')
  })
})

describe('a single time', () => {
  it('fires once, also at the very start', () => {
    expect(times('at(2026-03-02T00:10:00)', 5)).toEqual(['2026-03-02T00:10'])
    expect(times('at(2026-03-02T00:00:00)', 5)).toEqual(['2026-03-02T00:00'])
  })

  it('never fires when it has passed', () => {
    expect(times('at(2026-03-01T23:59:59)', 5)).toEqual([])
  })

  it('is a date that there is', () => {
    expect(fault('at(2026-02-30T00:00:00)')).toContain('write a date and time')
    expect(fault('at(2026-03-02)')).toContain('write a date and time')
  })
})

describe("AWS's cron expressions", () => {
  // Amazon EventBridge user guide, "Cron expressions reference": the examples of the page.
  it.each([
    ['cron(0 10 * * ? *)', ['2026-03-02T10:00', '2026-03-03T10:00']],
    ['cron(15 12 * * ? *)', ['2026-03-02T12:15', '2026-03-03T12:15']],
    ['cron(0 18 ? * MON-FRI *)', ['2026-03-02T18:00', '2026-03-03T18:00']],
    ['cron(0 8 1 * ? *)', ['2026-04-01T08:00', '2026-05-01T08:00']],
    ['cron(0/15 * * * ? *)', ['2026-03-02T00:00', '2026-03-02T00:15']],
    ['cron(0/10 * ? * MON-FRI *)', ['2026-03-02T00:00', '2026-03-02T00:10']],
    ['cron(0/5 8-17 ? * MON-FRI *)', ['2026-03-02T08:00', '2026-03-02T08:05']],
  ])('%s', (expression, expected) => {
    expect(times(expression, 2)).toEqual(expected)
  })

  it('takes ranges across the end of a field', () => {
    expect(times('cron(0 20-2/3 ? * FRI-MON *)', 5)).toEqual([
      '2026-03-02T02:00',
      '2026-03-02T20:00',
      '2026-03-02T23:00',
      '2026-03-06T02:00',
      '2026-03-06T20:00',
    ])
  })

  it('counts days of the week from 1 = Sunday', () => {
    expect(times('cron(0 0 ? * 1 *)', 1)).toEqual(['2026-03-08T00:00'])
    expect(times('cron(0 0 ? * SUN *)', 1)).toEqual(['2026-03-08T00:00'])
    expect(times('cron(0 0 ? * 7 *)', 1)).toEqual(['2026-03-07T00:00'])
    expect(times('cron(0 0 ? * L *)', 1)).toEqual(['2026-03-07T00:00'])
  })

  it('knows the last day of a month, also in leap years', () => {
    expect(times('cron(0 0 L * ? *)', 2)).toEqual(['2026-03-31T00:00', '2026-04-30T00:00'])
    expect(times('cron(0 0 L 2 ? *)', 3)).toEqual([
      '2027-02-28T00:00',
      '2028-02-29T00:00',
      '2029-02-28T00:00',
    ])
  })

  it('knows the 29th of February, also across 2100, which is no leap year', () => {
    expect(times('cron(0 0 29 2 ? *)', 2)).toEqual(['2028-02-29T00:00', '2032-02-29T00:00'])
    expect(times('cron(0 0 29 2 ? *)', 1, Date.parse('2096-03-01T00:00:00Z'))).toEqual([
      '2104-02-29T00:00',
    ])
  })

  it('knows the weekday nearest to a day, within its month', () => {
    // 15 March 2026 is a Sunday, 14 a Saturday, 13 a Friday.
    expect(times('cron(0 0 15W 3 ? 2026)', 9)).toEqual(['2026-03-16T00:00'])
    expect(times('cron(0 0 14W 3 ? 2026)', 9)).toEqual(['2026-03-13T00:00'])
    expect(times('cron(0 0 13W 3 ? 2026)', 9)).toEqual(['2026-03-13T00:00'])
    // 1 August 2026 is a Saturday; 31 May 2026 is a Sunday.
    expect(times('cron(0 0 1W 8 ? 2026)', 9)).toEqual(['2026-08-03T00:00'])
    expect(times('cron(0 0 31W 5 ? 2026)', 9)).toEqual(['2026-05-29T00:00'])
    expect(times('cron(0 0 31W 4 ? 2026)', 9)).toEqual([])
  })

  it('knows the nth and the last day of the week of a month', () => {
    expect(times('cron(0 0 ? * FRI#3 *)', 2)).toEqual(['2026-03-20T00:00', '2026-04-17T00:00'])
    expect(times('cron(0 0 ? * 3#2 *)', 1)).toEqual(['2026-03-10T00:00'])
    expect(times('cron(0 0 ? 3 MON#5 2026)', 9)).toEqual(['2026-03-30T00:00'])
    expect(times('cron(0 0 ? 3 FRI#5 2026)', 9)).toEqual([])
    expect(times('cron(0 0 ? * 6L *)', 2)).toEqual(['2026-03-27T00:00', '2026-04-24T00:00'])
  })

  it('takes lists, ranges, steps, names and years together', () => {
    expect(times('cron(0,30 6-8/2 1,15 JAN,jul ? 2027-2028)', 20)).toEqual(
      ['2027-01', '2027-07', '2028-01', '2028-07']
        .flatMap((month) =>
          ['01', '15'].flatMap((day) =>
            ['06:00', '06:30', '08:00', '08:30'].map((time) => `${month}-${day}T${time}`),
          ),
        )
        .slice(0, 20),
    )
  })

  it('steps upwards from a start', () => {
    expect(times('cron(10/20 0 * * ? *)', 4)).toEqual([
      '2026-03-02T00:10',
      '2026-03-02T00:30',
      '2026-03-02T00:50',
      '2026-03-03T00:10',
    ])
    expect(times('cron(0 0 1 1 ? 2020/10)', 2)).toEqual(['2030-01-01T00:00', '2040-01-01T00:00'])
  })

  it('is silent when its years are over', () => {
    expect(times('cron(0 0 * * ? 2025)', 1)).toEqual([])
  })

  it.each([
    ['cron(60 * * * ? *)', 'minutes `60` is not 0 to 59'],
    ['cron(0 24 * * ? *)', 'hours `24` is not 0 to 23'],
    ['cron(0 0 32 * ? *)', 'day-of-month `32` is not 1 to 31'],
    ['cron(0 0 * FOO ? *)', 'month `FOO` is not 1 to 12 or JAN to DEC'],
    ['cron(0 0 ? * 0 *)', 'day-of-week `0` is not 1 to 7 or SUN to SAT'],
    ['cron(0 0 ? * MON#6 *)', 'day-of-week `MON#6`: after # comes which one of the month, 1 to 5'],
    ['cron(0 0 * * ? 1969)', 'year `1969` is not 1970 to 2199'],
    ['cron(0/0 * * * ? *)', 'minutes `0/0`: after / comes a step'],
    ['cron(0 0 * * ? 2030-2029)', 'year `2030-2029`: a range goes upwards'],
    ['cron(0 0 ? * 3#1,6#3 *)', 'with # there is only one expression'],
    ['cron(1-2-3 * * * ? *)', 'minutes `1-2-3`: a range has two ends'],
    ['cron(0 0 * * * *)', 'exactly one of day-of-month and day-of-week is ?'],
    ['cron(0 0 ? * ? *)', 'exactly one of day-of-month and day-of-week is ?'],
    ['cron(0 0 * * ?)', 'has 5'],
    ['cron()', 'has 0'],
    ['every day', 'is not a schedule'],
  ])('%s is refused and the field named', (expression, message) => {
    expect(fault(expression)).toContain(message)
  })
})
