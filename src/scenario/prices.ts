/**
 * At which prices a scenario is billed. Where a price is missing there is no bill, and the run says
 * so; a scenario that asks for a monthly bill is refused.
 */
import { formatDuration } from '../kernel/time.ts'
import type { Assumption, CompiledScenario } from '../model/compiled-scenario.ts'
import { functionBill } from '../model/compute/function-bill.ts'
import { type BillingPlan, fits, timeShare } from '../model/pricing/billing-plan.ts'
import type { Charge } from '../model/pricing/charge.ts'
import { PRICE_LISTS, priceListOf } from '../model/pricing/index.ts'
import { priceOf } from '../model/pricing/price-list.ts'
import { productOf } from '../model/pricing/products.ts'
import type { PathSegment, Problem } from './diagnostics.ts'
import { billingPlan } from './schema/billing.ts'
import type { Scenario } from './schema/scenario.ts'

type Billed = Pick<CompiledScenario, 'functions' | 'parts'>

/** Of what it stands for; a run so short may be meant as a trial. */
const SHORT = 0.5

/** Something that is sold, and who uses it. */
interface Use extends Pick<Charge, 'product' | 'assumption'> {
  readonly path: readonly PathSegment[]
}

/** Why there is no bill; '' where there is one. */
export function unbilledReason(scenario: Scenario, billed: Billed): string {
  return missingPrices(scenario, billed)[0]?.message ?? ''
}

/** What keeps a scenario from the monthly bill that it asks for. */
export function pricingProblems(scenario: Scenario, billed: Billed): readonly Problem[] {
  const plan = billingPlan(scenario.billing)
  if (plan === null) return []
  if (!fits(plan, scenario.duration)) {
    return [{ path: ['billing', 'represents'], at: 'value', message: tooLong(plan, scenario) }]
  }
  return missingPrices(scenario, billed).map(({ path, message }) => ({
    path,
    at: 'value',
    message: `${message}, so there is no bill: leave \`billing\` out to run without one`,
  }))
}

function tooLong({ represents }: BillingPlan, { duration }: Scenario): string {
  const length = formatDuration(duration)
  return typeof represents === 'object'
    ? `${represents.timesPerMonth} runs of ${length} are longer than a month, which has 730h`
    : `the run takes ${length}, which is longer than what it stands for`
}

/** A run cut short for a trial says what its own traffic costs, not a whole day's. */
export function shortRunWarnings(scenario: Scenario): readonly string[] {
  const plan = billingPlan(scenario.billing)
  if (plan === null || timeShare(plan, scenario.duration) > SHORT) return []
  const length = formatDuration(scenario.duration)
  return [
    `billing: the run of ${length} stands for a whole ${plan.represents}, in which nothing else comes than in these ${length}`,
  ]
}

/** Prices that took part and that nobody could look up, and amounts that nobody documents. */
export function priceAssumptions(scenario: Scenario, billed: Billed): readonly Assumption[] {
  const list = priceListOf(scenario.account.region)
  if (list === undefined) return []
  const uses = usesOf(billed)
  const amounts = uses.flatMap(({ assumption }) => (assumption === undefined ? [] : [assumption]))
  const products = new Set(uses.map(({ product }) => product))
  const prices = [...products].flatMap((id): Assumption[] => {
    const price = priceOf(list, id, scenario.startsAt)
    if (price?.confidence !== 'assumed') return []
    const { item, unit } = productOf(id)
    const statement = `The price of ${item} is $${price.tiers[0]!.usd} for each ${unit}.`
    return [{ id: 'price', statement, confidence: 'assumed', source: price.source }]
  })
  // Several may rest on the same.
  return [...new Map(amounts.map((amount) => [amount.id, amount])).values(), ...prices]
}

function missingPrices(
  { account: { region }, startsAt }: Scenario,
  billed: Billed,
): readonly { readonly path: readonly PathSegment[]; readonly message: string }[] {
  const list = priceListOf(region)
  if (list === undefined) {
    const known = PRICE_LISTS.map((each) => each.region).join(', ')
    const message = `there is no price list for ${region} (there is one for ${known})`
    return [{ path: ['account', 'region'], message }]
  }
  return usesOf(billed).flatMap(({ path, product }) => {
    if (priceOf(list, product, startsAt) !== undefined) return []
    const message = `the price list of ${region} has no price for ${productOf(product).item}`
    return [{ path, message }]
  })
}

function usesOf({ functions, parts }: Billed): readonly Use[] {
  return [
    ...functions.flatMap((settings) =>
      functionBill(settings).map((charge) => useOf(['functions', settings.name], charge)),
    ),
    ...parts.flatMap(({ path, charges = [] }) =>
      charges.map((charge) => useOf(path.split('.'), charge)),
    ),
  ]
}

function useOf(
  path: readonly PathSegment[],
  { product, assumption }: Pick<Charge, 'product' | 'assumption'>,
): Use {
  return { path, product, ...(assumption === undefined ? {} : { assumption }) }
}
