/**
 * How long a restore from a snapshot takes where the scenario does not say. Origin of the
 * measurements: maxday/lambda-perf, Apache License 2.0, the snapshot of 2025-10-18 (the last that
 * had SnapStart): ten cold starts of an empty zip function on x86_64 per runtime and memory size.
 */
import { log } from '../../kernel/elementary.ts'
import { MICROSECONDS_PER_MILLISECOND } from '../../kernel/time.ts'
import type { Distribution } from '../distributions/distribution.ts'
import { Lognormal } from '../distributions/lognormal.ts'
import { MEASURED_MEMORY_MB } from './cold-start-presets-data.ts'

export const RESTORE_SOURCE =
  'maxday/lambda-perf, 2025-10-18: ten restores of an empty function per configuration'

/** Mean, minimum and maximum of ten restores, ms, at each of the measured memory sizes. */
const MEASURED_RESTORES: Readonly<Record<string, readonly (readonly [number, number, number])[]>> =
  {
    java11: [
      [690.23, 598.27, 945.24],
      [613.73, 519.33, 702.05],
      [594.24, 530.02, 701.95],
      [606.52, 521.34, 705.34],
    ],
    java17: [
      [695.23, 639.45, 738.72],
      [603.67, 514.69, 667.79],
      [679.76, 560.48, 897.71],
      [838.93, 717.34, 963.7],
    ],
    java21: [
      [1055.16, 849.9, 1406.94],
      [783.24, 661.88, 917.32],
      [740.29, 667.06, 815.6],
      [721.23, 606.97, 860.71],
    ],
  }

/** The expected range of ten standard normal numbers, by which the range of ten logarithms is divided. */
const EXPECTED_RANGE_OF_TEN = 3.0775

/** Elsewhere: lognormal, median 300 ms, p99 1 s; inferred from restores of 100 to 700 ms. */
const INFERRED_MEDIAN_MS = 300
const INFERRED_SIGMA = log(1_000 / INFERRED_MEDIAN_MS) / 2.3263478740408408

export function isRestoreMeasured(runtime: string): boolean {
  return Object.hasOwn(MEASURED_RESTORES, runtime)
}

/** The restore at the measured memory size nearest to the function's; of two the smaller. */
export function restorePreset(runtime: string, memoryMb: number): Distribution {
  const rows = isRestoreMeasured(runtime) ? MEASURED_RESTORES[runtime] : undefined
  if (rows === undefined) return lognormalMs(log(INFERRED_MEDIAN_MS), INFERRED_SIGMA)
  let nearest = 0
  MEASURED_MEMORY_MB.forEach((listedMb, index) => {
    const best = Math.abs(MEASURED_MEMORY_MB[nearest]! - memoryMb)
    if (Math.abs(listedMb - memoryMb) < best) nearest = index
  })
  const [mean, minimum, maximum] = rows[nearest]!
  const sigma = log(maximum / minimum) / EXPECTED_RANGE_OF_TEN
  return lognormalMs(log(mean) - (sigma * sigma) / 2, sigma)
}

function lognormalMs(muMs: number, sigma: number): Distribution {
  return new Lognormal(muMs + log(MICROSECONDS_PER_MILLISECOND), sigma)
}
