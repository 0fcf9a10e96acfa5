import { describe, expect, it } from 'vitest'
import { REGIONS } from '../../../src/model/compute/regions.ts'
import { breakEvenUtilisation } from '../../../src/model/pricing/break-even.ts'
import { decimal, difference, isPositive } from '../../../src/model/pricing/exact.ts'
import { PRICE_LISTS, priceListOf } from '../../../src/model/pricing/index.ts'
import { type Price, priceOf } from '../../../src/model/pricing/price-list.ts'
import { PRODUCTS, type ProductId } from '../../../src/model/pricing/products.ts'

const IDS = Object.keys(PRODUCTS) as ProductId[]
const usEast1 = priceListOf('us-east-1')!

const everyPrice = PRICE_LISTS.flatMap((list) =>
  Object.entries(list.prices).flatMap(([id, prices]) =>
    prices.map((price: Price) => ({ name: `${list.region} ${id}`, price })),
  ),
)

describe('products', () => {
  it('have items of their own that a CSV file can hold', () => {
    const items = IDS.map((id) => PRODUCTS[id].item)
    expect(new Set(items).size).toBe(items.length)
    for (const text of [...items, ...IDS.map((id) => PRODUCTS[id].unit)]) {
      expect(text).toMatch(/^[A-Za-z0-9][A-Za-z0-9_.-]*$/)
    }
  })
})

describe('price lists', () => {
  it('are of regions that there are, one each', () => {
    const regions = PRICE_LISTS.map(({ region }) => region)
    expect(new Set(regions).size).toBe(regions.length)
    for (const region of regions) expect(REGIONS).toContain(region)
  })

  it('have a price for everything in us-east-1', () => {
    const missing = IDS.filter((id) => priceOf(usEast1, id, Date.UTC(2026, 10, 1)) === undefined)
    expect(missing).toEqual([])
  })

  it.each(everyPrice)('$name: tiers rise to no end, and each price is above 0', ({ price }) => {
    const bounds = price.tiers.map(({ upTo }) => upTo)
    expect(bounds.at(-1)).toBeNull()
    let below = decimal('0')
    for (const bound of bounds.slice(0, -1)) {
      expect(isPositive(difference(decimal(bound!), below))).toBe(true)
      below = decimal(bound!)
    }
    for (const { usd } of price.tiers) expect(isPositive(decimal(usd))).toBe(true)
    expect(price.source).not.toBe('')
  })

  it('have the newest price first', () => {
    for (const { prices } of PRICE_LISTS) {
      for (const each of Object.values(prices)) {
        const since = each.map((price) => price.since ?? '')
        expect(since).toEqual([...since].sort().reverse())
      }
    }
  })

  it('give the price of the month in which a run begins', () => {
    const usd = (year: number, month: number) =>
      priceOf(usEast1, 'dynamoDbWrites', Date.UTC(year, month - 1, 1))!.tiers[0]!.usd
    expect(usd(2024, 10)).toBe('0.00000125')
    expect(usd(2024, 11)).toBe('0.000000625')
  })
})

describe('provisioned concurrency', () => {
  it('pays from a utilisation of 60% in us-east-1, on either architecture', () => {
    expect(breakEvenUtilisation(usEast1, 'x86_64', Date.UTC(2026, 2, 2))).toBeCloseTo(0.6, 4)
    expect(breakEvenUtilisation(usEast1, 'arm64', Date.UTC(2026, 2, 2))).toBeCloseTo(0.6, 4)
  })

  it('has no such point where a price is missing', () => {
    const list = { ...usEast1, prices: {} }
    expect(breakEvenUtilisation(list, 'x86_64', 0)).toBeUndefined()
  })
})
