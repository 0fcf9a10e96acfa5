/**
 * What the schema cannot see: rules between keys, references, limits, dates. Every check works on
 * whatever part of the scenario could be read, so that all problems are reported together.
 */
import { formatDuration } from '../kernel/time.ts'
import { coldStartPreset, MEASURED_RUNTIMES } from '../model/compute/cold-start-presets.ts'
import { ALL_AT_ONCE } from '../model/compute/deployment-strategies.ts'
import {
  FEATURES,
  FORMER_MAXIMUM_MEMORY_MB,
  formatPlatformMonth,
} from '../model/compute/platform-timeline.ts'
import type { Problem } from './diagnostics.ts'
import {
  configuredProvisionedConcurrency,
  LATEST,
  resolveReference,
  SHORTHAND_ALIAS,
} from './qualifiers.ts'
import type { FunctionConfig } from './schema/function.ts'
import { isMap, valueAt } from './schema-walk.ts'
import type { PartialScenario } from './validate.ts'

/** Concurrency that can be neither reserved nor provisioned (Lambda developer guide, quotas). */
const UNRESERVED_MINIMUM = 100
/** More rows than any tool opens; a longer period is what is wanted. */
const MOST_PERIODS = 1_000_000

export function checkScenario(partial: PartialScenario): readonly Problem[] {
  return [
    ...checkTimes(partial),
    ...checkLimits(partial),
    ...[...partial.functions].flatMap(([name, config]) =>
      config === null ? [] : checkFunction(name, config, partial),
    ),
    ...checkHandlers(partial),
    ...checkTraffic(partial),
    ...checkInitial(partial),
    ...checkTimeline(partial),
  ]
}

function checkTimes({ duration, warmUp, metricsPeriod }: PartialScenario): readonly Problem[] {
  const problems: Problem[] = []
  if (duration === undefined) return problems
  const run = formatDuration(duration)
  if (warmUp !== undefined && warmUp >= duration) {
    const message = `warmUp must be shorter than the run's duration of ${run}: nothing would be left to measure`
    problems.push({ path: ['warmUp'], at: 'value', message })
  }
  if (metricsPeriod === undefined) return problems
  if (metricsPeriod > duration) {
    const message = `metricsPeriod (${formatDuration(metricsPeriod)}) must not be longer than the run (${run})`
    problems.push({ path: ['metricsPeriod'], at: 'value', message })
  }
  if (duration / metricsPeriod > MOST_PERIODS) {
    const message = `${run} in periods of ${formatDuration(metricsPeriod)} are ${Math.ceil(duration / metricsPeriod)} rows per metric: at most ${MOST_PERIODS} are written`
    problems.push({ path: ['metricsPeriod'], at: 'value', message })
  }
  return problems
}

/** What functions set aside must leave 100 of the account's concurrency to all others. */
export function checkLimits({ account, functions }: PartialScenario): readonly Problem[] {
  const problems: Problem[] = []
  let reserved = 0
  let provisioned = 0
  for (const [name, config] of functions) {
    if (config === null) continue
    const configured = configuredProvisionedConcurrency(config)
    const limit = config.reservedConcurrentExecutions
    if (limit === undefined) provisioned += configured
    else reserved += limit
    if (limit !== undefined && configured > limit) {
      problems.push({
        path: ['functions', name, 'provisionedConcurrentExecutions'],
        at: 'value',
        message: `${name} provisions ${configured}, but reserves only ${limit}: provisioned concurrency is part of the reserved`,
      })
    }
  }
  if (account === undefined) return problems
  const limit = account.concurrentExecutions
  const aside = reserved + provisioned
  const path = ['account', 'concurrentExecutions']
  if (aside > 0 && aside > limit - UNRESERVED_MINIMUM) {
    const most = Math.max(0, limit - UNRESERVED_MINIMUM)
    const message = `the functions set ${aside} aside (${reserved} reserved, ${provisioned} provisioned without reserved), but of the account's ${limit} at most ${most} can be: ${UNRESERVED_MINIMUM} always stay unreserved`
    problems.push({ path, at: 'value', message })
    return problems
  }
  const claim = account.otherFunctions.unreservedConcurrency
  if (claim > limit - aside) {
    const message = `the other functions claim ${claim}, but only ${limit - aside} of the account's concurrency is unreserved`
    problems.push({
      path: ['account', 'otherFunctions', 'unreservedConcurrency'],
      at: 'value',
      message,
    })
  }
  return problems
}

function checkFunction(
  name: string,
  config: FunctionConfig,
  partial: PartialScenario,
): readonly Problem[] {
  return [
    ...checkColdStart(name, config),
    ...checkFeatures(name, config, partial.platform),
    ...checkFailures(name, config),
    ...checkAliases(name, config),
  ]
}

/** A runtime without one measured cold start needs both parts stated. */
function checkColdStart(name: string, config: FunctionConfig): readonly Problem[] {
  const { runtime, packageType, architectures, memorySize, coldStart } = config
  if (coldStart === 'none') return []
  if (coldStartPreset(runtime, packageType, architectures, memorySize) !== null) return []
  const missing = (['init', 'firstInvocation'] as const).filter(
    (part) => coldStart?.[part] === undefined,
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
  need(
    'provisionedConcurrency',
    'provisionedConcurrentExecutions',
    configuredProvisionedConcurrency(config) > 0,
  )
  return problems
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

function checkAliases(name: string, config: FunctionConfig): readonly Problem[] {
  const problems: Problem[] = []
  const own = ['functions', name, 'aliases']
  for (const [alias, settings] of Object.entries(config.aliases ?? {})) {
    const { functionVersion, routingConfig, provisionedConcurrentExecutions = 0 } = settings
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
    if (functionVersion === LATEST && provisionedConcurrentExecutions > 0) {
      const message = `${LATEST} cannot have provisioned concurrency: point the alias to a published version`
      complain('provisionedConcurrentExecutions', message)
    }
    const version = config.versions?.[functionVersion]
    if (
      provisionedConcurrentExecutions > 0 &&
      (version?.provisionedConcurrentExecutions ?? 0) > 0
    ) {
      const message = `both alias ${alias} and its version ${functionVersion} have provisioned concurrency: only one may`
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
    if (!has('duration') && !has('measuredDuration')) {
      const message = `missing required key \`duration\` in functions.${name}.handler`
      problems.push({ path: [...path, 'duration'], at: 'parent', message })
    }
  }
  return problems
}

function checkTraffic({ traffic, functions, written }: PartialScenario): readonly Problem[] {
  const problems: Problem[] = []
  for (const [name, producer] of traffic) {
    const path = ['traffic', name, 'to']
    const to = producer?.to ?? valueAt(written, path)
    if (typeof to !== 'string') continue
    const resolution = resolveReference(to, functions)
    if (resolution.ok) continue
    const { message, suggestion } = resolution
    problems.push({
      path,
      at: 'value',
      message,
      ...(suggestion === undefined ? {} : { suggestion }),
    })
  }
  return problems
}

function checkInitial({ initial, functions }: PartialScenario): readonly Problem[] {
  const problems: Problem[] = []
  for (const [name, settings] of Object.entries(initial?.functions ?? {})) {
    const path = ['initial', 'functions', name]
    const resolution = resolveReference(name, functions)
    if (!resolution.ok) {
      const { message, suggestion } = resolution
      problems.push({
        path,
        at: 'key',
        message,
        ...(suggestion === undefined ? {} : { suggestion }),
      })
      continue
    }
    const ready = settings.provisionedConcurrentExecutions
    const config = functions.get(name) ?? null
    if (ready === undefined || config === null) continue
    const message = faultOfInitialProvisioned(name, config, ready)
    if (message === null) continue
    problems.push({ path: [...path, 'provisionedConcurrentExecutions'], at: 'value', message })
  }
  return problems
}

function faultOfInitialProvisioned(
  name: string,
  config: FunctionConfig,
  ready: number,
): string | null {
  const configured = provisionedQualifiers(config)
  if (configured.length === 0) return `${name} has no provisioned concurrency to be ready`
  if (configured.length > 1) {
    return `${name} has provisioned concurrency on ${configured.join(' and ')}: which is meant cannot be said`
  }
  const most = configuredProvisionedConcurrency(config)
  return ready > most ? `at most ${most} are configured, so ${ready} cannot be ready` : null
}

/** Aliases and versions for which provisioned concurrency is written, even as 0. */
export function provisionedQualifiers(config: FunctionConfig): readonly string[] {
  const shorthand = config.provisionedConcurrentExecutions === undefined ? [] : [SHORTHAND_ALIAS]
  const aliases = Object.entries(config.aliases ?? {}).flatMap(([alias, settings]) =>
    settings.provisionedConcurrentExecutions === undefined ? [] : [alias],
  )
  return [...shorthand, ...aliases, ...Object.keys(config.versions ?? {})]
}

function checkTimeline({ timeline, functions, duration, written }: PartialScenario) {
  const problems: Problem[] = []
  for (const [index, entry] of timeline.entries()) {
    if (entry !== null && duration !== undefined && entry.at >= duration) {
      const message = `the run ends at ${formatDuration(duration)}: this would never happen`
      problems.push({ path: ['timeline', index, 'at'], at: 'value', message })
    }
    const path = ['timeline', index, 'deploy']
    const deployed = valueAt(written, path)
    if (typeof deployed !== 'string') continue
    if (deployed.includes(':')) {
      const message = 'a deployment is of a function: write its name without a qualifier'
      problems.push({ path, at: 'value', message })
      continue
    }
    const resolution = resolveReference(deployed, functions)
    if (!resolution.ok) {
      const { message, suggestion } = resolution
      problems.push({
        path,
        at: 'value',
        message,
        ...(suggestion === undefined ? {} : { suggestion }),
      })
      continue
    }
    const config = functions.get(resolution.reference.functionName) ?? null
    if (config === null || entry === null || !('deploy' in entry)) continue
    if (entry.strategy === ALL_AT_ONCE.name || hasAlias(config)) continue
    const message = `${entry.strategy} shifts traffic with an alias, and ${deployed} has none: use ${ALL_AT_ONCE.name}`
    problems.push({ path: ['timeline', index, 'strategy'], at: 'value', message })
  }
  return problems
}

function hasAlias(config: FunctionConfig): boolean {
  const hasShorthand = config.provisionedConcurrentExecutions !== undefined
  return hasShorthand || Object.keys(config.aliases ?? {}).length > 0
}

/** Nothing is wrong, but it will surprise: provisioned concurrency that no traffic can use. */
export function unreachableProvisioned({ functions, traffic }: PartialScenario): readonly string[] {
  const warnings: string[] = []
  for (const [name, config] of functions) {
    if (config === null || configuredProvisionedConcurrency(config) === 0) continue
    const targets = [...traffic.values()].flatMap((producer) => {
      const resolution = producer === null ? null : resolveReference(producer.to, functions)
      return resolution?.ok && resolution.reference.functionName === name ? [producer?.to] : []
    })
    const bare = config.provisionedConcurrentExecutions === undefined ? '' : SHORTHAND_ALIAS
    const reached = targets.map((to) => to?.split(':')[1] ?? bare)
    for (const qualifier of provisionedQualifiers(config)) {
      if (reached.includes(qualifier)) continue
      const where =
        targets.length === 0 ? 'none goes to this function' : `it goes to ${targets.join(', ')}`
      warnings.push(
        `functions.${name}: no traffic reaches the provisioned concurrency of ${qualifier}: ${where}, not to ${name}:${qualifier}`,
      )
    }
  }
  return warnings
}
