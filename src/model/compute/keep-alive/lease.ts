/** What the policies share: a range of durations, and leases drawn from ranges. */
import { z } from 'zod'
import { formatDuration } from '../../../kernel/time.ts'
import { Constant } from '../../distributions/constant.ts'
import type { Distribution } from '../../distributions/distribution.ts'
import { Exponential } from '../../distributions/exponential.ts'
import { Uniform } from '../../distributions/uniform.ts'
import { positiveDuration } from '../../units.ts'
import type { KeepAliveEntry } from './entry.ts'
import type { KeepAlivePolicy } from './policy.ts'

export interface DurationRange {
  readonly min: number
  readonly max: number
}

/** Two durations, the second not below the first. */
export const durationRange = z
  .strictObject({ min: positiveDuration, max: positiveDuration })
  .superRefine(({ min, max }, context) => {
    if (max >= min) return
    context.addIssue({ code: 'custom', path: ['max'], message: 'max must not be below min' })
  })

/** A maximum lifetime: one duration, or a range from which each environment draws its own. */
const lifetime = z.union([positiveDuration, durationRange])

type Lifetime = number | DurationRange

function distributionOf(range: Lifetime): Distribution {
  if (typeof range === 'number') return new Constant(range)
  return range.min === range.max ? new Constant(range.min) : new Uniform(range.min, range.max)
}

function describeRange(range: Lifetime): string {
  if (typeof range === 'number') return formatDuration(range)
  return `${formatDuration(range.min)} to ${formatDuration(range.max)}`
}

/** What an environment's idle timeout and lifetime are drawn from, once each. */
export interface LeaseRanges {
  readonly idleTimeout: Lifetime
  /** Left out: environments live for ever while in use. */
  readonly lifetime?: Lifetime | undefined
  /** Mean of an exponential time after which Lambda recycles an environment before its age, us. */
  readonly earlyRecyclingMean?: number | undefined
  /** After how long without any request all environments of a function end at once. */
  readonly functionIdleTimeout?: DurationRange | undefined
  /** Whether a ready environment takes the place of one whose life ends; by default not. */
  readonly replacedAhead?: boolean | undefined
}

export function drawnLeases(ranges: LeaseRanges): KeepAlivePolicy {
  const idle = distributionOf(ranges.idleTimeout)
  const ends: [string, Distribution][] = []
  if (ranges.lifetime !== undefined) ends.push(['lifetime', distributionOf(ranges.lifetime)])
  if (ranges.earlyRecyclingMean !== undefined) {
    ends.push(['early-recycling', new Exponential(ranges.earlyRecyclingMean)])
  }
  const policy: KeepAlivePolicy = {
    admit: (draw) => ({
      idleTimeoutUs: draw('idle-timeout', idle),
      lifetimeUs: ends.reduce(
        (soonest, [purpose, end]) => Math.min(soonest, draw(purpose, end)),
        Number.POSITIVE_INFINITY,
      ),
      replacedAhead: ranges.replacedAhead ?? false,
    }),
  }
  if (ranges.functionIdleTimeout === undefined) return policy
  const functionIdle = distributionOf(ranges.functionIdleTimeout)
  return { ...policy, wholeFunctionIdleUs: (draw) => draw('function-idle-timeout', functionIdle) }
}

export function describeLease(ranges: LeaseRanges): string {
  const { idleTimeout, lifetime: life, earlyRecyclingMean, functionIdleTimeout } = ranges
  const together =
    functionIdleTimeout === undefined
      ? ''
      : `, all of a function's for at most ${describeRange(functionIdleTimeout)} after its last request,`
  const replaced = ranges.replacedAhead === true ? 'are replaced ahead of demand' : 'are replaced'
  const age =
    life === undefined
      ? 'live for ever while in use'
      : `${replaced} at an age of ${describeRange(life)}`
  const early =
    earlyRecyclingMean === undefined
      ? ''
      : ` or earlier (at random, after ${formatDuration(earlyRecyclingMean)} on average)`
  return `idle environments are kept for ${describeRange(idleTimeout)}${together} and ${age}${early}`
}

/** A policy whose idle timeout and lifetime are written in the scenario. */
export function leasePolicy({
  kind,
  summary,
  idleTimeout,
}: Pick<KeepAliveEntry, 'kind' | 'summary'> & {
  /** The schema of the key of this name; us. */
  readonly idleTimeout: z.ZodType<Lifetime>
}): KeepAliveEntry<Pick<LeaseRanges, 'idleTimeout' | 'lifetime'>> {
  return {
    kind,
    summary,
    schema: z.strictObject({
      policy: z.literal(kind),
      idleTimeout,
      lifetime: lifetime
        .optional()
        .meta({ description: 'How old an environment may become; left out: any age.' }),
    }),
    describe: describeLease,
    create: drawnLeases,
  }
}
