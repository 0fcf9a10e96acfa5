import type { RunResult } from '../experiment/result.ts'

/** What the shell is told. 99 is k6's number for the same thing, so habits of pipelines carry over. */
export const EXIT_FINE = 0
/** A defect of the simulator. */
export const EXIT_DEFECT = 1
/** Invalid scenario, file or usage. */
export const EXIT_INVALID = 2
/** A threshold was crossed. */
export const EXIT_THRESHOLD = 99
/** Ctrl-C; what was finished is kept. */
export const EXIT_INTERRUPTED = 130

/** Of a whole run; strict, an undecided threshold counts as crossed. */
export function thresholdExitCode({ thresholds }: RunResult, isStrict: boolean): number {
  const isCrossed = thresholds.some(
    ({ verdict }) => verdict === 'failed' || (isStrict && verdict === 'undecided'),
  )
  return isCrossed ? EXIT_THRESHOLD : EXIT_FINE
}
