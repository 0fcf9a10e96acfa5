/**
 * From what was used to what it costs. A line of an entity has its units at the price of the first
 * tier; what tiers, free allowances and Savings Plans change belongs to nobody, so it stands in
 * lines of the account beside them, as differences: the sum of all lines is the bill.
 */
import { invariant } from '../../kernel/invariant.ts'
import type { Scope } from '../metrics/catalogue-entry.ts'
import { type BillingPlan, MONTH_US, runsPerMonth, SAVINGS_PLANS } from './billing-plan.ts'
import type { BilledRun, Usage } from './charge.ts'
import {
  decimal,
  difference,
  type Exact,
  isPositive,
  isZero,
  negative,
  product,
  quotient,
  smaller,
  sum,
  whole,
  ZERO,
} from './exact.ts'
import { type FreeAllowance, type Price, type PriceList, priceOf } from './price-list.ts'
import { type ProductId, productOf } from './products.ts'

/** A line of the bill of one run. */
export interface ExactLine {
  readonly scope: Scope
  readonly name: string
  readonly item: string
  readonly quantity: Exact
  readonly unit: string
  readonly unitPriceUsd: Exact
  /** `quantity` x `unitPriceUsd`. */
  readonly costUsd: Exact
  /** null: it is not said what the run stands for. */
  readonly monthlyUsd: Exact | null
}

export interface Tariff {
  readonly list: PriceList
  /** When the run begins: prices are those of that month. */
  readonly startsAtMs: number
  /** null: the run alone, without what depends on a month. */
  readonly plan: BillingPlan | null
}

/** The lines of one run: those of entities in the order of `usages`, then those of the account. */
export function billOf(usages: readonly Usage[], tariff: Tariff, run: BilledRun): ExactLine[] {
  const { plan } = tariff
  const lines = usages.map((usage): ExactLine => {
    const { scope, name, product: id } = usage
    const perMonth = plan === null ? null : monthsWorth(id, plan, run)
    const unitPrice = decimal(priceFor(id, tariff).tiers[0]!.usd)
    return lineOf({ scope, name }, id, '', unitsOf(usage), unitPrice, perMonth)
  })
  return plan === null ? lines : [...lines, ...accountLines(usages, tariff, plan, run)]
}

/** How many units of its product it is. */
export function unitsOf({ product: id, amount, times }: Usage): Exact {
  return quotient(product(whole(amount), whole(times)), whole(productOf(id).amountsPerUnit))
}

/** What a month's units of a product cost at the prices of its tiers. */
export function tieredUsd(price: Price, units: Exact): Exact {
  return segmentsOf(price, units).reduce(
    (total, segment) => sum(total, product(segment.units, segment.usd)),
    ZERO,
  )
}

function lineOf(
  place: Pick<ExactLine, 'scope' | 'name'>,
  id: ProductId,
  suffix: string,
  quantity: Exact,
  unitPriceUsd: Exact,
  perMonth: Exact | null,
): ExactLine {
  const { item, unit } = productOf(id)
  const costUsd = product(quantity, unitPriceUsd)
  const monthlyUsd = perMonth === null ? null : product(costUsd, perMonth)
  return { ...place, item: `${item}${suffix}`, quantity, unit, unitPriceUsd, costUsd, monthlyUsd }
}

/**
 * How often a month has what the run had. A run that stands for a day may be shorter than one: what
 * is charged by the clock still has all hours of the month. A month of so many runs is just that.
 */
function monthsWorth(id: ProductId, plan: BillingPlan, { lengthUs }: BilledRun): Exact {
  const isPeriod = typeof plan.represents === 'string'
  if (!isPeriod || productOf(id).isStanding !== true) return runsPerMonth(plan)
  return quotient(whole(MONTH_US), whole(lengthUs))
}

function priceFor(id: ProductId, { list, startsAtMs }: Tariff): Price {
  const price = priceOf(list, id, startsAtMs)
  invariant(price !== undefined, () => `${list.region} has no price for ${productOf(id).item}`)
  return price!
}

const ACCOUNT = { scope: 'account', name: 'account' } as const

/** What a month changes, product by product in the order of the price list. */
function accountLines(
  usages: readonly Usage[],
  tariff: Tariff,
  plan: BillingPlan,
  run: BilledRun,
): ExactLine[] {
  const allowances = new Map<string, Exact>()
  const used = (Object.keys(tariff.list.prices) as ProductId[]).flatMap((id) => {
    const same = usages.filter((usage) => usage.product === id)
    return same.length === 0 ? [] : [{ id, units: same.map(unitsOf).reduce(sum) }]
  })
  return used.flatMap(({ id, units }) => {
    const price = priceFor(id, tariff)
    const perMonth = monthsWorth(id, plan, run)
    const segments = segmentsOf(price, product(units, perMonth))
    const free = plan.freeTier ? takeFree(allowances, price.free, segments[0]!.units) : ZERO
    return [
      ...dearerOrCheaper(segments),
      { suffix: '-free-tier', units: negative(free), usd: segments[0]!.usd },
      ...savings(price, plan, segments, free),
    ]
      .filter((change) => !isZero(change.units))
      .map(({ suffix, units: monthly, usd }) =>
        lineOf(ACCOUNT, id, suffix, quotient(monthly, perMonth), usd, perMonth),
      )
  })
}

/** Some of a month's units, at one price. */
interface Segment {
  readonly suffix: string
  readonly units: Exact
  readonly usd: Exact
}

/** A month's units by tier; the first tier always, higher ones that were reached. */
function segmentsOf({ tiers }: Price, units: Exact): Segment[] {
  const segments: Segment[] = []
  let from = ZERO
  for (const [index, { upTo, usd }] of tiers.entries()) {
    const end = upTo === null ? units : smaller(units, decimal(upTo))
    const suffix = index === 0 ? '' : `-tier-${index + 1}`
    segments.push({ suffix, units: difference(end, from), usd: decimal(usd) })
    from = end
    if (!isPositive(difference(units, end))) break
  }
  return segments
}

/** By how much the higher tiers differ from the first. */
function dearerOrCheaper([first, ...higher]: readonly Segment[]): Segment[] {
  return higher.map((segment) => ({ ...segment, usd: difference(segment.usd, first!.usd) }))
}

/** Takes what is free off the first tier, as far as its group has not been used up. */
function takeFree(
  allowances: Map<string, Exact>,
  free: FreeAllowance | undefined,
  units: Exact,
): Exact {
  if (free === undefined) return ZERO
  const left = allowances.get(free.group) ?? decimal(free.units)
  const taken = smaller(left, units)
  allowances.set(free.group, difference(left, taken))
  return taken
}

/** A share of what is paid is taken off. */
function savings(
  { hasSavingsPlan }: Price,
  { savingsPlan }: BillingPlan,
  segments: readonly Segment[],
  free: Exact,
): Segment[] {
  if (savingsPlan === null || hasSavingsPlan !== true) return []
  const share = negative(decimal(SAVINGS_PLANS[savingsPlan]))
  return segments.map(({ suffix, units, usd }, index) => ({
    suffix: `-savings-plan${suffix}`,
    units: index === 0 ? difference(units, free) : units,
    usd: product(usd, share),
  }))
}
