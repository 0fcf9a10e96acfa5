/** References of resources and events, and the rules that their kinds know. */
import type { Fault } from '../../model/entry.ts'
import { fifoFaults } from '../../model/messages/delivery-schema.ts'
import type { PathSegment, Problem } from '../diagnostics.ts'
import { destinationReferences } from '../function-references.ts'
import {
  checkContext,
  commandTarget,
  eventEntry,
  eventsOf,
  placedReferences,
  resolveTarget,
  resourceEntry,
} from '../nodes.ts'
import { resolveReference } from '../qualifiers.ts'
import type { FunctionConfig } from '../schema/function.ts'
import { TIMELINE_VERBS } from '../schema/timeline-verbs.ts'
import { valueAt } from '../schema-walk.ts'
import type { PartialScenario } from '../validate.ts'

export function checkNodes(partial: PartialScenario): readonly Problem[] {
  return [
    ...unresolvedReferences(partial),
    ...unresolvedQualifiers(partial),
    ...kindFaults(partial),
    ...commandFaults(partial),
  ]
}

function unresolvedReferences(partial: PartialScenario): readonly Problem[] {
  return placedReferences(partial).flatMap(({ path, to, sections, role }): Problem[] => {
    const resolution = resolveTarget(partial, to, sections, role)
    if (resolution.ok) return []
    const { message, suggestion } = resolution
    return [{ path, at: 'value', message, ...(suggestion === undefined ? {} : { suggestion }) }]
  })
}

/** The alias or version that an event invokes. */
function unresolvedQualifiers({ functions }: PartialScenario): readonly Problem[] {
  return eventsOf(functions).flatMap(({ functionName, event, path }): Problem[] => {
    if (event.qualifier === undefined) return []
    const resolution = resolveReference(`${functionName}:${event.qualifier}`, functions)
    if (resolution.ok) return []
    const { message, suggestion } = resolution
    const hint = suggestion === undefined ? {} : { suggestion }
    return [{ path: [...path, 'qualifier'], at: 'value', message, ...hint }]
  })
}

function kindFaults(partial: PartialScenario): readonly Problem[] {
  const context = checkContext(partial)
  const placed = (path: readonly PathSegment[], faults: readonly Fault[] = []): Problem[] =>
    faults.map((fault) => ({
      path: [...path, ...fault.path],
      at: 'value',
      message: fault.message,
    }))
  const ofResources = [...partial.resources].flatMap(([section, configs]) =>
    [...configs].flatMap(([name, config]) =>
      config === null
        ? []
        : placed([section, name], resourceEntry(section).check?.(name, config, context)),
    ),
  )
  const ofEvents = eventsOf(partial.functions).flatMap((place) => {
    const { functionName, eventName, event, config, path } = place
    const edge = edgeOf(functionName, eventName, event)
    return placed(path, eventEntry(event).check?.(edge, edgeFunction(config), context))
  })
  const ofFunctions = [...partial.functions].flatMap(([name, config]) =>
    config === null
      ? []
      : placed(['functions', name], fifoFaults(destinationReferences(config), context)),
  )
  return [...ofResources, ...ofFunctions, ...ofEvents]
}

/** Verbs of the timeline that name nothing, or nothing that knows them. */
function commandFaults(partial: PartialScenario): readonly Problem[] {
  const context = checkContext(partial)
  return partial.timeline.flatMap((entry, index): Problem[] => {
    if (entry === null || !('verb' in entry)) return []
    const target = commandTarget(partial, entry)
    const problems: Problem[] = []
    if (!target.ok && !isOfFaultyFunction(partial, entry.named)) {
      const { message, suggestion } = target
      problems.push({
        path: ['timeline', index, entry.verb],
        at: 'value',
        message,
        ...(suggestion === undefined ? {} : { suggestion }),
      })
    }
    const command = TIMELINE_VERBS.find(({ verb }) => verb === entry.verb)?.command
    const fault = target.ok
      ? command?.check?.(nameOf(target.partPath), context, entry.options)
      : undefined
    if (fault !== undefined) {
      problems.push({ path: ['timeline', index, entry.verb], at: 'value', message: fault })
    }
    for (const { path, to, sections, role } of command?.references?.(entry.options) ?? []) {
      const resolution = resolveTarget(partial, to, sections, role)
      if (resolution.ok) continue
      const { message, suggestion } = resolution
      problems.push({
        path: ['timeline', index, ...path],
        at: 'value',
        message,
        ...(suggestion === undefined ? {} : { suggestion }),
      })
    }
    return problems
  })
}

/** `queues.failed` is `failed`. */
function nameOf(partPath: string): string {
  return partPath.slice(partPath.indexOf('.') + 1)
}

/** What kinds warn of. */
export function nodeWarnings(partial: PartialScenario): readonly string[] {
  const context = checkContext(partial)
  const ofResources = [...partial.resources].flatMap(([section, configs]) =>
    [...configs].flatMap(([name, config]) =>
      config === null
        ? []
        : (resourceEntry(section).warnings?.(name, config, context) ?? []).map(
            (warning) => `${section}.${name}: ${warning}`,
          ),
    ),
  )
  const ofEvents = eventsOf(partial.functions).flatMap((place) => {
    const { functionName, eventName, event, config, path } = place
    const edge = edgeOf(functionName, eventName, event)
    const warnings = eventEntry(event).warnings?.(edge, edgeFunction(config), context) ?? []
    return warnings.map((warning) => `${path.join('.')}: ${warning}`)
  })
  return [...ofResources, ...ofEvents, ...commandWarnings(partial)]
}

function commandWarnings(partial: PartialScenario): readonly string[] {
  const context = checkContext(partial)
  return partial.timeline.flatMap((entry, index): string[] => {
    if (entry === null || !('verb' in entry)) return []
    const target = commandTarget(partial, entry)
    const command = TIMELINE_VERBS.find(({ verb }) => verb === entry.verb)?.command
    const warning = target.ok ? command?.warning?.(nameOf(target.partPath), context) : undefined
    return warning === undefined ? [] : [`timeline.${index}: ${warning}`]
  })
}

/** An event that is written, of a function with other faults: these are told where they are. */
function isOfFaultyFunction({ functions, written }: PartialScenario, named: string): boolean {
  const [owner, event] = named
    .replace(/^functions\./, '')
    .replace('.events.', '.')
    .split('.')
  if (owner === undefined || event === undefined || functions.get(owner) !== null) return false
  return valueAt(written, ['functions', owner, 'events', event]) !== undefined
}

export function edgeOf(functionName: string, eventName: string, config: unknown) {
  return {
    name: `${functionName}.${eventName}`,
    path: `functions.${functionName}.events.${eventName}`,
    functionName,
    config,
  }
}

function edgeFunction({ timeout, reservedConcurrentExecutions }: FunctionConfig) {
  return { timeoutUs: timeout, reservedConcurrency: reservedConcurrentExecutions ?? null }
}
