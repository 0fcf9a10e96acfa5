/**
 * What third parties measured of Lambda's keep-alive, by date. AWS documents neither the idle
 * timeout nor the lifetime of an environment and changed both several times.
 */
import { z } from 'zod'
import {
  formatDuration,
  MICROSECONDS_PER_HOUR,
  MICROSECONDS_PER_MINUTE,
  MICROSECONDS_PER_SECOND,
} from '../../../kernel/time.ts'
import type { Alternative, Assumption } from '../../compiled-scenario.ts'
import { parsedBy, UnitError } from '../../units.ts'
import {
  EARLIEST_PLATFORM,
  formatPlatformMonth,
  LATEST_PLATFORM,
  type PlatformMonth,
  parsePlatformMonth,
  platformMonth,
} from '../platform-timeline.ts'
import type { KeepAliveEntry } from './entry.ts'
import { type DurationRange, describeLease, drawnLeases, type LeaseRanges } from './lease.ts'

/** What was measured from one month on, until the next entry's month. */
export interface KeepAlivePreset extends LeaseRanges {
  readonly idleTimeout: DurationRange
  readonly since: PlatformMonth
  readonly confidence: Assumption['confidence']
  readonly source: string
}

function minutes(min: number, max: number): DurationRange {
  return { min: min * MICROSECONDS_PER_MINUTE, max: max * MICROSECONDS_PER_MINUTE }
}

function seconds(min: number, max: number): DurationRange {
  return { min: min * MICROSECONDS_PER_SECOND, max: max * MICROSECONDS_PER_SECOND }
}

/** Busy environments are terminated after about two hours (AWS: "every few hours"). */
const ABOUT_TWO_HOURS: DurationRange = {
  min: 1.5 * MICROSECONDS_PER_HOUR,
  max: 2.5 * MICROSECONDS_PER_HOUR,
}
const LIFETIME_SOURCE =
  'lifetime: xebia.com, "TIL that AWS Lambda terminates instances preemptively"'

/** The oldest first. */
export const KEEP_ALIVE_PRESETS: readonly KeepAlivePreset[] = [
  {
    since: EARLIEST_PLATFORM,
    idleTimeout: minutes(45, 60),
    lifetime: ABOUT_TWO_HOURS,
    confidence: 'measured',
    source: `Yan Cui, theburningmonk.com, 2017: how long Lambda keeps idle functions; ${LIFETIME_SOURCE}`,
  },
  {
    since: platformMonth(2018, 1),
    idleTimeout: minutes(25, 60),
    lifetime: ABOUT_TWO_HOURS,
    confidence: 'measured',
    source: `Mikhail Shilkov, mikhail.io, 2019: idle timeouts before July 2019; ${LIFETIME_SOURCE}`,
  },
  {
    // An idle function lost everything between 620 and 645 s after its last request, which whoever
    // asks a single function measures as ten minutes; in a function still in use a surplus
    // environment stayed for up to 1,523 s, so that no single timer describes both.
    since: platformMonth(2019, 7),
    idleTimeout: seconds(1_000, 1_600),
    functionIdleTimeout: seconds(620, 645),
    lifetime: seconds(6_900, 7_300),
    earlyRecyclingMean: 6 * MICROSECONDS_PER_HOUR,
    replacedAhead: true,
    confidence: 'measured',
    source:
      'pacslab/serverless-performance-modeling, measurements of 2020, our analysis: the idle time of a whole function, the lifetime and the replacement ahead of demand are read off single requests; the idle time of surplus environments and the mean of early recycling lie in ranges read off them, chosen within by ten measured cold-start rates; Mikhail Shilkov, mikhail.io, August 2019, "AWS Lambda Cold Starts After 10 Minutes", agrees on the first',
  },
  {
    since: platformMonth(2021, 1),
    idleTimeout: minutes(5, 7),
    lifetime: ABOUT_TWO_HOURS,
    confidence: 'measured',
    source: `Mikhail Shilkov, mikhail.io, 2021: cold starts 5 to 7 minutes after the last request; ${LIFETIME_SOURCE}`,
  },
]

export function keepAlivePreset(platform: PlatformMonth): KeepAlivePreset {
  let current = KEEP_ALIVE_PRESETS[0] as KeepAlivePreset
  for (const preset of KEEP_ALIVE_PRESETS) if (preset.since <= platform) current = preset
  return current
}

export interface PresetKeepAliveOptions {
  /** The month whose behaviour is meant. */
  readonly platform: PlatformMonth
}

/** A month of the platform's timeline as `2026-11`; its output is the number of the month. */
export const platformMonthText = z
  .string({ error: 'a platform is a month such as 2026-11' })
  .meta({ typeText: 'month', examples: ['2026-11'], pattern: '^[0-9]{4}-(0[1-9]|1[0-2])$' })
  .transform(
    parsedBy((text: string) => {
      const month = parsePlatformMonth(text)
      if (Number.isNaN(month)) throw new UnitError(`\`${text}\` is no month such as 2026-11`)
      if (month < EARLIEST_PLATFORM || month > LATEST_PLATFORM) {
        const range = `${formatPlatformMonth(EARLIEST_PLATFORM)} to ${formatPlatformMonth(LATEST_PLATFORM)}`
        throw new UnitError(`the platform of \`${text}\` is not known: ${range} are`)
      }
      return month
    }),
  )

/** What else might hold where a preset does: what `set` has is the value of `keepAlive`. */
export function keepAliveAlternatives(platform: PlatformMonth): readonly Alternative[] {
  const current = keepAlivePreset(platform)
  const others = KEEP_ALIVE_PRESETS.filter((candidate) => candidate !== current)
  const { min, max } = current.idleTimeout
  const ageless: Alternative = {
    label: 'no maximum age',
    set: {
      keepAlive: {
        policy: 'uniform',
        idleTimeout: { min: formatDuration(min), max: formatDuration(max) },
      },
    },
  }
  return [
    ...others.map(({ since }) => ({
      label: `as of ${formatPlatformMonth(since)}`,
      set: { keepAlive: { policy: 'preset', platform: formatPlatformMonth(since) } },
    })),
    { label: 'fixed 10m at any age', set: { keepAlive: { policy: 'fixed', idleTimeout: '10m' } } },
    // Where a function's environments end together, no written policy is the same but for the age.
    ...(current.functionIdleTimeout === undefined ? [ageless] : []),
  ]
}

/** The behaviour measured at a date. */
export const preset: KeepAliveEntry<PresetKeepAliveOptions> = {
  kind: 'preset',
  summary: 'What third parties measured of Lambda in a given month.',
  schema: z.strictObject({
    policy: z.literal('preset'),
    platform: platformMonthText.meta({
      description: 'The month whose measured behaviour is meant, such as 2020-06.',
    }),
  }),
  describe: ({ platform }) => describeLease(keepAlivePreset(platform)),
  create: ({ platform }) => drawnLeases(keepAlivePreset(platform)),
}
