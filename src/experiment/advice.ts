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
  /** How long traffic comes. */
  readonly durationUs: number
  /** Functions whose init is an empty function's. */
  readonly presetInits: readonly string[]
}

export type CostBasis = 'month' | 'run'

/** Why costs do not say which is the cheapest. */
export type Incomparable = 'no-price' | 'some-without-price' | 'run-and-month' | 'different-lengths'

export interface Advice {
  /** Those that pass every threshold; null: none has thresholds. */
  readonly meeting: readonly string[] | null
  /** Those that fail none for certain and do not pass all. */
  readonly undecided: readonly string[]
  readonly cheapest: Cheapest | null
  /** null: the costs of those to choose from can be compared. */
  readonly incomparable: Incomparable | null
  /** Functions for whose sake nothing is recommended: their init is an empty function's. */
  readonly presetInits: readonly string[]
}

export interface Cheapest {
  readonly name: string
  readonly costUsd: number
  readonly basis: CostBasis
  /** Others to choose from whose difference to it is not detectable, the cheapest first. */
  readonly alike: readonly string[]
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
  const incomparable = incomparableOf(meeting)
  return {
    meeting: hasThresholds ? meeting.map(({ name }) => name) : null,
    undecided: contenders.filter(isUndecided).map(({ name }) => name),
    cheapest: presetInits.length > 0 || incomparable !== null ? null : cheapestOf(meeting),
    incomparable,
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

function incomparableOf(contenders: readonly Compared[]): Incomparable | null {
  const priced = contenders.filter(({ costs }) => costs !== null)
  if (priced.length < contenders.length) {
    return priced.length === 0 ? 'no-price' : 'some-without-price'
  }
  const bases = new Set(contenders.map(({ basis }) => basis))
  if (bases.size > 1) return 'run-and-month'
  const lengths = new Set(contenders.map(({ durationUs }) => durationUs))
  return bases.has('run') && lengths.size > 1 ? 'different-lengths' : null
}

function cheapestOf(contenders: readonly Compared[]): Cheapest | null {
  const [winner, ...others] = contenders
    .flatMap(({ name, costs, basis }) =>
      costs === null ? [] : [{ name, costs, basis, mean: meanOf(costs) }],
    )
    .sort((one, other) => one.mean - other.mean)
  if (winner === undefined) return null
  const rivals = others.map(({ name, costs }) => rivalOf(winner.costs, name, costs))
  return {
    name: winner.name,
    costUsd: winner.mean,
    basis: winner.basis,
    alike: rivals
      .filter(({ low, isDetectable }) => low !== null && !isDetectable)
      .map(({ name }) => name),
    next: rivals[0] ?? null,
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
