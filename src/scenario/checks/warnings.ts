/** Nothing is wrong, but it will surprise. */
import { formatDuration } from '../../kernel/time.ts'
import { hasSnapStart } from '../compile-function.ts'
import { eventsOf, placedReferences } from '../nodes.ts'
import {
  LATEST,
  largestProvisionedConcurrency,
  provisionedQualifiers,
  resolveReference,
  SHORTHAND_ALIAS,
} from '../qualifiers.ts'
import type { FunctionConfig } from '../schema/function.ts'
import type { PartialScenario } from '../validate.ts'
import { loopWarnings } from './loops.ts'
import { deploymentsWithoutRoom } from './managed-room.ts'

export function surprises(partial: PartialScenario): readonly string[] {
  return [
    ...unreachableProvisioned(partial),
    ...unusedSnapStart(partial),
    ...unreachedDeployments(partial),
    ...deploymentsWithoutRoom(partial),
    ...afterTheEnd(partial),
    ...loopWarnings(partial),
  ]
}

/** Timeline entries that the run does not reach, as when it is cut short for a trial. */
function afterTheEnd({ timeline, duration }: PartialScenario): readonly string[] {
  return timeline.flatMap((entry, index) => {
    if (entry === null || duration === undefined || entry.at < duration) return []
    return [
      `timeline.${index}: at ${formatDuration(entry.at)} the run of ${formatDuration(duration)} is over: this never happens`,
    ]
  })
}

/** Provisioned concurrency that no traffic can use. */
function unreachableProvisioned(partial: PartialScenario): readonly string[] {
  const { functions } = partial
  const callers = callersOf(partial)
  const warnings: string[] = []
  for (const [name, config] of functions) {
    if (config === null || largestProvisionedConcurrency(config) === 0) continue
    const targets = callers.flatMap((to) => {
      const resolution = resolveReference(to, functions)
      return resolution.ok && resolution.reference.functionName === name ? [to] : []
    })
    const bare = config.provisionedConcurrentExecutions === undefined ? '' : SHORTHAND_ALIAS
    const reached = targets.map((to) => to.split(':')[1] ?? bare)
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

/** SnapStart that no traffic can use. */
function unusedSnapStart(partial: PartialScenario): readonly string[] {
  const { functions } = partial
  const callers = callersOf(partial)
  return [...functions].flatMap(([name, config]) => {
    if (config === null || !hasSnapStart(config)) return []
    const isUsed = callers.some((to) => {
      const target = resolveReference(to, functions)
      if (!target.ok || target.reference.functionName !== name) return false
      return leadsToPublished(config, target.reference.qualifier)
    })
    if (isUsed) return []
    return [
      `functions.${name}: SnapStart starts published versions, and no traffic reaches one: give ${name} an alias and send the traffic to it`,
    ]
  })
}

function leadsToPublished(config: FunctionConfig, qualifier: string): boolean {
  if (qualifier === '') return config.provisionedConcurrentExecutions !== undefined
  return qualifier !== LATEST && config.aliases?.[qualifier]?.functionVersion !== LATEST
}

/** Every reference that leads, or may lead, to a function: of traffic, events and other nodes. */
function callersOf(partial: PartialScenario): readonly string[] {
  const { functions, traffic } = partial
  return [
    ...[...traffic.values()].flatMap((producer) => (producer === null ? [] : [producer.to])),
    ...eventsOf(functions).map(({ functionName, event }) =>
      event.qualifier === undefined ? functionName : `${functionName}:${event.qualifier}`,
    ),
    ...placedReferences(partial).flatMap(({ to, sections }) =>
      sections.includes('functions') ? [to] : [],
    ),
  ]
}

/** A deployment of $LATEST while all traffic goes to aliases, which stay on their versions. */
function unreachedDeployments(partial: PartialScenario): readonly string[] {
  const { functions, timeline } = partial
  const callers = callersOf(partial)
  return timeline.flatMap((entry) => {
    if (entry === null || !('deploy' in entry)) return []
    const deployed = resolveReference(entry.deploy, functions)
    const name = deployed.ok ? deployed.reference.functionName : ''
    const config = functions.get(name) ?? null
    if (config?.aliases === undefined || config.provisionedConcurrentExecutions !== undefined)
      return []
    const isReached = callers.some((to) => {
      const target = resolveReference(to, functions)
      if (!target.ok || target.reference.functionName !== name) return false
      return ['', LATEST].includes(target.reference.qualifier)
    })
    if (isReached) return []
    return [
      `timeline: the deployment of ${name} changes ${LATEST}, which no traffic reaches: its aliases stay on their versions`,
    ]
  })
}
