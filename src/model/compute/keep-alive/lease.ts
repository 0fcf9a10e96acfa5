/** What the policies share: a range of durations, and leases drawn from ranges. */
import { z } from 'zod'
import { formatDuration } from '../../../kernel/time.ts'
import type { KeepAlivePolicy } from '../../compiled-scenario.ts'
import { Constant } from '../../distributions/constant.ts'
import type { Distribution } from '../../distributions/distribution.ts'
import { Uniform } from '../../distributions/uniform.ts'
import { positiveDuration } from '../../units.ts'

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
export const lifetime = z.union([positiveDuration, durationRange])

export type Lifetime = number | DurationRange

function distributionOf(range: Lifetime): Distribution {
  if (typeof range === 'number') return new Constant(range)
  return range.min === range.max ? new Constant(range.min) : new Uniform(range.min, range.max)
}

export function describeRange(range: Lifetime): string {
  if (typeof range === 'number') return formatDuration(range)
  return `${formatDuration(range.min)} to ${formatDuration(range.max)}`
}

/** Leases whose idle timeout and lifetime are drawn once per environment. */
export function drawnLeases(
  idleTimeout: Lifetime,
  maximumLifetime: Lifetime | undefined,
  replacedAhead: boolean,
): KeepAlivePolicy {
  const idle = distributionOf(idleTimeout)
  const life = maximumLifetime === undefined ? null : distributionOf(maximumLifetime)
  return {
    admit: (draw) => ({
      idleTimeoutUs: draw('idle-timeout', idle),
      lifetimeUs: life === null ? Number.POSITIVE_INFINITY : draw('lifetime', life),
      replacedAhead,
    }),
  }
}

export function describeLease(
  idleTimeout: Lifetime,
  maximumLifetime: Lifetime | undefined,
): string {
  const life =
    maximumLifetime === undefined
      ? 'and live for ever while in use'
      : `and are replaced at an age of ${describeRange(maximumLifetime)}`
  return `idle environments are kept for ${describeRange(idleTimeout)} ${life}`
}
