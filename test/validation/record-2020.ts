/** The record of the validation as CSV and as a page. */
import { stringify } from 'csv-stringify/sync'
import {
  judge,
  type NoiseFloor,
  noiseFloor,
  type RateComparison,
  rootMeanSquare,
} from './comparison.ts'
import type { MeasuredRate, Variant } from './model-2020.ts'

export interface VariantResult {
  readonly variant: Variant
  readonly comparisons: readonly RateComparison[]
}

const COLUMNS = [
  'variant',
  'arrival_rate_per_s',
  'runs',
  'measured_cold_start_probability',
  'measured_standard_error',
  'simulated_cold_start_probability',
  'simulated_run_deviation',
  'relative_error',
  'measured_z',
  'score',
  'measured_mean_instances',
  'simulated_mean_instances',
  'simulated_instances_run_deviation',
  'instances_relative_error',
  'instances_score',
  'measured_first_use_extra_ms',
  'simulated_first_use_extra_ms',
  'cold_starts_per_first_use',
]

/** How many runs a rate has in the record: cheap ones more. */
export function recordedRuns({ ratePerSecond }: MeasuredRate): number {
  const rate = Number(ratePerSecond)
  if (rate < 0.02) return 400
  return rate < 0.2 ? 200 : 100
}

export function csvHeader(): string {
  return stringify([COLUMNS])
}

export function csvLine(variant: Variant, comparison: RateComparison): string {
  const { rate, runs, coldStarts, instances } = comparison
  const numbers = [
    rate.coldStartProbability,
    rate.coldStartStandardError,
    coldStarts.simulated,
    coldStarts.runDeviation,
    coldStarts.relativeError,
    comparison.measuredScore,
    coldStarts.score,
    rate.meanInstances,
    instances.simulated,
    instances.runDeviation,
    instances.relativeError,
    instances.score,
    rate.coldResponseMs - rate.warmResponseMs,
    comparison.firstUseExtraMs,
    comparison.coldStartsPerFirstUse,
  ]
  return stringify([[variant.id, rate.ratePerSecond, runs.length, ...numbers.map(plain)]])
}

/** Six significant digits, without an exponent. */
function plain(value: number): string {
  return String(Number(value.toPrecision(6)))
}

function percent(value: number): string {
  return `${(100 * value).toFixed(1)}%`
}

function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]): string => `| ${cells.join(' | ')} |`
  return [line(head), line(head.map(() => '---:')), ...rows.map(line)].join('\n')
}

function ratesTable(comparisons: readonly RateComparison[]): string {
  const rows = comparisons.map(({ rate, coldStarts, instances, ...rest }) => [
    rate.ratePerSecond,
    rate.coldStartProbability.toPrecision(4),
    coldStarts.simulated.toPrecision(4),
    percent(coldStarts.relativeError),
    rest.measuredScore.toFixed(2),
    coldStarts.score.toFixed(2),
    rate.meanInstances.toFixed(3),
    instances.simulated.toFixed(3),
    percent(instances.relativeError),
    instances.score.toFixed(2),
    (rate.coldResponseMs - rate.warmResponseMs).toFixed(0),
    rest.firstUseExtraMs.toFixed(0),
  ])
  const head = [
    'rate /s',
    'cold, measured',
    'simulated',
    'error',
    'z',
    'score',
    'instances, measured',
    'simulated',
    'error',
    'score',
    'first use +ms, measured',
    'simulated',
  ]
  return table(head, rows)
}

function variantsTable(results: readonly VariantResult[], floor: NoiseFloor): string {
  const rows = results.map(({ variant, comparisons }) => {
    const coldStarts = judge(comparisons.map((comparison) => comparison.coldStarts))
    const instances = judge(comparisons.map((comparison) => comparison.instances))
    return [
      variant.description,
      percent(coldStarts.meanAbsoluteError),
      rootMeanSquare(comparisons.map(({ measuredScore }) => measuredScore)).toFixed(2),
      coldStarts.probability.toPrecision(2),
      percent(instances.meanAbsoluteError),
      instances.probability.toPrecision(2),
      firstUseError(comparisons).toFixed(0),
    ]
  })
  const exact = [
    'if the first model were exact',
    percent(floor.coldStartError),
    floor.rootMeanSquareMeasuredScore.toFixed(2),
    '',
    percent(floor.instancesError),
    '',
    '',
  ]
  const head = [
    'model',
    'cold starts, mean error',
    'rms z',
    'probability',
    'instances, mean error',
    'probability',
    'first use, mean error in ms',
  ]
  return table(head, [...rows, exact])
}

/** Mean absolute error of how much longer a first use took. */
function firstUseError(comparisons: readonly RateComparison[]): number {
  const errors = comparisons.map(({ rate, firstUseExtraMs }) =>
    Math.abs(firstUseExtraMs - (rate.coldResponseMs - rate.warmResponseMs)),
  )
  return errors.reduce((sum, error) => sum + error, 0) / errors.length
}

export function page(results: readonly VariantResult[], notes: string): string {
  const preset = results[0]!
  const floor = noiseFloor(preset.comparisons)
  return `# Lambda in 2020: simulated against measured

${notes.trim()}

## The preset of 2020, rate by rate

\`z\` is the error in the measurement's own standard errors; \`score\` is where the measured figure
lies among simulated runs of the same length, as a standard normal score; "first use" is how much
longer the first request of an environment took at the client.

${ratesTable(preset.comparisons)}

## Against other models

"Probability" is that of a deviation at least this large over the ten rates if the model were true
(chi-square of the scores).

${variantsTable(results, floor)}
`
}
