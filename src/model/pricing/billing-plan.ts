/** What a run stands for in a month, and what the account has agreed with AWS. */
import { MICROSECONDS_PER_HOUR } from '../../kernel/time.ts'
import { type Exact, ratio, whole } from './exact.ts'

/**
 * A month has 730 hours, which is a twelfth of 365 days (AWS Pricing Calculator). AWS's examples on
 * pricing pages also use months of 30 days.
 */
const HOURS_PER_MONTH = 730
/** The same in us. */
export const MONTH_US = HOURS_PER_MONTH * MICROSECONDS_PER_HOUR

const HOURS_OF = { day: 24, week: 168, month: HOURS_PER_MONTH } as const

export type RepresentedPeriod = keyof typeof HOURS_OF
export const REPRESENTED_PERIODS = Object.keys(HOURS_OF) as readonly RepresentedPeriod[]

/**
 * Compute Savings Plans by what they take off, a share of the price. They cover compute, not
 * requests. The plan is taken to cover all of it, so that none is paid at the full price and none
 * is paid for nothing.
 * Sources: Lambda pricing page (up to 17%, which is all upfront for three years); one year with
 * nothing upfront: measured, about 12%.
 */
export const SAVINGS_PLANS = {
  'one-year-no-upfront': '0.12',
  'three-years-all-upfront': '0.17',
} as const

export type SavingsPlan = keyof typeof SAVINGS_PLANS
export const SAVINGS_PLAN_NAMES = Object.keys(SAVINGS_PLANS) as readonly SavingsPlan[]

export interface BillingPlan {
  /** The run is a whole one of these, or happens so often in a month. */
  readonly represents: RepresentedPeriod | { readonly timesPerMonth: number }
  /** Whether what is always free is taken off. */
  readonly freeTier: boolean
  readonly savingsPlan: SavingsPlan | null
}

/** How long a run of a period may be, hours: a month may have 31 days. */
const LONGEST_HOURS_OF = { ...HOURS_OF, month: 744 } as const

/** Whether runs of this length fit into what they stand for. */
export function fits({ represents }: BillingPlan, lengthUs: number): boolean {
  if (typeof represents === 'object') return represents.timesPerMonth * lengthUs <= MONTH_US
  return lengthUs <= LONGEST_HOURS_OF[represents] * MICROSECONDS_PER_HOUR
}

/** What is left of a month beside the runs that it has, us; of whole periods nothing. */
export function restOfMonthUs({ represents }: BillingPlan, lengthUs: number): number {
  if (typeof represents === 'string') return 0
  // Draining may have taken a run beyond the length that was checked.
  return Math.max(0, MONTH_US - represents.timesPerMonth * lengthUs)
}

/** The time in which the traffic of a run happens once, us: without a period, the run's own. */
export function periodUs(plan: BillingPlan | null, durationUs: number): number {
  if (plan === null || typeof plan.represents === 'object') return durationUs
  return HOURS_OF[plan.represents] * MICROSECONDS_PER_HOUR
}

/** The share of the month's time that runs of this length are of: the rest is quiet. */
export function timeShare({ represents }: BillingPlan, lengthUs: number): number {
  if (typeof represents === 'object') return 1
  return Math.min(1, lengthUs / (HOURS_OF[represents] * MICROSECONDS_PER_HOUR))
}

/** How often the run's traffic comes in a month. */
export function runsPerMonth({ represents }: BillingPlan): Exact {
  if (typeof represents === 'object') return whole(represents.timesPerMonth)
  return ratio(HOURS_PER_MONTH, HOURS_OF[represents])
}
