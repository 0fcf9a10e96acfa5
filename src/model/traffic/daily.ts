/**
 * A daily pattern: a rate that repeats every 24 hours UTC, straight lines between fixed points.
 */
import { z } from 'zod'
import { namedGenerator } from '../../kernel/generator.ts'
import { MICROSECONDS_PER_DAY, MICROSECONDS_PER_HOUR } from '../../kernel/time.ts'
import { rate } from '../units.ts'
import type { ArrivalProcessEntry, RunFrame } from './entry.ts'
import { OperationalTimeArrivals } from './operational-time.ts'
import { expectedArrivals, highestRate, type RateProfile } from './rate-profile.ts'
import { UNIT_EXPONENTIAL } from './unit-exponential.ts'
import { formatNumber, formatRate } from './wording.ts'

interface HourlyPattern {
  /** Relative rates at 00:00, 01:00, ..., 23:00 UTC. */
  readonly hours: readonly number[]
}

interface PeakPattern {
  /** UTC, `HH:MM`. */
  readonly peakAt: string
  /** Rate at the peak over the rate twelve hours away from it. */
  readonly peakToTrough: number
}

export interface DailyOptions {
  /** Mean arrival rate over a day, per second. */
  readonly rate: number
  readonly daily: HourlyPattern | PeakPattern
}

const HOURS_PER_DAY = 24
const POINTS_OF_CURVE = 48

const weight = z.number('a weight is a number').min(0, 'a weight cannot be negative')

const hourlyPattern = z.strictObject({
  hours: z
    .array(weight)
    .length(HOURS_PER_DAY, 'hours lists 24 relative rates, for 00:00, 01:00, ... 23:00 UTC')
    .refine((weights) => weights.some((one) => one > 0), 'at least one weight must be above 0')
    .describe('Relative rates at 00:00, 01:00, ... 23:00 UTC; linear in between.'),
})

const peakPattern = z.strictObject({
  peakAt: z
    .string('peakAt is a time of day, such as "14:00"')
    .regex(/^([01][0-9]|2[0-3]):[0-5][0-9]$/, 'peakAt is a time of day, such as "14:00"')
    .describe('Time of day (UTC) of the highest rate; the lowest is twelve hours away.'),
  peakToTrough: z
    .number('peakToTrough is a number, such as 4')
    .min(1, 'peakToTrough is at least 1: the peak is no lower than the trough')
    .max(1_000_000, 'peakToTrough is at most 1000000')
    .describe('Highest rate over lowest rate.'),
})

const schema = z.strictObject({
  process: z.literal('daily'),
  rate: rate.describe('Mean arrival rate over a day.'),
  daily: z
    .union([hourlyPattern, peakPattern], {
      error: 'daily is { hours: [24 relative rates] } or { peakAt: "14:00", peakToTrough: 4 }',
    })
    .describe('The shape of a day, anchored at startsAt.'),
})

/** Rates at points evenly spaced over a day, the first one `offsetUs` after midnight. */
interface DayCurve {
  readonly offsetUs: number
  readonly ratesPerSecond: readonly number[]
}

/**
 * From 1 at the peak (x = 0) to 0 half a day away, in two parabolas that meet smoothly halfway:
 * close to a cosine (at most 0.03 from it), but made of exact operations.
 */
function bell(dayShareFromPeak: number): number {
  const x = Math.min(dayShareFromPeak, 1 - dayShareFromPeak)
  return x <= 0.25 ? 1 - 8 * x * x : 8 * (0.5 - x) * (0.5 - x)
}

function dayCurve({ rate, daily }: DailyOptions): DayCurve {
  if ('hours' in daily) {
    const total = daily.hours.reduce((sum, one) => sum + one, 0)
    const ratesPerSecond = daily.hours.map((one) => (rate * HOURS_PER_DAY * one) / total)
    return { offsetUs: 0, ratesPerSecond }
  }
  const [hours, minutes] = daily.peakAt.split(':').map(Number)
  // The bell is symmetric about its middle, so the mean is halfway between trough and peak.
  const trough = (2 * rate) / (1 + daily.peakToTrough)
  const rise = trough * (daily.peakToTrough - 1)
  const points = Array.from({ length: POINTS_OF_CURVE }, (_, index) => index / POINTS_OF_CURVE)
  return {
    offsetUs: (hours! + minutes! / 60) * MICROSECONDS_PER_HOUR,
    ratesPerSecond: points.map((share) => trough + rise * bell(share)),
  }
}

/** The curve from simulated time 0 on, day after day. */
function dailyProfile(options: DailyOptions, startsAtMs: number): RateProfile {
  const { offsetUs, ratesPerSecond } = dayCurve(options)
  const stepUs = MICROSECONDS_PER_DAY / ratesPerSecond.length
  const sinceCurveBeganUs = startsAtMs * 1_000 - offsetUs
  const intoDayUs =
    sinceCurveBeganUs - Math.floor(sinceCurveBeganUs / MICROSECONDS_PER_DAY) * MICROSECONDS_PER_DAY
  const rateAtPoint = (point: number): number => ratesPerSecond[point % ratesPerSecond.length]!
  let point = Math.floor(intoDayUs / stepUs)
  return {
    nextSegment() {
      const beginsUs = point * stepUs - intoDayUs
      const from = rateAtPoint(point)
      const to = rateAtPoint(point + 1)
      point++
      const startUs = Math.max(0, beginsUs)
      return {
        startUs,
        endUs: beginsUs + stepUs,
        startRatePerSecond: from + ((to - from) * (startUs - beginsUs)) / stepUs,
        endRatePerSecond: to,
      }
    },
  }
}

function describePattern(options: DailyOptions): string {
  const { daily } = options
  if ('peakAt' in daily) {
    return `${formatNumber(daily.peakToTrough)} times as much at ${daily.peakAt} UTC as twelve hours later`
  }
  const { ratesPerSecond } = dayCurve(options)
  const hour = ratesPerSecond.indexOf(Math.max(...ratesPerSecond))
  return `at most ${formatRate(ratesPerSecond[hour]!)}, at ${String(hour).padStart(2, '0')}:00 UTC`
}

function profileOf(options: DailyOptions, run: RunFrame): RateProfile {
  return dailyProfile(options, run.startsAtMs)
}

/** People sleep: a Poisson process whose rate follows the time of day. */
export const daily: ArrivalProcessEntry<DailyOptions> = {
  kind: 'daily',
  summary: 'A Poisson process whose rate follows the time of day (UTC), day after day.',
  schema,
  describe: (options) =>
    `Daily pattern, ${formatRate(options.rate)} on average, ${describePattern(options)}`,
  expectedRequests: (options, run) => expectedArrivals(profileOf(options, run), run.durationUs),
  peakRatePerSecond: (options, run) => highestRate(profileOf(options, run), run.durationUs),
  rateProfile: profileOf,
  warnings: () => [],
  create: (options) => ({
    kind: 'open',
    create: ({ streamName, durationUs, startsAtMs }) =>
      new OperationalTimeArrivals({
        spacings: UNIT_EXPONENTIAL,
        generator: namedGenerator(streamName('arrival')),
        origin: 0,
        profile: dailyProfile(options, startsAtMs),
        durationUs,
      }),
  }),
}
