/**
 * Whether what a run comes to rests on what it assumed: the scenario as written and under each
 * alternative of each assumption that took part, one at a time, on the same random numbers.
 */
import type { Alternative, Assumption } from '../model/compiled-scenario.ts'
import { joinedAlternatives } from '../scenario/alternatives.ts'
import type { Advice } from './advice.ts'
import { type Comparison, type Contender, compareScenarios } from './compare.ts'
import { type Headline, headlinesOf } from './headlines.ts'
import type { RunResult, ThresholdVerdict } from './result.ts'
import type { RunProgress } from './run.ts'

/** One thing that might be otherwise. */
export interface Variation extends Alternative {
  /** Of the assumption. */
  readonly id: string
}

/** A variation with the scenarios that it makes: the one as written first, then its variants. */
export interface VariedContenders {
  readonly variation: Variation
  readonly contenders: readonly Contender[]
}

/** What is compared between the run as written and the others. */
export interface Outcome {
  readonly headlines: readonly Headline[]
  readonly thresholds: readonly ThresholdVerdict[]
  /**
   * The cheapest scenario of those that meet the thresholds, and those from which no difference can
   * be told; empty: none meets them. null: there are no variants, their costs cannot be compared, or
   * nothing is recommended while an init is a stand-in.
   */
  readonly cheapest: readonly string[] | null
}

export interface Change {
  readonly kind: 'headline' | 'threshold' | 'cheapest'
  /** A fact, a threshold as written, or `cheapest`. */
  readonly subject: string
  /** As written, and instead: names joined by a space or `none`, or the threshold's verdict. */
  readonly from: string
  readonly to: string
}

export interface VariedOutcome extends Outcome, Variation {
  /** Not one event is different: the assumption plays no part. */
  readonly isSameRun: boolean
  /** Empty: the outcome holds. */
  readonly changes: readonly Change[]
}

export interface Sensitivity {
  readonly status: 'complete' | 'interrupted'
  readonly replications: number
  /** Alternatives that there are; interrupted, fewer were tried. */
  readonly planned: number
  /** null: interrupted before it had ended. */
  readonly asWritten: { readonly result: RunResult; readonly outcome: Outcome } | null
  readonly alternatives: readonly VariedOutcome[]
  /** Functions whose init is a stand-in, for whose sake no variant is recommended. */
  readonly presetInits: readonly string[]
  /** Ids of assumptions for which the model has nothing else. */
  readonly notVaried: readonly string[]
}

export interface SensitivityOptions {
  readonly replications: number
  readonly signal: AbortSignal | null
  /** `run` counts the scenarios that ended before, from 0. */
  readonly onProgress: ((progress: RunProgress, run: number) => void) | null
}

/** What might be otherwise, one thing at a time: assumptions of the same id vary together. */
export function variationsOf(assumptions: readonly Assumption[]): readonly Variation[] {
  const ids = [...new Set(assumptions.map(({ id }) => id))]
  return ids.flatMap((id) => {
    const same = assumptions.filter((assumption) => assumption.id === id)
    const alternatives = joinedAlternatives(same.map((one) => one.alternatives ?? []))
    return alternatives.map((alternative) => ({ id, ...alternative }))
  })
}

/** Interrupted, the alternatives are those that finished. */
export async function testAssumptions(
  asWritten: readonly Contender[],
  varied: readonly VariedContenders[],
  { replications, signal, onProgress }: SensitivityOptions,
): Promise<Sensitivity> {
  let ended = 0
  const compare = async (contenders: readonly Contender[]): Promise<Comparison | null> => {
    const before = ended
    const comparison = await compareScenarios(contenders, {
      replications,
      signal,
      onProgress:
        onProgress === null ? null : (progress, index) => onProgress(progress, before + index),
    })
    ended += contenders.length
    return comparison.status === 'complete' ? comparison : null
  }
  const assumptions = asWritten[0]!.identity.compiled.assumptions
  const variedIds = new Set(varied.map(({ variation }) => variation.id))
  const fixed = {
    replications,
    planned: varied.length,
    notVaried: notVariedOf(assumptions, variedIds),
  }
  const base = await compare(asWritten)
  if (base === null) {
    return { ...fixed, status: 'interrupted', asWritten: null, alternatives: [], presetInits: [] }
  }
  const outcome = outcomeOf(base)
  const alternatives: VariedOutcome[] = []
  for (const { variation, contenders } of varied) {
    const comparison = await compare(contenders)
    if (comparison === null) break
    const other = outcomeOf(comparison)
    alternatives.push({
      ...variation,
      ...other,
      isSameRun: fingerprintsOf(comparison) === fingerprintsOf(base),
      changes: changesBetween(outcome, other),
    })
  }
  return {
    ...fixed,
    status: alternatives.length === varied.length ? 'complete' : 'interrupted',
    asWritten: { result: base.results[0]!.result, outcome },
    alternatives,
    presetInits: asWritten.length > 1 ? base.advice.presetInits : [],
  }
}

function notVariedOf(
  assumptions: readonly Assumption[],
  varied: ReadonlySet<string>,
): readonly string[] {
  return [...new Set(assumptions.map(({ id }) => id))].filter((id) => !varied.has(id))
}

function outcomeOf({ results, advice }: Comparison): Outcome {
  const { result } = results[0]!
  return {
    headlines: headlinesOf(result),
    thresholds: result.thresholds,
    cheapest: results.length > 1 ? cheapestOf(advice) : null,
  }
}

/** Of one replication, whose differences cannot be told from chance, the cheapest by its figure. */
export function cheapestOf({ cheapest, incomparable, presetInits }: Advice): Outcome['cheapest'] {
  if (presetInits.length > 0 || incomparable !== null) return null
  return cheapest === null ? [] : [cheapest.name, ...cheapest.alike]
}

function fingerprintsOf({ results }: Comparison): string {
  return results.map(({ result }) => result.fingerprint).join(' ')
}

/** What of the outcome as written does not hold in the other one. */
export function changesBetween(asWritten: Outcome, other: Outcome): readonly Change[] {
  const changes: Change[] = []
  const add = (kind: Change['kind'], subject: string, from: string, to: string): void => {
    if (from !== to) changes.push({ kind, subject, from, to })
  }
  for (const [index, { fact, names }] of asWritten.headlines.entries()) {
    add('headline', fact, namesText(names), namesText(other.headlines[index]!.names))
  }
  for (const [index, { threshold, verdict }] of asWritten.thresholds.entries()) {
    // What is open as written says nothing that could be otherwise.
    if (verdict === 'undecided') continue
    add('threshold', threshold.text, verdict, other.thresholds[index]!.verdict)
  }
  if (isAnotherChoice(asWritten.cheapest, other.cheapest)) {
    add(
      'cheapest',
      'cheapest',
      namesText(asWritten.cheapest ?? []),
      namesText(other.cheapest ?? []),
    )
  }
  return changes
}

/** Two that cannot be told apart hold where either is chosen alone. */
function isAnotherChoice(one: Outcome['cheapest'], other: Outcome['cheapest']): boolean {
  if (one === null || other === null) return false
  if (one.length === 0 || other.length === 0) return one.length !== other.length
  return !one.some((name) => other.includes(name))
}

/** `checkout search`; `none`. */
export function namesText(names: readonly string[]): string {
  return names.length === 0 ? 'none' : names.join(' ')
}
