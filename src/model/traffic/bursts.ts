/**
 * Bursts: a Markov-modulated Poisson process of two states. Source: W. Fischer and K.
 * Meier-Hellstern, The Markov-modulated Poisson process (MMPP) cookbook, Performance Evaluation 18
 * (1993).
 */
import { z } from 'zod'
import { BlockStream } from '../../kernel/block-stream.ts'
import { namedGenerator } from '../../kernel/generator.ts'
import { formatDuration } from '../../kernel/time.ts'
import { positiveDuration, rate } from '../units.ts'
import type { ArrivalProcessEntry } from './entry.ts'
import { OperationalTimeArrivals } from './operational-time.ts'
import type { RateProfile } from './rate-profile.ts'
import { UNIT_EXPONENTIAL } from './unit-exponential.ts'
import { formatRate } from './wording.ts'

export interface BurstsOptions {
  /** Arrival rate between bursts, per second. */
  readonly rate: number
  readonly burst: {
    /** Arrival rate during a burst, per second. */
    readonly rate: number
    /** Mean time from the start of a burst to the start of the next, us. */
    readonly every: number
    /** Mean length of a burst, us; less than `every`. */
    readonly for: number
  }
}

const schema = z
  .strictObject({
    process: z.literal('bursts'),
    rate: rate.describe('Arrival rate between bursts.'),
    burst: z
      .strictObject({
        rate: rate.describe('Arrival rate during a burst.'),
        every: positiveDuration.describe('Mean time from the start of a burst to the next start.'),
        for: positiveDuration.describe('Mean length of a burst.'),
      })
      .describe('Bursts of exponential length after exponential pauses.'),
  })
  .refine(({ burst }) => burst.for < burst.every, {
    error: 'a burst must be shorter than the time from one to the next (every)',
    path: ['burst', 'for'],
  })

/**
 * The rate as time goes by: bursts and pauses of exponential length, drawn from the stream
 * `bursts` and never from that of the arrivals, so that other rates meet the same bursts. The
 * first state is drawn from the long-run shares, which makes the process stationary from time 0.
 */
function burstProfile({ rate, burst }: BurstsOptions, streamName: string): RateProfile {
  const generator = namedGenerator(streamName)
  let isBurst = generator.nextUniform() < burst.for / burst.every
  const sojourns = new BlockStream(generator, UNIT_EXPONENTIAL)
  let startUs = 0
  return {
    nextSegment() {
      const meanUs = isBurst ? burst.for : burst.every - burst.for
      const ratePerSecond = isBurst ? burst.rate : rate
      const segment = {
        startUs,
        endUs: startUs + sojourns.next() * meanUs,
        startRatePerSecond: ratePerSecond,
        endRatePerSecond: ratePerSecond,
      }
      startUs = segment.endUs
      isBurst = !isBurst
      return segment
    },
  }
}

/** Quiet most of the time, busy now and then: more variable than Poisson at the same mean rate. */
export const bursts: ArrivalProcessEntry<BurstsOptions> = {
  kind: 'bursts',
  summary:
    'A Poisson process whose rate switches between a base and a burst rate at random times (Markov-modulated).',
  schema,
  describe: ({ rate, burst }) =>
    `Bursts, ${formatRate(rate)} with bursts of ${formatRate(burst.rate)} that last ` +
    `${formatDuration(burst.for)} and begin every ${formatDuration(burst.every)} on average`,
  expectedRequests: ({ rate, burst }, { durationUs }) =>
    ((rate * (burst.every - burst.for) + burst.rate * burst.for) / burst.every / 1_000_000) *
    durationUs,
  peakRatePerSecond: ({ rate, burst }) => Math.max(rate, burst.rate),
  warnings: () => [],
  create: (options) => ({
    kind: 'open',
    create: ({ streamName, durationUs }) =>
      new OperationalTimeArrivals({
        spacings: UNIT_EXPONENTIAL,
        generator: namedGenerator(streamName('arrival')),
        origin: 0,
        profile: burstProfile(options, streamName('bursts')),
        durationUs,
      }),
  }),
}
