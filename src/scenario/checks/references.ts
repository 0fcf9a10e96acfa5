/** References between sections, and what depends on the entity that they name. */
import { ALL_AT_ONCE } from '../../model/compute/deployment-strategies.ts'
import type { PathSegment, Problem } from '../diagnostics.ts'
import { notYetSupportedSection } from '../known-words.ts'
import {
  configuredProvisionedConcurrency,
  LATEST,
  provisionedQualifiers,
  resolveReference,
  SHORTHAND_ALIAS,
} from '../qualifiers.ts'
import type { FunctionConfig } from '../schema/function.ts'
import { valueAt } from '../schema-walk.ts'
import type { PartialScenario } from '../validate.ts'

/** Where references stand: traffic, the timeline, the initial state. */
export function checkReferences(partial: PartialScenario): readonly Problem[] {
  return [...checkTraffic(partial), ...checkInitial(partial), ...checkTimeline(partial)]
}

function unresolved(
  path: readonly PathSegment[],
  at: Problem['at'],
  { message, suggestion }: { readonly message: string; readonly suggestion?: string },
): Problem {
  return { path, at, message, ...(suggestion === undefined ? {} : { suggestion }) }
}

function checkTraffic({ traffic, functions, written }: PartialScenario): readonly Problem[] {
  const problems: Problem[] = []
  for (const [name, producer] of traffic) {
    const path = ['traffic', name, 'to']
    const to = producer?.to ?? valueAt(written, path)
    if (typeof to !== 'string') continue
    const resolution = resolveReference(to, functions)
    if (resolution.ok) continue
    const later = notYetSupportedSection(to, written)
    const fault =
      later === undefined
        ? resolution
        : { message: `\`${to}\` is one of \`${later}\`, which is not supported yet` }
    problems.push(unresolved(path, 'value', fault))
  }
  return problems
}

function checkInitial({ initial, functions }: PartialScenario): readonly Problem[] {
  const problems: Problem[] = []
  for (const [name, settings] of Object.entries(initial?.functions ?? {})) {
    const path = ['initial', 'functions', name]
    const resolution = resolveReference(name, functions)
    if (!resolution.ok) {
      problems.push(unresolved(path, 'key', resolution))
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

function checkTimeline({ timeline, functions, written }: PartialScenario) {
  const problems: Problem[] = []
  for (const [index, entry] of timeline.entries()) {
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
      problems.push(unresolved(path, 'value', resolution))
      continue
    }
    const config = functions.get(resolution.reference.functionName) ?? null
    if (config === null || entry === null || !('deploy' in entry)) continue
    if (entry.strategy === ALL_AT_ONCE.name || hasAlias(config)) continue
    const message = `${entry.strategy} shifts the traffic of an alias, and ${deployed} means ${LATEST}: use ${ALL_AT_ONCE.name}, or give ${deployed} provisionedConcurrentExecutions (0 is enough), which makes alias ${SHORTHAND_ALIAS}`
    problems.push({ path: ['timeline', index, 'strategy'], at: 'value', message })
  }
  return problems
}

/** Only the shorthand makes the bare name mean an alias, whose traffic can be shifted. */
function hasAlias(config: FunctionConfig): boolean {
  return config.provisionedConcurrentExecutions !== undefined
}
