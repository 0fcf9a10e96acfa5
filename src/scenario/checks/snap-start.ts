/** What SnapStart excludes (Lambda developer guide, "Improving startup performance with Lambda SnapStart"). */
import { formatPlatformMonth } from '../../model/compute/platform-timeline.ts'
import { SNAP_START_IMAGES_SINCE, snapStartRuntimes } from '../../model/compute/snap-start.ts'
import { hasSnapStart } from '../compile-function.ts'
import type { PathSegment, Problem } from '../diagnostics.ts'
import { largestProvisionedConcurrency } from '../qualifiers.ts'
import type { FunctionConfig } from '../schema/function.ts'
import type { PartialScenario } from '../validate.ts'

/** What of an environment's storage a snapshot may hold, MB. */
const MOST_EPHEMERAL_STORAGE_MB = 512
const REFUSED = '(AWS: InvalidParameterValueException)'

export function checkSnapStart({ functions, platform }: PartialScenario): readonly Problem[] {
  return [...functions].flatMap(([name, config]) =>
    config === null || platform === undefined ? [] : checkFunction(name, config, platform),
  )
}

function checkFunction(name: string, config: FunctionConfig, platform: number): readonly Problem[] {
  const problems: Problem[] = []
  const complain = (path: readonly PathSegment[], message: string): void => {
    problems.push({ path: ['functions', name, ...path], at: 'value', message })
  }
  if (!hasSnapStart(config)) {
    for (const key of ['restore', 'restoreHooks'] as const) {
      if (config.coldStart === 'none' || config.coldStart[key] === undefined) continue
      complain(
        ['coldStart', key],
        `${key} is a part of SnapStart: write snapStart: { applyOn: PublishedVersions }`,
      )
    }
    return problems
  }
  const known = snapStartRuntimes(platform)
  if (!known.includes(config.runtime)) {
    const list = known.length === 0 ? 'none was' : `known are ${known.join(', ')}`
    complain(
      ['snapStart', 'applyOn'],
      `${config.runtime} is not supported for SnapStart enabled functions on the platform of ${formatPlatformMonth(platform)}: ${list} ${REFUSED}`,
    )
  }
  if (config.packageType === 'Image' && platform < SNAP_START_IMAGES_SINCE) {
    complain(
      ['packageType'],
      `SnapStart of container images exists since ${formatPlatformMonth(SNAP_START_IMAGES_SINCE)}, and the platform is that of ${formatPlatformMonth(platform)} ${REFUSED}`,
    )
  }
  if (largestProvisionedConcurrency(config) > 0) {
    complain(
      ['snapStart', 'applyOn'],
      `SnapStart and provisioned concurrency exclude each other: give ${name} one of them ${REFUSED}`,
    )
  }
  if (config.ephemeralStorage.size > MOST_EPHEMERAL_STORAGE_MB) {
    complain(
      ['ephemeralStorage', 'size'],
      `SnapStart excludes ephemeral storage above ${MOST_EPHEMERAL_STORAGE_MB} MB ${REFUSED}`,
    )
  }
  return problems
}
