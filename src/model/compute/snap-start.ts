/**
 * SnapStart: a published version's environments are restored from a snapshot that was taken after
 * init, when the version was published. Source: Lambda developer guide, "Improving startup
 * performance with Lambda SnapStart".
 */
import { MICROSECONDS_PER_HOUR } from '../../kernel/time.ts'
import type { FunctionSettings } from '../compiled-scenario.ts'
import type { Distribution } from '../distributions/distribution.ts'
import type { Recorder } from '../metrics/recorder.ts'
import type { CounterSeries, DurationSeries, GaugeSeries } from '../metrics/series.ts'
import { type PlatformMonth, platformMonth } from './platform-timeline.ts'
import { RUNTIMES } from './runtimes.ts'

export interface RestoreSettings {
  /** Resuming from the snapshot; not billed. */
  readonly time: Distribution
  /** Hooks after the restore; billed. */
  readonly hooks: Distribution
}

/** For Java; AWS's date (developer guide, "Document history"). */
const JAVA_SINCE = platformMonth(2022, 11)
const PYTHON_AND_DOTNET_SINCE = platformMonth(2024, 11)
/** The month in 2026 is assumed. */
export const SNAP_START_IMAGES_SINCE = platformMonth(2026, 1)

/** Since when a runtime has SnapStart; null: it has not. */
function snapStartSince(runtime: string): PlatformMonth | null {
  const [, family, major, minor = '0'] = /^([a-z]+)(\d+)(?:\.(\d+))?/.exec(runtime) ?? []
  if (family === 'java' && Number(major) >= 11) return JAVA_SINCE
  const isPython = family === 'python' && Number(major) === 3 && Number(minor) >= 12
  const isDotnet = family === 'dotnet' && Number(major) >= 8
  return isPython || isDotnet ? PYTHON_AND_DOTNET_SINCE : null
}

/** The runtimes that had SnapStart in a month. */
export function snapStartRuntimes(platform: PlatformMonth): readonly string[] {
  return RUNTIMES.filter((runtime) => {
    const since = snapStartSince(runtime)
    return since !== null && platform >= since
  })
}

/** What is not published. */
export const LATEST = '$LATEST'

/**
 * What a cold start takes on average before the handler runs, us: with a restore where a published
 * version may be called that has SnapStart.
 */
export function meanStartUs({
  coldStart: { placement, init, restore },
  versions,
}: Pick<FunctionSettings, 'coldStart' | 'versions'>): number {
  const isPublished = versions.some((version) => version !== LATEST)
  const isRestored = restore !== null && isPublished
  return placement.mean + (isRestored ? restore.time.mean + restore.hooks.mean : init.mean)
}

/** A published version's snapshot is billed for at least so long (aws.amazon.com/lambda/pricing). */
const LEAST_CACHE_US = 3 * MICROSECONDS_PER_HOUR

/** What SnapStart did and keeps, for the metrics and the bill. */
export class SnapStartMeter {
  readonly restoreDuration: DurationSeries
  readonly restores: CounterSeries
  readonly snapshots: GaugeSeries
  /** When versions were published; those of time 0 were there before. */
  private readonly publishedUs: number[] = []

  constructor(recorder: Recorder, functionName: string) {
    this.restoreDuration = recorder.duration('function', functionName, 'RestoreDuration')
    this.restores = recorder.counter('function', functionName, 'SnapStartRestores')
    this.snapshots = recorder.gauge('function', functionName, 'SnapStartSnapshots')
  }

  published(nowUs: number): void {
    this.snapshots.add(1)
    if (nowUs > 0) this.publishedUs.push(nowUs)
  }

  /** What snapshots of versions published in the run lack of the shortest time that is billed, us. */
  untilLeastUs(nowUs: number): number {
    return this.publishedUs.reduce(
      (sum, publishedUs) => sum + Math.max(0, LEAST_CACHE_US - (nowUs - publishedUs)),
      0,
    )
  }

  restored(durationUs: number): void {
    this.restoreDuration.record(durationUs)
    this.restores.add(1)
  }
}
