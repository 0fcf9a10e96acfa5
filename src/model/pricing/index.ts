/** The price lists that there are: one line for each Region. */
import type { PriceList } from './price-list.ts'
import { usEast1 } from './us-east-1/index.ts'

export const PRICE_LISTS: readonly PriceList[] = [usEast1]

export function priceListOf(region: string): PriceList | undefined {
  return PRICE_LISTS.find((list) => list.region === region)
}
