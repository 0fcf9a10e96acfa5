/**
 * The bill of a run. Each replication is billed by itself, because tiers and allowances are not
 * proportional to what is used; a line is then the mean over all of them, one that a replication
 * lacks counting as 0.
 */

import type { CompiledScenario } from '../model/compiled-scenario.ts'
import { billOf, type ExactLine, type RestOfMonth, type Tariff } from '../model/pricing/bill.ts'
import { type BillingPlan, periodUs, runsPerMonth } from '../model/pricing/billing-plan.ts'
import {
  decimal,
  difference,
  type Exact,
  product,
  quotient,
  sum,
  whole,
  written,
  ZERO,
} from '../model/pricing/exact.ts'
import { priceListOf } from '../model/pricing/index.ts'
import type { Otherwise } from '../scenario/otherwise.ts'
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

/** What of a scenario says at which prices it is billed. */
export type BilledBy = 'account' | 'startsAtMs' | 'billing' | 'unbilled'

/** null: some price is missing. */
export function tariffOf(compiled: Pick<CompiledScenario, BilledBy>): Tariff | null {
  const { account, startsAtMs, billing, unbilled } = compiled
  const list = priceListOf(account.region)
  return list === undefined || unbilled !== '' ? null : { list, startsAtMs, plan: billing }
}

/** The runs of the scenario that stands for the rest of a month, one for each of the outputs. */
export interface RestOutputs {
  readonly otherwise: Pick<Otherwise, 'file' | 'compiled'>
  readonly outputs: readonly Billed[]
}

export function mergeBills(
  outputs: readonly Billed[],
  tariff: Tariff | null,
  rest: RestOutputs | null = null,
): Bill | null {
  if (tariff === null) return null
  // Part of a run stands for nothing.
  const isWhole =
    outputs.every(isComplete) &&
    (rest === null || (rest.outputs.every(isComplete) && rest.outputs.length === outputs.length))
  const plan = isWhole ? tariff.plan : null
  const runs = outputs.map(({ usages, simulatedUs }, index) =>
    billOf(
      usages,
      { ...tariff, plan },
      { lengthUs: simulatedUs },
      rest === null || plan === null ? null : restOf(rest, index),
    ),
  )
  const lines = foldInOrder(runs, ({ scope, name, item }) => `${scope} ${name} ${item}`).map(
    (same) => meanLine(same, outputs.length),
  )
  const { region, date } = tariff.list
  const costs = runs.map((run) => totalOf(run.map(({ costUsd }) => costUsd)))
  const costUsd = billTotal(
    lines.map((line) => line.costUsd),
    costs,
  )
  const monthlyUsd =
    plan === null
      ? null
      : billTotal(
          lines.map((line) => line.monthlyUsd ?? '0'),
          runs.map((run) => totalOf(run.map((line) => line.monthlyUsd ?? ZERO))),
        )
  return {
    priceList: { region, date },
    represents: plan === null ? null : representsText(plan),
    lines,
    costUsd,
    monthlyUsd,
    otherwise:
      plan === null || monthlyUsd === null || rest === null
        ? null
        : splitOf(rest.otherwise.file, plan, costUsd, monthlyUsd),
    perMillionUsd: perMillion(costs, outputs.map(successesOf)),
  }
}

function isComplete({ status }: Billed): boolean {
  return status === 'complete'
}

function restOf({ otherwise: { compiled }, outputs }: RestOutputs, index: number): RestOfMonth {
  const { usages, simulatedUs } = outputs[index]!
  const { billing, durationUs } = compiled
  return { usages, run: { lengthUs: simulatedUs }, periodUs: periodUs(billing, durationUs) }
}

/** How much of the month is the runs', with their part of what belongs to the account. */
function splitOf(
  file: string,
  plan: BillingPlan,
  { value: runUsd }: BillTotal,
  { value: monthUsd }: BillTotal,
): Bill['otherwise'] {
  const runs = product(decimal(runUsd), runsPerMonth(plan))
  const rest = difference(decimal(monthUsd), runs)
  return { file, runsUsd: written(runs, MONEY_PLACES), restUsd: written(rest, MONEY_PLACES) }
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
