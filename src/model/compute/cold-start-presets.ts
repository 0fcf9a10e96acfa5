/**
 * The cold start of a function that states none: what an empty function of its runtime measured.
 * A real function adds the loading of its own modules, so this is a lower bound.
 */

import { exp, log } from '../../kernel/elementary.ts'
import { MICROSECONDS_PER_MILLISECOND } from '../../kernel/time.ts'
import { Constant } from '../distributions/constant.ts'
import type { Distribution } from '../distributions/distribution.ts'
import { Lognormal } from '../distributions/lognormal.ts'
import {
  type InitQuantiles,
  LONG_RUN_INITS,
  MEASURED_COLD_STARTS,
  MEASURED_MEMORY_MB,
} from './cold-start-presets-data.ts'

export interface ColdStartPreset {
  readonly initMedianMs: number
  readonly initP99Ms: number
  readonly init: Distribution
  /** Whether init was measured over months; else it is fitted to ten cold starts of one day. */
  readonly initIsLongRun: boolean
  readonly firstInvocation: Distribution
  /** The listed memory size that was used; over months init was the same for all. */
  readonly measuredMemoryMb: number
}

export const COLD_START_SOURCE =
  'maxday/lambda-perf, 2026-08-22: ten cold starts of an empty function per configuration'

export const LONG_RUN_INIT_SOURCE =
  'maxday/lambda-perf, 2026-06-01 to 2026-08-22: median and p99 of ten cold starts a day of an empty function'

/** The standard normal's 99 % quantile. */
const NORMAL_P99 = 2.3263478740408408

/** Runtimes with measured cold starts, in the order of the table. */
export const MEASURED_RUNTIMES: readonly string[] = Object.keys(MEASURED_COLD_STARTS)

/**
 * The measured cold start at the listed memory size nearest to the function's (of two equally
 * near the smaller, whose first invocation is the slower), or null for a runtime without one.
 * Where init was measured over months it is the lognormal of that median and p99 at every memory
 * size; ten cold starts of one day say too little about its tail.
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
  const [dayMedianMs, daySigma, firstInvocationMs] = row
  const longRun = longRunInit(runtime, packageType, architecture)
  const initMedianMs = longRun === null ? dayMedianMs : longRun[0]
  const sigma = longRun === null ? daySigma : log(longRun[1] / longRun[0]) / NORMAL_P99
  return {
    initMedianMs,
    initP99Ms: initMedianMs * exp(sigma * NORMAL_P99),
    init: new Lognormal(log(initMedianMs * MICROSECONDS_PER_MILLISECOND), sigma),
    initIsLongRun: longRun !== null,
    firstInvocation: new Constant(firstInvocationMs * MICROSECONDS_PER_MILLISECOND),
    measuredMemoryMb: MEASURED_MEMORY_MB[nearestIndex] ?? 0,
  }
}

function longRunInit(
  runtime: string,
  packageType: 'Zip' | 'Image',
  architecture: 'x86_64' | 'arm64',
): InitQuantiles | null {
  return LONG_RUN_INITS[runtime]?.[packageType][architecture] ?? null
}

const PLACEMENT_MEDIAN_MS = 100
/** Of a p99 of 400 ms. */
const PLACEMENT_SIGMA = log(4) / NORMAL_P99

/** Sandbox placement of a function that states none: lognormal, median 100 ms, p99 400 ms; assumed. */
export function defaultPlacement(): Distribution {
  return new Lognormal(log(PLACEMENT_MEDIAN_MS * MICROSECONDS_PER_MILLISECOND), PLACEMENT_SIGMA)
}
