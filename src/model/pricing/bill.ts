/**
 * From what was used to what it costs. A line of an entity has its units at the price of the first
 * tier; what tiers, free allowances and Savings Plans change belongs to nobody, so it stands in
 * lines of the account beside them, as differences: the sum of all lines is the bill.
 */
import { invariant } from '../../kernel/invariant.ts'
import type { Scope } from '../metrics/catalogue-entry.ts'
import {
  type BillingPlan,
  MONTH_US,
  restOfMonthUs,
  runsPerMonth,
  SAVINGS_PLANS,
} from './billing-plan.ts'
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
  ratio,
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

/** What a month has beside the runs that `represents` counts: one run of another scenario, repeated. */
export interface RestOfMonth {
  readonly usages: readonly Usage[]
  readonly run: BilledRun
  /** How long it takes what its traffic stands for to happen once, us. */
  readonly periodUs: number
}

/**
 * The lines of one run: those of entities in the order of `usages`, then those that only the rest of
 * the month has, then those of the account. What has the same name in both is the same.
 */
export function billOf(
  usages: readonly Usage[],
  tariff: Tariff,
  run: BilledRun,
  rest: RestOfMonth | null,
): ExactLine[] {
  const { plan } = tariff
  const uses = usages.map((usage): Use => {
    const units = unitsOf(usage)
    const { product: id } = usage
    const monthly = plan === null ? null : product(units, monthsWorth(usage, plan, run))
    return { place: placeOf(usage), id, units, monthly }
  })
  const all = plan === null || rest === null ? uses : withRest(uses, plan, run, rest)
  const lines = all.map((use) => lineOf(use, decimal(priceFor(use.id, tariff).tiers[0]!.usd)))
  return plan === null ? lines : [...lines, ...accountLines(all, tariff, plan)]
}

/** Units of a product that somebody used, in the run and in a month; null: there is no month. */
interface Use {
  readonly place: Pick<ExactLine, 'scope' | 'name' | 'item'>
  readonly id: ProductId
  readonly units: Exact
  readonly monthly: Exact | null
}

function withRest(
  uses: readonly Use[],
  plan: BillingPlan,
  run: BilledRun,
  rest: RestOfMonth,
): readonly Use[] {
  const all = new Map(uses.map((use) => [keyOf(use.place), use]))
  const restUs = restOfMonthUs(plan, run.lengthUs)
  for (const usage of rest.usages) {
    const { product: id } = usage
    const place = placeOf(usage)
    const perUs = isStanding(usage) ? rest.run.lengthUs : rest.periodUs
    const units = product(unitsOf(usage), ratio(restUs, perUs))
    const { units: own, monthly } = all.get(keyOf(place)) ?? { units: ZERO, monthly: null }
    all.set(keyOf(place), { place, id, units: own, monthly: sum(monthly ?? ZERO, units) })
  }
  return [...all.values()]
}

function placeOf({ scope, name, product: id, line }: Usage): Use['place'] {
  return { scope, name, item: line?.item ?? productOf(id).item }
}

/** Charged by the clock. */
function isStanding({ product: id, line }: Usage): boolean {
  return line?.isStanding ?? productOf(id).isStanding === true
}

function keyOf({ scope, name, item }: Use['place']): string {
  return `${scope} ${name} ${item}`
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

function lineOf({ place, id, units, monthly }: Use, usd: Exact): ExactLine {
  return {
    ...place,
    quantity: units,
    unit: productOf(id).unit,
    unitPriceUsd: usd,
    costUsd: product(units, usd),
    monthlyUsd: monthly === null ? null : product(monthly, usd),
  }
}

/**
 * How often a month has what the run had. A run that stands for a day may be shorter than one: what
 * is charged by the clock still has all hours of the month. A month of so many runs is just that.
 */
function monthsWorth(usage: Usage, plan: BillingPlan, { lengthUs }: BilledRun): Exact {
  const isPeriod = typeof plan.represents === 'string'
  if (!isPeriod || !isStanding(usage)) return runsPerMonth(plan)
  return quotient(whole(MONTH_US), whole(lengthUs))
}

function priceFor(id: ProductId, { list, startsAtMs }: Tariff): Price {
  const price = priceOf(list, id, startsAtMs)
  invariant(price !== undefined, () => `${list.region} has no price for ${productOf(id).item}`)
  return price!
}

const ACCOUNT = { scope: 'account', name: 'account' } as const

/** What a month changes, product by product in the order of the price list. */
function accountLines(uses: readonly Use[], tariff: Tariff, plan: BillingPlan): ExactLine[] {
  const allowances = new Map<string, Exact>()
  const used = (Object.keys(tariff.list.prices) as ProductId[]).flatMap((id) => {
    const same = uses.filter((use) => use.id === id)
    const total = (read: (use: Use) => Exact) => same.map(read).reduce(sum, ZERO)
    const monthly = total((use) => use.monthly ?? ZERO)
    return same.length === 0 ? [] : [{ id, units: total(({ units }) => units), monthly }]
  })
  return used.flatMap(({ id, units, monthly }) => {
    const price = priceFor(id, tariff)
    const segments = segmentsOf(price, monthly)
    const free = plan.freeTier ? takeFree(allowances, price.free, segments[0]!.units) : ZERO
    return [
      ...dearerOrCheaper(segments),
      { suffix: '-free-tier', units: negative(free), usd: segments[0]!.usd },
      ...savings(price, plan, segments, free),
    ]
      .filter((change) => !isZero(change.units))
      .map(({ suffix, units: changed, usd }) => {
        // The run has as much of it as it has of the month's units.
        const own = product(changed, quotient(units, monthly))
        const place = { ...ACCOUNT, item: `${productOf(id).item}${suffix}` }
        return lineOf({ place, id, units: own, monthly: changed }, usd)
      })
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
