/**
 * At which prices a scenario is billed. Where a price is missing there is no bill, and the run says
 * so; a scenario that asks for a monthly bill is refused.
 */
import type { Assumption, CompiledScenario } from '../model/compiled-scenario.ts'
import { functionBill } from '../model/compute/function-bill.ts'
import { PRICE_LISTS, priceListOf } from '../model/pricing/index.ts'
import { priceOf } from '../model/pricing/price-list.ts'
import { type ProductId, productOf } from '../model/pricing/products.ts'
import type { PathSegment, Problem } from './diagnostics.ts'
import { billingPlan } from './schema/billing.ts'
import type { Scenario } from './schema/scenario.ts'

type Billed = Pick<CompiledScenario, 'functions' | 'parts'>

/** Something that is sold, and who uses it. */
interface Use {
  readonly path: readonly PathSegment[]
  readonly product: ProductId
}

export function tariffOf(
  scenario: Scenario,
  billed: Billed,
): Pick<CompiledScenario, 'tariff' | 'unbilled'> {
  const [first] = missingPrices(scenario, billed)
  const list = priceListOf(scenario.account.region)
  if (first !== undefined || list === undefined) {
    return { tariff: null, unbilled: first?.message ?? '' }
  }
  const plan = billingPlan(scenario.billing)
  return { tariff: { list, startsAtMs: scenario.startsAt, plan }, unbilled: '' }
}

/** Prices that a monthly bill would need. */
export function pricingProblems(scenario: Scenario, billed: Billed): readonly Problem[] {
  if (scenario.billing === undefined) return []
  return missingPrices(scenario, billed).map(({ path, message }) => ({
    path,
    at: 'value',
    message: `${message}, so there is no bill: leave \`billing\` out to run without one`,
  }))
}

/** Prices that took part and that nobody could look up. */
export function priceAssumptions(scenario: Scenario, billed: Billed): readonly Assumption[] {
  const { tariff } = tariffOf(scenario, billed)
  if (tariff === null) return []
  const products = new Set(usesOf(billed).map(({ product }) => product))
  return [...products].flatMap((id): Assumption[] => {
    const price = priceOf(tariff.list, id, tariff.startsAtMs)
    if (price?.confidence !== 'assumed') return []
    const { item, unit } = productOf(id)
    const statement = `The price of ${item} is $${price.tiers[0]!.usd} for each ${unit}.`
    return [{ id: 'price', statement, confidence: 'assumed', source: price.source }]
  })
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
      functionBill(settings).map(({ product }) => ({
        path: ['functions', settings.name],
        product,
      })),
    ),
    ...parts.flatMap(({ path, charges = [] }) =>
      charges.map(({ product }) => ({ path: path.split('.'), product })),
    ),
  ]
}
