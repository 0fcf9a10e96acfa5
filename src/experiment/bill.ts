/**
 * The bill of a run. Each replication is billed by itself, because tiers and allowances are not
 * proportional to what is used; a line is then the mean over all of them, one that a replication
 * lacks counting as 0.
 */
import { billOf, type ExactLine, type Tariff } from '../model/pricing/bill.ts'
import type { BillingPlan } from '../model/pricing/billing-plan.ts'
import {
  decimal,
  type Exact,
  product,
  quotient,
  sum,
  whole,
  written,
  ZERO,
} from '../model/pricing/exact.ts'
import { studentInterval } from '../stats/confidence.ts'
import { foldInOrder } from './merge.ts'
import type { ReplicationOutput } from './replication.ts'
import type { Bill, BillLine, BillTotal } from './result.ts'

/** Enough for every number of GB-seconds; hours are rounded. */
const QUANTITY_PLACES = 13
/** A millionth of a millionth of a dollar. */
const MONEY_PLACES = 12
const PRICE_PLACES = 16
const MILLION = 1_000_000

type Billed = Pick<ReplicationOutput, 'usages' | 'simulatedUs' | 'status' | 'ledger'>

export function mergeBills(outputs: readonly Billed[], tariff: Tariff | null): Bill | null {
  if (tariff === null) return null
  // Part of a run stands for nothing.
  const isWhole = outputs.every(({ status }) => status === 'complete')
  const plan = isWhole ? tariff.plan : null
  const runs = outputs.map(({ usages, simulatedUs }) =>
    billOf(usages, { ...tariff, plan }, { lengthUs: simulatedUs }),
  )
  const lines = foldInOrder(runs, ({ scope, name, item }) => `${scope} ${name} ${item}`).map(
    (same) => meanLine(same, outputs.length),
  )
  const { region, date } = tariff.list
  const costs = runs.map((run) => totalOf(run.map(({ costUsd }) => costUsd)))
  return {
    priceList: { region, date },
    represents: plan === null ? null : representsText(plan),
    lines,
    costUsd: billTotal(
      lines.map(({ costUsd }) => costUsd),
      costs,
    ),
    monthlyUsd:
      plan === null
        ? null
        : billTotal(
            lines.map(({ monthlyUsd }) => monthlyUsd ?? '0'),
            runs.map((run) => totalOf(run.map(({ monthlyUsd }) => monthlyUsd ?? ZERO))),
          ),
    perMillionUsd: perMillion(costs, outputs.map(successesOf)),
  }
}

function meanLine(same: readonly ExactLine[], replications: number): BillLine {
  const { scope, name, item, unit, unitPriceUsd } = same[0]!
  const mean = (values: readonly Exact[]) => quotient(totalOf(values), whole(replications))
  const monthly = same.flatMap(({ monthlyUsd }) => (monthlyUsd === null ? [] : [monthlyUsd]))
  return {
    scope,
    name,
    item,
    quantity: written(mean(same.map(({ quantity }) => quantity)), QUANTITY_PLACES),
    unit,
    unitPriceUsd: written(unitPriceUsd, PRICE_PLACES),
    costUsd: written(mean(same.map(({ costUsd }) => costUsd)), MONEY_PLACES),
    monthlyUsd: monthly.length === 0 ? null : written(mean(monthly), MONEY_PLACES),
  }
}

/** The sum of lines as they are written, with the interval over replications. */
function billTotal(lines: readonly string[], replications: readonly Exact[]): BillTotal {
  const value = written(totalOf(lines.map(decimal)), MONEY_PLACES)
  return { value, ...intervalOf(replications.map(asNumber)) }
}

function perMillion(costs: readonly Exact[], successes: readonly number[]): BillTotal | null {
  const each = costs.flatMap((cost, index) => {
    const count = successes[index]!
    return count === 0 ? [] : [quotient(product(cost, whole(MILLION)), whole(count))]
  })
  if (each.length === 0) return null
  const mean = quotient(totalOf(each), whole(each.length))
  return { value: written(mean, MONEY_PLACES), ...intervalOf(each.map(asNumber)) }
}

/** Requests of traffic that were answered, or taken where nobody waits for an answer. */
function successesOf({ ledger }: Billed): number {
  return ledger.reduce(
    (total, { scope, outcome, count }) =>
      scope === 'traffic' && (outcome === 'succeeded' || outcome === 'handedOn')
        ? total + count
        : total,
    0,
  )
}

function intervalOf(values: readonly number[]): Pick<BillTotal, 'ci95Low' | 'ci95High'> {
  if (values.length < 2) return { ci95Low: null, ci95High: null }
  const { low, high } = studentInterval(values)
  return { ci95Low: asText(low), ci95High: asText(high) }
}

function asText(value: number): string {
  return written(decimal(value.toFixed(MONEY_PLACES)), MONEY_PLACES)
}

function asNumber(value: Exact): number {
  return Number(written(value, MONEY_PLACES))
}

function totalOf(values: readonly Exact[]): Exact {
  return values.reduce(sum, ZERO)
}

function representsText({ represents }: BillingPlan): string {
  return typeof represents === 'string' ? represents : `${represents.timesPerMonth} times per month`
}
