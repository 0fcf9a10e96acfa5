/**
 * Thresholds: claims of the scenario about its own results, such as
 * `checkout.Throttles.share < 0.1%`.
 *
 * One run decides by its value. Replications decide by their 95% interval: where the limit lies
 * inside it, the verdict is open, and more replications are what would settle it.
 */
import type { Threshold } from '../model/compiled-scenario.ts'
import { metricEntry } from '../model/metrics/catalogue.ts'
import { isOfWaiting } from '../model/metrics/catalogue-messaging.ts'
import type { SummaryRow, ThresholdVerdict } from './result.ts'
import type { BacklogVerdict } from './stability.ts'

export interface ThresholdContext {
  readonly replications: number
  /** Figures of a run that was cut short decide nothing. */
  readonly isInterrupted: boolean
  /** What still grew when the run ended: how long things take there has no limit. */
  readonly growing: readonly BacklogVerdict[]
}

export function evaluateThresholds(
  thresholds: readonly Threshold[],
  summary: readonly SummaryRow[],
  context: ThresholdContext,
): ThresholdVerdict[] {
  return thresholds.map((threshold) => {
    const row = summary.find(
      (candidate) =>
        candidate.scope === threshold.scope &&
        candidate.name === threshold.name &&
        candidate.metric === threshold.metric &&
        candidate.statistic === threshold.statistic,
    )
    return row === undefined ? withoutSample(threshold) : decide(threshold, row, context)
  })
}

function decide(
  threshold: Threshold,
  row: SummaryRow,
  context: ThresholdContext,
): ThresholdVerdict {
  const isUpperLimit = threshold.operator.startsWith('<')
  const figures = {
    threshold,
    value: row.value,
    ci95Low: row.ci95Low,
    ci95High: row.ci95High,
    unit: row.unit,
    margin: isUpperLimit ? threshold.limit - row.value : row.value - threshold.limit,
  }
  const undecided = (note: string): ThresholdVerdict => ({ ...figures, verdict: 'undecided', note })
  if (context.isInterrupted) return undecided('the run was interrupted')
  if (context.replications > 1 && (row.ci95Low === null || row.ci95High === null)) {
    return undecided('fewer than two replications have a sample')
  }
  if (isWithoutLimit(threshold, context.growing)) {
    const note = `${threshold.name} is not stable: the longer the run, the higher`
    return { ...figures, verdict: 'failed', note }
  }
  const passesLow = holds(row.ci95Low ?? row.value, threshold)
  const passesHigh = holds(row.ci95High ?? row.value, threshold)
  if (passesLow && passesHigh) return { ...figures, verdict: 'passed', note: '' }
  if (!passesLow && !passesHigh) return { ...figures, verdict: 'failed', note: '' }
  return undecided('the limit lies inside the 95% interval; more replications would decide')
}

/** Waiting times and ages where the backlog still grows. */
function isWithoutLimit(
  { scope, name, metric, operator }: Threshold,
  growing: readonly BacklogVerdict[],
): boolean {
  if (!isOfWaiting(metric) || !operator.startsWith('<')) return false
  return growing.some(({ places }) =>
    places.some((place) => place.scope === scope && place.name === name),
  )
}

function holds(value: number, { operator, limit }: Threshold): boolean {
  switch (operator) {
    case '<':
      return value < limit
    case '<=':
      return value <= limit
    case '>':
      return value > limit
    case '>=':
      return value >= limit
  }
}

function withoutSample(threshold: Threshold): ThresholdVerdict {
  const entry = metricEntry(threshold.metric)
  const isShare = threshold.statistic === 'share'
  return {
    threshold,
    verdict: 'undecided',
    value: null,
    ci95Low: null,
    ci95High: null,
    unit: isShare ? 'ratio' : entry.unit,
    margin: null,
    note: isShare ? 'a share of nothing: 0 of 0' : 'no sample after the warm-up',
  }
}
