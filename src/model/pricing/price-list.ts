/** Prices of a Region as data, each with its source; how they are read on a date. */
import type { Assumption } from '../compiled-scenario.ts'
import { type PlatformMonth, platformMonth } from '../compute/platform-timeline.ts'
import type { ProductId } from './products.ts'

/** All units of a month up to a number cost the same; those above belong to the next tier. */
export interface Tier {
  /** Units in a month; null: no end. */
  readonly upTo: string | null
  /** US dollars for one unit. */
  readonly usd: string
}

/** What products of one group are free of charge in each month, for ever. */
export interface FreeAllowance {
  /** Products of one group share it, in the order of the price list (assumed). */
  readonly group: string
  /** Units in a month. */
  readonly units: string
}

export interface Price {
  /** `2024-11`: the month from which it holds; left out: as long as the product has been there. */
  readonly since?: string
  /** The first unit of a month costs the first tier's price. */
  readonly tiers: readonly Tier[]
  readonly free?: FreeAllowance
  /** Whether a Compute Savings Plan lowers it. */
  readonly hasSavingsPlan?: boolean
  readonly confidence: Assumption['confidence']
  readonly source: string
}

/** Prices by product, the newest first where a price has changed. */
export type Prices = Readonly<Partial<Record<ProductId, readonly Price[]>>>

export interface PriceList {
  readonly region: string
  /** When its prices were read: its version. */
  readonly date: string
  readonly prices: Prices
}

/** One price for any number of units. */
export function flat(usd: string): readonly Tier[] {
  return [{ upTo: null, usd }]
}

/** What a product costs in a month; undefined where the list does not say. */
export function priceOf(
  list: PriceList,
  product: ProductId,
  startsAtMs: number,
): Price | undefined {
  const date = new Date(startsAtMs)
  const month = platformMonth(date.getUTCFullYear(), date.getUTCMonth() + 1)
  return list.prices[product]?.find(({ since }) => since === undefined || monthOf(since) <= month)
}

function monthOf(text: string): PlatformMonth {
  const [year, month] = text.split('-')
  return platformMonth(Number(year), Number(month))
}
