/**
 * The cold start of a function that states none: what an empty function of its runtime measured.
 * A real function adds the loading of its own modules, so this is a lower bound.
 */

import { log } from '../../kernel/elementary.ts'
import { MICROSECONDS_PER_MILLISECOND } from '../../kernel/time.ts'
import { Constant } from '../distributions/constant.ts'
import type { Distribution } from '../distributions/distribution.ts'
import { Lognormal } from '../distributions/lognormal.ts'
import { MEASURED_COLD_STARTS, MEASURED_MEMORY_MB } from './cold-start-presets-data.ts'

export interface ColdStartPreset {
  readonly initMedianMs: number
  readonly init: Distribution
  readonly firstInvocation: Distribution
  /** The listed memory size that was used. */
  readonly measuredMemoryMb: number
}

export const COLD_START_SOURCE =
  'maxday/lambda-perf, 2026-08-22: ten cold starts of an empty function per configuration'

/** Runtimes with measured cold starts, in the order of the table. */
export const MEASURED_RUNTIMES: readonly string[] = Object.keys(MEASURED_COLD_STARTS)

/**
 * The measured cold start at the listed memory size nearest to the function's (of two equally
 * near the smaller, whose first invocation is the slower), or null for a runtime without one.
 */
export function coldStartPreset(
  runtime: string,
  packageType: 'Zip' | 'Image',
  architecture: 'x86_64' | 'arm64',
  memoryMb: number,
): ColdStartPreset | null {
  if (!Object.hasOwn(MEASURED_COLD_STARTS, runtime)) return null
  const rows = MEASURED_COLD_STARTS[runtime]?.[packageType][architecture] ?? []
  let nearestIndex = 0
  for (const [index, listedMb] of MEASURED_MEMORY_MB.entries()) {
    const best = MEASURED_MEMORY_MB[nearestIndex] ?? 0
    if (Math.abs(listedMb - memoryMb) < Math.abs(best - memoryMb)) nearestIndex = index
  }
  const row = rows[nearestIndex]
  if (row === undefined) return null
  const [initMedianMs, sigma, firstInvocationMs] = row
  return {
    initMedianMs,
    init: new Lognormal(log(initMedianMs * MICROSECONDS_PER_MILLISECOND), sigma),
    firstInvocation: new Constant(firstInvocationMs * MICROSECONDS_PER_MILLISECOND),
    measuredMemoryMb: MEASURED_MEMORY_MB[nearestIndex] ?? 0,
  }
}

const PLACEMENT_MEDIAN_MS = 100
/** ln(400 ms / 100 ms) / the standard normal's 99 % quantile. */
const PLACEMENT_SIGMA = log(4) / 2.3263478740408408

/** Sandbox placement of a function that states none: lognormal, median 100 ms, p99 400 ms; assumed. */
export function defaultPlacement(): Distribution {
  return new Lognormal(log(PLACEMENT_MEDIAN_MS * MICROSECONDS_PER_MILLISECOND), PLACEMENT_SIGMA)
}
