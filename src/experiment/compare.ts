/**
 * Several scenarios on the same random numbers, beside each other. Replication k of each meets the
 * same customers, so what counts is the mean of the differences, replication by replication, with
 * its Student-t interval: it is much narrower than the intervals of the two means.
 */
import type { ScenarioFiles } from '../kernel/files.ts'
import { pairedInterval, studentInterval } from '../stats/confidence.ts'
import { type Advice, adviseOn, type Compared } from './advice.ts'
import { mergeBills, tariffOf } from './bill.ts'
import type { ReplicationOutput } from './replication.ts'
import { type RunResult, type SummaryRow, summaryKey } from './result.ts'
import {
  type Replicated,
  type RunIdentity,
  type RunProgress,
  restOutputs,
  runScenario,
} from './run.ts'
import { totalsOf } from './totals.ts'

/** One of the scenarios that are compared. */
export interface Contender {
  readonly name: string
  readonly identity: RunIdentity
  readonly files: ScenarioFiles
  /** What makes it of the scenario as written; empty where it is a file of its own. */
  readonly changes: readonly ScenarioChange[]
}

export interface ScenarioChange {
  /** Dotted. */
  readonly path: string
  /** As a person would write it on one line; null: taken away. */
  readonly value: string | null
}

export interface CompareOptions {
  /** Of one, no difference can be told from chance. */
  readonly replications: number
  readonly signal: AbortSignal | null
  /** `contender` counts from 0. */
  readonly onProgress: ((progress: RunProgress, contender: number) => void) | null
}

/**
 * How a value stands to the reference's: `same` in every replication, `higher` or `lower` where the
 * 95% interval of the difference does not contain 0, `no-detectable-difference` where it does,
 * `undecided` where fewer than two replications have both values.
 */
export type DifferenceVerdict =
  | 'reference'
  | 'same'
  | 'higher'
  | 'lower'
  | 'no-detectable-difference'
  | 'undecided'

/** One value of one contender, and how it differs from that of the reference. */
export interface ComparisonRow extends SummaryRow {
  readonly contender: string
  /** This minus the reference's, mean over replications; null: one of them has no value. */
  readonly difference: number | null
  readonly differenceLow: number | null
  readonly differenceHigh: number | null
  readonly verdict: DifferenceVerdict
}

export interface Comparison {
  readonly status: 'complete' | 'interrupted'
  readonly replications: number
  /** The first contender: all differences are to it. */
  readonly reference: string
  readonly results: readonly ComparedResult[]
  readonly rows: readonly ComparisonRow[]
  readonly advice: Advice
  readonly breakEvens: readonly ProvisionedUse[]
}

export interface ComparedResult {
  readonly name: string
  readonly changes: readonly ScenarioChange[]
  readonly result: RunResult
}

/** How busy provisioned environments were, against what makes them worth their price. */
export interface ProvisionedUse {
  readonly contender: string
  readonly functionName: string
  /** Shares of their time. */
  readonly utilisation: number
  readonly breakEven: number
}

interface Finished extends ComparedResult {
  readonly identity: RunIdentity
  readonly outputs: readonly ReplicationOutput[]
  /** By replication; null: some price is not known. */
  readonly costs: readonly ReplicationCost[] | null
}

interface ReplicationCost {
  readonly runUsd: number
  readonly monthUsd: number | undefined
  readonly perMillionUsd: number | undefined
}

/** Runs the contenders one after another; interrupted, the comparison is of those that finished. */
export async function compareScenarios(
  contenders: readonly Contender[],
  options: CompareOptions,
): Promise<Comparison> {
  const finished: Finished[] = []
  for (const [index, contender] of contenders.entries()) {
    // A short run ends before it looks.
    if (options.signal?.aborted === true) break
    const each = await runContender(contender, index, options)
    if (each.result.status === 'interrupted') break
    finished.push(each)
  }
  return {
    status: finished.length === contenders.length ? 'complete' : 'interrupted',
    replications: options.replications,
    reference: contenders[0]!.name,
    results: finished.map(({ name, changes, result }) => ({ name, changes, result })),
    rows: finished.flatMap((each) => rowsOf(each, finished[0]!)),
    advice: adviseOn(finished.map(comparedOf)),
    breakEvens: finished.flatMap(breakEvensOf),
  }
}

async function runContender(
  { name, identity, files, changes }: Contender,
  index: number,
  { replications, signal, onProgress }: CompareOptions,
): Promise<Finished> {
  const replicated: Replicated[] = []
  const result = await runScenario(identity, {
    files,
    replications,
    signal,
    onProgress: onProgress === null ? null : (progress) => onProgress(progress, index),
    onMetrics: null,
    metricsOf: 'none',
    allStatistics: false,
    onAttempt: null,
    onReplicationEnd: (_, each) => void replicated.push(each),
  })
  const outputs = replicated.map(({ output }) => output)
  return { name, changes, identity, result, outputs, costs: costsOf(replicated, identity) }
}

function costsOf(
  replicated: readonly Replicated[],
  { compiled, otherwise = null }: RunIdentity,
): readonly ReplicationCost[] | null {
  const tariff = tariffOf(compiled)
  if (tariff === null) return null
  return replicated.map((each) => {
    const bill = mergeBills([each.output], tariff, restOutputs([each], otherwise))!
    const { costUsd, monthlyUsd, perMillionUsd } = bill
    return {
      runUsd: Number(costUsd.value),
      monthUsd: monthlyUsd === null ? undefined : Number(monthlyUsd.value),
      perMillionUsd: perMillionUsd === null ? undefined : Number(perMillionUsd.value),
    }
  })
}

function comparedOf({ name, identity, result, costs }: Finished): Compared {
  const months = costs?.flatMap(({ monthUsd }) => (monthUsd === undefined ? [] : [monthUsd]))
  const isMonthly = costs !== null && months?.length === costs.length
  return {
    name,
    thresholds: result.thresholds,
    costs: isMonthly ? months : (costs?.map(({ runUsd }) => runUsd) ?? null),
    basis: isMonthly ? 'month' : 'run',
    durationUs: identity.compiled.durationUs,
    presetInits: presetInitsOf(identity),
  }
}

/** In the rest of the month, too: it is part of what is compared. */
function presetInitsOf({ compiled, otherwise }: RunIdentity): readonly string[] {
  const functions = [...compiled.functions, ...(otherwise?.compiled.functions ?? [])]
  const names = functions
    .filter(({ coldStart }) => coldStart.initIsPreset)
    .map((settings) => settings.name)
  return [...new Set(names)]
}

function breakEvensOf({ name, result }: Finished): ProvisionedUse[] {
  return result.breakEvens.flatMap(({ functionName, utilisation, used }): ProvisionedUse[] =>
    used === null
      ? []
      : [{ contender: name, functionName, utilisation: used, breakEven: utilisation }],
  )
}

/** A value of a contender by replication; undefined where a replication has no sample. */
interface Observed {
  readonly row: SummaryRow
  readonly values: readonly (number | undefined)[]
}

function rowsOf(finished: Finished, reference: Finished): ComparisonRow[] {
  const others = new Map(observedOf(reference).map(({ row, values }) => [summaryKey(row), values]))
  return observedOf(finished).map(({ row, values }) => ({
    contender: finished.name,
    ...row,
    ...(finished === reference
      ? REFERENCE
      : differenceOf(others.get(summaryKey(row)) ?? [], values)),
  }))
}

/** The summary of its metrics, then what all functions come to and the bill as values like any other. */
function observedOf({ identity, outputs, result, costs }: Finished): Observed[] {
  const byKey = valuesByKey(outputs)
  const metrics = result.summary.map((row) => ({ row, values: byKey.get(summaryKey(row)) ?? [] }))
  const totals = outputs.map((output) => totalsOf(identity.compiled, output))
  const ofAll = (totals[0] ?? []).flatMap((total, index) =>
    accountValue(
      total,
      totals.map((each) => each[index]!.value),
    ),
  )
  const money: readonly [string, readonly (number | undefined)[]][] =
    costs === null
      ? []
      : [
          ['Cost', costs.map(({ runUsd }) => runUsd)],
          ['MonthlyCost', costs.map(({ monthUsd }) => monthUsd)],
          ['CostPerMillionSucceeded', costs.map(({ perMillionUsd }) => perMillionUsd)],
        ]
  const bill = money.flatMap(([metric, values]) =>
    accountValue({ metric, statistic: 'sum', unit: 'usd' }, values),
  )
  return [...metrics, ...ofAll, ...bill]
}

/** By replication. */
function accountValue(
  { metric, statistic, unit }: Pick<SummaryRow, 'metric' | 'statistic' | 'unit'>,
  values: readonly (number | undefined)[],
): Observed[] {
  const known = values.filter((value) => value !== undefined)
  if (known.length === 0) return []
  const { mean, low, high } = studentInterval(known)
  const hasInterval = known.length > 1
  const row: SummaryRow = {
    scope: 'account',
    name: 'account',
    metric,
    statistic,
    unit,
    value: mean,
    ci95Low: hasInterval ? low : null,
    ci95High: hasInterval ? high : null,
  }
  return [{ row, values }]
}

type Difference = Pick<ComparisonRow, 'difference' | 'differenceLow' | 'differenceHigh' | 'verdict'>

const REFERENCE: Difference = {
  difference: 0,
  differenceLow: 0,
  differenceHigh: 0,
  verdict: 'reference',
}

/** Of values by replication; undefined where a replication has no sample. */
export function differenceOf(
  reference: readonly (number | undefined)[],
  own: readonly (number | undefined)[],
): Difference {
  const pairs = own.flatMap((value, replication) => {
    const other = reference[replication]
    return value === undefined || other === undefined ? [] : [{ other, value }]
  })
  if (pairs.length === 0) {
    return { difference: null, differenceLow: null, differenceHigh: null, verdict: 'undecided' }
  }
  const { mean, low, high } = pairedInterval(
    pairs.map(({ other }) => other),
    pairs.map(({ value }) => value),
  )
  const isKnown = pairs.length > 1
  return {
    difference: mean,
    differenceLow: isKnown ? low : null,
    differenceHigh: isKnown ? high : null,
    verdict: isKnown ? verdictOf(low, high) : 'undecided',
  }
}

function verdictOf(low: number, high: number): DifferenceVerdict {
  if (low === 0 && high === 0) return 'same'
  if (low > 0) return 'higher'
  return high < 0 ? 'lower' : 'no-detectable-difference'
}

function valuesByKey(outputs: readonly ReplicationOutput[]): Map<string, (number | undefined)[]> {
  const values = new Map<string, (number | undefined)[]>()
  for (const [replication, { summary }] of outputs.entries()) {
    for (const row of summary) {
      const key = summaryKey(row)
      const ofKey = values.get(key) ?? new Array<number | undefined>(outputs.length)
      ofKey[replication] = row.value
      values.set(key, ofKey)
    }
  }
  return values
}
