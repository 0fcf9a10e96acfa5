/** `billing`: what a run stands for in a month, and what the account has agreed with AWS. */
import { z } from 'zod'
import {
  type BillingPlan,
  REPRESENTED_PERIODS,
  SAVINGS_PLAN_NAMES,
} from '../../model/pricing/billing-plan.ts'
import { parsedBy, UnitError } from '../../model/units.ts'
import { oneOf } from './common.ts'

const PRICING = 'aws.amazon.com/lambda/pricing'
const MOST_TIMES = 100_000

/** `4 per month`. */
function parseTimes(text: string): number {
  const match = /^([1-9]\d{0,5}) per month$/.exec(text.trim())
  const times = match === null ? Number.NaN : Number(match[1])
  if (!(times <= MOST_TIMES)) {
    throw new UnitError(`\`${text}\` is not a number of times such as \`4 per month\``)
  }
  return times
}

const times = z
  .string({ error: 'times is text such as `4 per month`' })
  .meta({ typeText: 'number of times', examples: ['4 per month'] })
  .transform(parsedBy(parseTimes))
  .meta({
    description: 'How often a month has such a run.',
  })

const otherwise = z
  .string({ error: 'otherwise is the name of a scenario file' })
  .min(1, { error: 'the name of the scenario is empty' })
  .optional()
  .meta({
    description:
      'A scenario file that stands for the rest of the month. It is run with the same seed and billed with this one, as one month of one account.',
    defaultText: 'nothing happens in it',
    typeText: 'file',
    examples: ['ordinary-day.yaml'],
  })

const represents = z.union([oneOf(REPRESENTED_PERIODS), z.strictObject({ times, otherwise })], {
  error: ({ input }) =>
    typeof input === 'object'
      ? undefined
      : 'represents is day, week, month, or { times: 4 per month }',
})

export const billingSchema = z.strictObject({
  represents: represents.meta({
    description:
      'What the run stands for. A month has 730 hours; what is charged by the clock has all of them.',
    source: 'AWS Pricing Calculator',
  }),
  freeTier: z.boolean().prefault(false).meta({
    description: 'Whether what is free of charge every month is taken off.',
    source: PRICING,
  }),
  savingsPlan: oneOf(SAVINGS_PLAN_NAMES).optional().meta({
    description:
      'A Compute Savings Plan that covers all compute: 12% off for one year with nothing upfront, 17% for three years with all of it.',
    defaultText: 'none',
    source: PRICING,
  }),
})

/** Without `billing` there is no plan, and no figure of a month. */
export function billingPlan(
  billing: z.output<typeof billingSchema> | undefined,
): BillingPlan | null {
  if (billing === undefined) return null
  const { represents: period, freeTier, savingsPlan } = billing
  return {
    represents: typeof period === 'string' ? period : { timesPerMonth: period.times },
    freeTier,
    savingsPlan: savingsPlan ?? null,
  }
}
