/** Rules between the keys of one function. */
import { coldStartPreset, MEASURED_RUNTIMES } from '../../model/compute/cold-start-presets.ts'
import {
  FEATURES,
  FORMER_MAXIMUM_MEMORY_MB,
  formatPlatformMonth,
} from '../../model/compute/platform-timeline.ts'
import { isManaged } from '../compile-function.ts'
import type { Problem } from '../diagnostics.ts'
import {
  LATEST,
  largestCapacity,
  largestProvisionedConcurrency,
  SHORTHAND_ALIAS,
  SHORTHAND_VERSION,
} from '../qualifiers.ts'
import type { FunctionConfig } from '../schema/function.ts'
import { isMap, valueAt } from '../schema-walk.ts'
import type { PartialScenario } from '../validate.ts'

export function checkFunctions(partial: PartialScenario): readonly Problem[] {
  const configured = [...partial.functions].flatMap(([name, config]) =>
    config === null
      ? []
      : [
          ...checkColdStart(name, config),
          ...checkFeatures(name, config, partial.platform),
          ...checkTenancy(name, config),
          ...checkFailures(name, config),
          ...checkAliases(name, config),
          ...checkProvisionedVersions(name, config),
        ],
  )
  return [...configured, ...checkHandlers(partial)]
}

/** A runtime without one measured cold start needs both parts stated. */
function checkColdStart(name: string, config: FunctionConfig): readonly Problem[] {
  const { runtime, packageType, architectures, memorySize, coldStart } = config
  if (coldStart === 'none') return []
  if (coldStartPreset(runtime, packageType, architectures, memorySize) !== null) return []
  const missing = (['init', 'firstInvocation'] as const).filter(
    (part) => coldStart[part] === undefined && !(part === 'firstInvocation' && isManaged(config)),
  )
  if (missing.length === 0) return []
  const parts = missing.map((part) => `coldStart.${part}`).join(' and ')
  return [
    {
      path: ['functions', name, 'runtime'],
      at: 'value',
      message: `no single cold start was measured for ${runtime}: state ${parts} (measured are ${MEASURED_RUNTIMES.join(', ')})`,
    },
  ]
}

function checkFeatures(
  name: string,
  config: FunctionConfig,
  platform: number | undefined,
): readonly Problem[] {
  if (platform === undefined) return []
  const problems: Problem[] = []
  const need = (feature: keyof typeof FEATURES, key: string, isUsed: boolean): void => {
    const { since, name: featureName } = FEATURES[feature]
    if (!isUsed || platform >= since) return
    problems.push({
      path: ['functions', name, key],
      at: 'value',
      message: `${featureName} exists since ${formatPlatformMonth(since)}, and the platform is that of ${formatPlatformMonth(platform)}`,
    })
  }
  need('largeMemory', 'memorySize', config.memorySize > FORMER_MAXIMUM_MEMORY_MB)
  need('arm64', 'architectures', config.architectures === 'arm64')
  need('containerImages', 'packageType', config.packageType === 'Image')
  need('tenantIsolation', 'tenancyConfig', config.tenancyConfig !== undefined)
  need(
    'provisionedConcurrency',
    'provisionedConcurrentExecutions',
    largestProvisionedConcurrency(config) > 0,
  )
  return problems
}

/** What is initialised before a request comes belongs to no tenant. */
function checkTenancy(name: string, config: FunctionConfig): readonly Problem[] {
  if (config.tenancyConfig === undefined || largestProvisionedConcurrency(config) === 0) return []
  const message =
    'tenant isolation and provisioned concurrency exclude each other: what is initialised ahead belongs to no tenant'
  return [{ path: ['functions', name, 'tenancyConfig'], at: 'key', message }]
}

function checkFailures(name: string, { handler }: FunctionConfig): readonly Problem[] {
  const { errorRate, failures } = handler
  const path = ['functions', name, 'handler', 'failures']
  if (errorRate !== undefined && failures?.error !== undefined) {
    const message = 'errorRate is short for failures.error: write one of them'
    return [{ path: ['functions', name, 'handler', 'errorRate'], at: 'key', message }]
  }
  const sum =
    (errorRate ?? failures?.error ?? 0) +
    (failures?.crash ?? 0) +
    (failures?.outOfMemory ?? 0) +
    (failures?.timeout ?? 0)
  if (sum <= 1 + 1e-9) return []
  const percent = Math.round(sum * 1e6) / 1e4
  const message = `the failures of ${name} add up to ${percent}%: an invocation fails once at most`
  return [{ path, at: 'key', message }]
}

/** Each version has one configuration of provisioned concurrency at most, whoever names it. */
function checkProvisionedVersions(name: string, config: FunctionConfig): readonly Problem[] {
  const problems: Problem[] = []
  const holders = new Map<string, string>()
  if (largestCapacity(config.provisionedConcurrentExecutions) > 0) {
    holders.set(SHORTHAND_VERSION, `alias ${SHORTHAND_ALIAS} (the function's own)`)
  }
  for (const [version, settings] of Object.entries(config.versions ?? {})) {
    if (largestCapacity(settings.provisionedConcurrentExecutions) === 0) continue
    const holder = holders.get(version)
    if (holder === undefined) {
      holders.set(version, `version ${version} itself`)
      continue
    }
    const path = ['functions', name, 'versions', version, 'provisionedConcurrentExecutions']
    problems.push({ path, at: 'value', message: secondHolder(version, holder) })
  }
  for (const [alias, settings] of Object.entries(config.aliases ?? {})) {
    const version = settings.functionVersion
    const most = largestCapacity(settings.provisionedConcurrentExecutions)
    if (most === 0 || version === LATEST) continue
    const holder = holders.get(version)
    if (holder === undefined) {
      holders.set(version, `alias ${alias}`)
      continue
    }
    const path = ['functions', name, 'aliases', alias, 'provisionedConcurrentExecutions']
    problems.push({ path, at: 'value', message: secondHolder(version, holder) })
  }
  return problems
}

function secondHolder(version: string, holder: string): string {
  return `version ${version} has provisioned concurrency by ${holder} already: a version has one configuration of it at most`
}

function checkAliases(name: string, config: FunctionConfig): readonly Problem[] {
  const problems: Problem[] = []
  const own = ['functions', name, 'aliases']
  for (const [alias, settings] of Object.entries(config.aliases ?? {})) {
    const { functionVersion, routingConfig, provisionedConcurrentExecutions } = settings
    const routed = Object.keys(routingConfig ?? {})
    const complain = (key: string, message: string): void => {
      problems.push({ path: [...own, alias, key], at: 'value', message })
    }
    if (routed.length > 1)
      complain('routingConfig', 'an alias routes to one second version at most')
    if (routed.includes(functionVersion)) {
      complain('routingConfig', `routingConfig repeats the alias's own version ${functionVersion}`)
    }
    if (functionVersion === LATEST && routed.length > 0) {
      complain('routingConfig', `an alias of ${LATEST} cannot route to a second version`)
    }
    if (functionVersion === LATEST && largestCapacity(provisionedConcurrentExecutions) > 0) {
      const message = `${LATEST} cannot have provisioned concurrency: point the alias to a published version`
      complain('provisionedConcurrentExecutions', message)
    }
  }
  const hasShorthand = config.provisionedConcurrentExecutions !== undefined
  if (hasShorthand && Object.hasOwn(config.aliases ?? {}, SHORTHAND_ALIAS)) {
    const message = `provisionedConcurrentExecutions of the function makes the alias ${SHORTHAND_ALIAS}, which aliases declares too: give it to the alias instead`
    problems.push({ path: [...own, SHORTHAND_ALIAS], at: 'key', message })
  }
  return problems
}

/** Read from the text, so that a fault elsewhere in the handler does not hide these. */
function checkHandlers({ written, functions }: PartialScenario): readonly Problem[] {
  const problems: Problem[] = []
  for (const name of functions.keys()) {
    const path = ['functions', name, 'handler']
    const handler = valueAt(written, path)
    if (!isMap(handler)) continue
    const has = (key: string): boolean => handler[key] !== undefined
    if (has('duration') && has('measuredDuration')) {
      const message = 'measuredDuration stands in place of duration: write one of them'
      problems.push({ path: [...path, 'measuredDuration'], at: 'key', message })
    }
    if (has('measuredDuration') && has('calls')) {
      const message =
        'measuredDuration contains the time of calls: it cannot be combined with calls'
      problems.push({ path: [...path, 'measuredDuration'], at: 'key', message })
    }
    for (const key of ['duration', 'measuredDuration', 'calls', 'recordDuration']) {
      if (!has('steps') || !has(key)) continue
      const message = `\`steps\` say all that the handler does: ${key} cannot stand beside them`
      problems.push({ path: [...path, key], at: 'key', message })
    }
    if (!has('duration') && !has('measuredDuration') && !has('steps')) {
      const message = `missing required key \`duration\` in functions.${name}.handler`
      problems.push({ path: [...path, 'duration'], at: 'parent', message })
    }
  }
  return problems
}
