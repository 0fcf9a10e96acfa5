/**
 * Which of the compared scenarios to take: the cheapest of those that meet their thresholds. Where
 * a figure rests on a stand-in, or chance could have made the difference, it says that instead.
 */
import { pairedInterval } from '../stats/confidence.ts'
import type { ThresholdVerdict } from './result.ts'

/** What advice needs to know of a contender. */
export interface Compared {
  readonly name: string
  readonly thresholds: readonly Pick<ThresholdVerdict, 'verdict'>[]
  /** In dollars, by replication; null: some price is not known. */
  readonly costs: readonly number[] | null
  /** What `costs` are of: a month where the scenario says what the run stands for. */
  readonly basis: CostBasis
  /** Functions whose init is an empty function's. */
  readonly presetInits: readonly string[]
}

export type CostBasis = 'month' | 'run'

export interface Advice {
  /** Those that pass every threshold; null: none has thresholds. */
  readonly meeting: readonly string[] | null
  /** Those that fail none for certain and do not pass all. */
  readonly undecided: readonly string[]
  readonly cheapest: Cheapest | null
  /** Functions for whose sake nothing is recommended: their init is an empty function's. */
  readonly presetInits: readonly string[]
}

export interface Cheapest {
  readonly name: string
  readonly costUsd: number
  readonly basis: CostBasis
  /** The next one in cost among those that were to choose from; null: there is no other. */
  readonly next: Rival | null
}

export interface Rival {
  readonly name: string
  /** How much more it costs, with its 95% interval; null: one replication tells nothing of chance. */
  readonly excessUsd: number
  readonly low: number | null
  readonly high: number | null
  readonly isDetectable: boolean
}

export function adviseOn(contenders: readonly Compared[]): Advice {
  const hasThresholds = contenders.some(({ thresholds }) => thresholds.length > 0)
  const meeting = hasThresholds ? contenders.filter(meetsThresholds) : contenders
  const presetInits = [...new Set(contenders.flatMap((contender) => contender.presetInits))]
  return {
    meeting: hasThresholds ? meeting.map(({ name }) => name) : null,
    undecided: contenders.filter(isUndecided).map(({ name }) => name),
    cheapest: presetInits.length > 0 ? null : cheapestOf(meeting),
    presetInits,
  }
}

function meetsThresholds({ thresholds }: Compared): boolean {
  return thresholds.every(({ verdict }) => verdict === 'passed')
}

function isUndecided(contender: Compared): boolean {
  const { thresholds } = contender
  return !meetsThresholds(contender) && thresholds.every(({ verdict }) => verdict !== 'failed')
}

function cheapestOf(contenders: readonly Compared[]): Cheapest | null {
  const priced = contenders.flatMap(({ name, costs, basis }) =>
    costs === null ? [] : [{ name, costs, basis, mean: meanOf(costs) }],
  )
  const isComparable = new Set(priced.map(({ basis }) => basis)).size === 1
  if (priced.length < contenders.length || !isComparable) return null
  const [winner, second] = [...priced].sort((one, other) => one.mean - other.mean)
  if (winner === undefined) return null
  return {
    name: winner.name,
    costUsd: winner.mean,
    basis: winner.basis,
    next: second === undefined ? null : rivalOf(winner.costs, second.name, second.costs),
  }
}

function rivalOf(winner: readonly number[], name: string, costs: readonly number[]): Rival {
  const { mean, low, high } = pairedInterval(winner, costs)
  const isKnown = costs.length > 1
  return {
    name,
    excessUsd: mean,
    low: isKnown ? low : null,
    high: isKnown ? high : null,
    isDetectable: isKnown && low > 0,
  }
}

function meanOf(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length
}
