/** Simulated runs against one measured run, and what the difference is worth. */
import { normalQuantile, upperGamma } from '../../src/kernel/special-functions.ts'
import { studentProbability } from '../../src/stats/confidence.ts'
import { Moments } from '../../src/stats/moments.ts'
import type { MeasuredRate, RunEstimate } from './model-2020.ts'

/** One figure of one arrival rate. */
export interface Figure {
  readonly measured: number
  /** Mean over the runs. */
  readonly simulated: number
  /** Standard deviation of one run: how far one measured run of the model would lie off. */
  readonly runDeviation: number
  /** Of the mean, relative to the measured figure. */
  readonly relativeError: number
  /**
   * Where the measured figure lies among the runs, as a standard normal score: exact for a figure
   * that is normal from run to run, as deviation and mean are known from finitely many.
   */
  readonly score: number
}

export interface RateComparison {
  readonly rate: MeasuredRate
  readonly runs: readonly RunEstimate[]
  readonly coldStarts: Figure
  readonly instances: Figure
  /** The error of the cold-start probability in the measurement's own standard errors. */
  readonly measuredScore: number
  readonly firstUseExtraMs: number
  readonly coldStartsPerFirstUse: number
}

export function compare(rate: MeasuredRate, runs: readonly RunEstimate[]): RateComparison {
  const coldStarts = figure(
    rate.coldStartProbability,
    runs.map((run) => run.coldStartProbability),
  )
  return {
    rate,
    runs,
    coldStarts,
    instances: figure(
      rate.meanInstances,
      runs.map((run) => run.meanInstances),
    ),
    measuredScore: (coldStarts.simulated - rate.coldStartProbability) / rate.coldStartStandardError,
    firstUseExtraMs: momentsOf(runs.map((run) => run.firstUseExtraMs)).mean,
    coldStartsPerFirstUse: momentsOf(runs.map((run) => run.coldStartsPerFirstUse)).mean,
  }
}

function figure(measured: number, values: readonly number[]): Figure {
  const moments = momentsOf(values)
  const runDeviation = Math.sqrt(moments.sampleVariance)
  // A prediction: the measured run deviates as one run does, the mean as a mean of all.
  const student = (moments.mean - measured) / (runDeviation * Math.sqrt(1 + 1 / moments.count))
  const tail = studentProbability(-Math.abs(student), moments.count - 1)
  return {
    measured,
    simulated: moments.mean,
    runDeviation,
    relativeError: moments.mean / measured - 1,
    score: -Math.sign(student) * normalQuantile(tail),
  }
}

/** Of several rates together. */
export interface Verdict {
  readonly meanAbsoluteError: number
  /** As `deviationProbability` says. */
  readonly probability: number
}

export function judge(figures: readonly Figure[]): Verdict {
  return {
    meanAbsoluteError: meanOf(figures.map(({ relativeError }) => Math.abs(relativeError))),
    probability: deviationProbability(figures.map(({ score }) => score)),
  }
}

/** P(the scores of a true model lie at least this far out): their squares add up to chi-square. */
export function deviationProbability(scores: readonly number[]): number {
  const squares = scores.reduce((sum, score) => sum + score * score, 0)
  return upperGamma(scores.length / 2, squares / 2)
}

/** What `judge` and the measurement's own errors would say of a measured run of the model itself. */
export interface NoiseFloor {
  readonly coldStartError: number
  readonly instancesError: number
  readonly rootMeanSquareMeasuredScore: number
}

export function noiseFloor(comparisons: readonly RateComparison[]): NoiseFloor {
  const fewest = Math.min(...comparisons.map(({ runs }) => runs.length))
  const coldStartErrors: number[] = []
  const instancesErrors: number[] = []
  const scores: number[] = []
  for (let run = 0; run < fewest; run++) {
    const squares: number[] = []
    for (const { runs, coldStarts, instances } of comparisons) {
      const played = runs[run]!
      coldStartErrors.push(Math.abs(coldStarts.simulated / played.coldStartProbability - 1))
      instancesErrors.push(Math.abs(instances.simulated / played.meanInstances - 1))
      const distance = coldStarts.simulated - played.coldStartProbability
      squares.push((distance / played.coldStartStandardError) ** 2)
    }
    scores.push(Math.sqrt(meanOf(squares)))
  }
  return {
    coldStartError: meanOf(coldStartErrors),
    instancesError: meanOf(instancesErrors),
    rootMeanSquareMeasuredScore: meanOf(scores),
  }
}

export function rootMeanSquare(values: readonly number[]): number {
  return Math.sqrt(meanOf(values.map((value) => value * value)))
}

function meanOf(values: readonly number[]): number {
  return momentsOf(values).mean
}

function momentsOf(values: readonly number[]): Moments {
  const moments = new Moments()
  for (const value of values) moments.add(value)
  return moments
}
