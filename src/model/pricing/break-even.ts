import { decimal, difference, quotient, written } from './exact.ts'
import { type PriceList, priceOf } from './price-list.ts'
import type { ProductId } from './products.ts'

const PLACES = 4

/**
 * How busy provisioned environments must be, as a share of their time, for them to cost no more
 * than environments on demand: what is paid for having them is then what each GB-second on them is
 * cheaper. 0.6 in us-east-1. It leaves init out, which on demand is billed as well.
 * undefined: the list does not have the prices.
 */
export function breakEvenUtilisation(
  list: PriceList,
  architecture: 'x86_64' | 'arm64',
  startsAtMs: number,
): number | undefined {
  const isArm = architecture === 'arm64'
  const usd = (id: ProductId) => priceOf(list, id, startsAtMs)?.tiers[0]?.usd
  const configured = usd(isArm ? 'lambdaProvisionedArm' : 'lambdaProvisionedX86')
  const onIt = usd(isArm ? 'lambdaProvisionedDurationArm' : 'lambdaProvisionedDurationX86')
  const onDemand = usd(isArm ? 'lambdaDurationArm' : 'lambdaDurationX86')
  if (configured === undefined || onIt === undefined || onDemand === undefined) return undefined
  const saved = difference(decimal(onDemand), decimal(onIt))
  return Number(written(quotient(decimal(configured), saved), PLACES))
}
