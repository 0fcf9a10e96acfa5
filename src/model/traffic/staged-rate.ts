/**
 * A rate that is given once, or in stages: what `constant` and `poisson` share.
 * After the last stage the producer is silent; stages past the end of the run are cut.
 */
import { z } from 'zod'
import { namedGenerator } from '../../kernel/generator.ts'
import { formatDuration } from '../../kernel/time.ts'
import { positiveDuration, rate } from '../units.ts'
import type { ArrivalProcessEntry } from './entry.ts'
import { OperationalTimeArrivals, type OperationalTimeOptions } from './operational-time.ts'
import {
  expectedArrivals,
  highestRate,
  type RateProfile,
  type RateSegment,
} from './rate-profile.ts'
import { formatRate, stagesPastTheEnd } from './wording.ts'

interface RateStage {
  /** Length of the stage, us. */
  readonly for: number
  /** At its start, per second. */
  readonly rate: number
  /** At its end, per second; left out: the rate stays. */
  readonly rampTo?: number | undefined
}

/** Exactly one of the two is given. */
export interface StagedRateOptions {
  readonly rate?: number | undefined
  readonly stages?: readonly RateStage[] | undefined
}

const stage = z
  .strictObject({
    for: positiveDuration.describe('How long the stage lasts.'),
    rate: rate.describe('Arrival rate of the stage, or at its start when it ramps.'),
    rampTo: rate.optional().describe('Arrival rate at the end of the stage; linear in between.'),
  })
  .refine((value) => value?.rampTo === undefined || value.rate !== undefined, {
    error: 'a ramp needs the rate it starts from: write rate as well',
    path: ['rampTo'],
    when: () => true,
  })

const rateKeys = {
  rate: rate.optional().describe('One arrival rate for the whole run.'),
  stages: z
    .array(stage, 'stages is a list such as [{ for: 10m, rate: 100/s }]')
    .min(1, 'stages must name at least one stage')
    .optional()
    .describe('Arrival rates one after the other; silence after the last.'),
  rampTo: z
    .never('rampTo belongs to a stage: stages: [{ for: 10m, rate: 10/s, rampTo: 100/s }]')
    .optional(),
}

/** The schema of a process `kind` that follows a rate or stages. */
function stagedRateSchema(process: z.ZodType) {
  return z
    .strictObject({ process, ...rateKeys })
    .refine((value) => value?.rate === undefined || value.stages === undefined, {
      error: 'give either rate or stages, not both',
      path: ['stages'],
      when: () => true,
    })
    .refine((value) => value?.rate !== undefined || value?.stages !== undefined, {
      error: 'how many requests? Give rate (such as 20/s) or stages',
      when: () => true,
    })
}

function* segmentsOf({ rate, stages }: StagedRateOptions): Generator<RateSegment> {
  if (stages === undefined) {
    const steady = rate ?? 0
    const endUs = Number.POSITIVE_INFINITY
    yield { startUs: 0, endUs, startRatePerSecond: steady, endRatePerSecond: steady }
    return
  }
  let startUs = 0
  for (const { for: lengthUs, rate: startRatePerSecond, rampTo } of stages) {
    const endUs = startUs + lengthUs
    yield { startUs, endUs, startRatePerSecond, endRatePerSecond: rampTo ?? startRatePerSecond }
    startUs = endUs
  }
}

function profileOf(options: StagedRateOptions): RateProfile {
  const segments = segmentsOf(options)
  return { nextSegment: () => segments.next().value ?? null }
}

function describeStage({ for: lengthUs, rate, rampTo }: RateStage): string {
  if (rampTo === undefined || rampTo === rate) {
    return `${formatRate(rate)} for ${formatDuration(lengthUs)}`
  }
  return `ramping from ${formatRate(rate)} to ${formatRate(rampTo)} over ${formatDuration(lengthUs)}`
}

const STAGES_TOLD = 6

/** `20/s`, or `100/s for 10m, then ramping from 100/s to 3000/s over 1m`. */
function describeStagedRate({ rate, stages }: StagedRateOptions): string {
  if (stages === undefined) return formatRate(rate ?? 0)
  const told = stages.slice(0, STAGES_TOLD).map(describeStage)
  const rest = stages.length - told.length
  if (rest > 0) told.push(rest === 1 ? '1 more stage' : `${rest} more stages`)
  return told.join(', then ')
}

interface StagedRateProcess extends Pick<OperationalTimeOptions, 'spacings' | 'origin'> {
  readonly kind: string
  readonly summary: string
  /** The schema of the key `process`. */
  readonly process: z.ZodType
  /** What its description begins with. */
  readonly title: string
}

/** A process that bends the points of a unit process to a rate or stages. */
export function stagedRateProcess({
  kind,
  summary,
  process,
  title,
  spacings,
  origin,
}: StagedRateProcess): ArrivalProcessEntry<StagedRateOptions> {
  return {
    kind,
    summary,
    schema: stagedRateSchema(process),
    describe: (options) => `${title}, ${describeStagedRate(options)}`,
    expectedRequests: (options, run) => expectedArrivals(profileOf(options), run.durationUs),
    peakRatePerSecond: (options, run) => highestRate(profileOf(options), run.durationUs),
    rateProfile: profileOf,
    warnings: (options, run) => stagesPastTheEnd(options.stages, run.durationUs),
    create: (options) => ({
      kind: 'open',
      create: (context) =>
        new OperationalTimeArrivals({
          spacings,
          generator: namedGenerator(context.streamName('arrival')),
          origin,
          profile: profileOf(options),
          durationUs: context.durationUs,
        }),
    }),
  }
}
