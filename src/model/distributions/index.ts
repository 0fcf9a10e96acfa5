/** The list of distributions, and what a scenario needs of it: a schema and a constructor. */
import type { z } from 'zod'
import { MICROSECONDS_PER_MILLISECOND } from '../../kernel/time.ts'
import { choiceSchema, createChoice } from './choice.ts'
import { constant } from './constant.ts'
import type { Distribution, DistributionChoice, DistributionEntry } from './distribution.ts'
import { empirical } from './empirical.ts'
import { erlang } from './erlang.ts'
import { exponential } from './exponential.ts'
import { gamma } from './gamma.ts'
import { lognormal } from './lognormal.ts'
import { mixtureOf } from './mixture.ts'
import { pareto } from './pareto.ts'
import { uniform } from './uniform.ts'
import { weibull } from './weibull.ts'

export type { DistributionChoice } from './distribution.ts'

const families: readonly DistributionEntry[] = [
  constant,
  uniform,
  exponential,
  erlang,
  gamma,
  lognormal,
  weibull,
  pareto,
  empirical,
]

export const distributions: readonly DistributionEntry[] = [...families, mixtureOf(families)]

/**
 * A distribution as scenarios write it: a bare value (constant), or one family and its options,
 * such as `{ lognormal: { median: 40ms, p99: 200ms } }`. `value` reads one value; `naturalScale`
 * is what a bare logarithm is in, by default milliseconds of values stored in us.
 */
export function distributionSchema(
  value: z.ZodType<number>,
  naturalScale: number = MICROSECONDS_PER_MILLISECOND,
): z.ZodType<DistributionChoice> {
  return choiceSchema(distributions, { value, naturalScale })
}

/** Makes what `distributionSchema` described; a file's values have to be in place by then. */
export function createDistribution(choice: DistributionChoice): Distribution {
  return createChoice(distributions, choice)
}
