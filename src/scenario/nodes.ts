/** What can be named in a scenario, and what a name leads to. */

import type { PlatformMonth } from '../model/compute/platform-timeline.ts'
import type { CheckContext, EventSourceEntry, Reference, ResourceEntry } from '../model/entry.ts'
import type { Clock, Flow } from '../model/forecast-inputs.ts'
import { EVENT_SOURCES } from '../model/invocation/event-sources.ts'
import { type NodeName, resolveNode } from '../model/node-names.ts'
import { RESOURCES } from '../model/resources/index.ts'
import { SECTIONS, type Section } from '../model/world.ts'
import { nearest, type PathSegment } from './diagnostics.ts'
import { functionReferences } from './function-references.ts'
import { resolveReference } from './qualifiers.ts'
import { NAME_PATTERN } from './schema/common.ts'
import type { FunctionConfig } from './schema/function.ts'
import type { Scenario } from './schema/scenario.ts'
import { TIMELINE_VERBS } from './schema/timeline-verbs.ts'
import type { PartialScenario } from './validate.ts'

export type EventConfig = NonNullable<FunctionConfig['events']>[string]

/** A reference and where it stands. */
export interface PlacedReference extends Omit<Reference, 'path'> {
  readonly path: readonly PathSegment[]
}

export type TargetResolution =
  | { readonly ok: true; readonly node: NodeName }
  | { readonly ok: false; readonly message: string; readonly suggestion?: string }

/** What names may lead to. */
export type Nodes = Pick<PartialScenario, 'functions' | 'resources' | 'mentions'>

export function nodesOf(scenario: Scenario): Nodes {
  const sections: Readonly<Record<string, unknown>> = scenario
  return {
    functions: new Map(Object.entries(scenario.functions)),
    resources: new Map(
      RESOURCES.map(({ section }) => [
        section,
        new Map(Object.entries(sections[section] as Readonly<Record<string, unknown>>)),
      ]),
    ),
    mentions: [],
  }
}

function namesIn(
  { functions, resources }: Pick<Nodes, 'functions' | 'resources'>,
  section: Section,
): readonly string[] {
  const names = section === 'functions' ? functions.keys() : resources.get(section)?.keys()
  // A key that is no name has its own problem and is nothing to recommend.
  return [...(names ?? [])].filter((name) => NAME_PATTERN.test(name))
}

/** What a reference leads to, a function's qualifier included. */
export function resolveTarget(
  nodes: Nodes,
  text: string,
  sections: readonly Section[],
  role?: string,
): TargetResolution {
  const resolution = resolveNode(text, sections, (section) => namesIn(nodes, section), role)
  if (!resolution.ok) {
    const written = (text.split(':')[0] ?? text).replace(/^[a-z]+\./, '')
    const suggestion = nearest(written, resolution.known)
    const { message } = resolution
    return { ok: false, message, ...(suggestion === undefined ? {} : { suggestion }) }
  }
  if (resolution.node.section !== 'functions') return resolution
  const qualified = resolveReference(text, nodes.functions)
  return qualified.ok ? resolution : qualified
}

/** What a producer calls: anything; where only functions are declared, messages speak of them. */
export function resolveProducerTarget(nodes: Nodes, text: string): TargetResolution {
  const declared = SECTIONS.filter(
    (section) =>
      section === 'functions' ||
      (resourceEntry(section).isNoTarget !== true && namesIn(nodes, section).length > 0),
  )
  return resolveTarget(nodes, text, declared, 'what a producer calls')
}

export interface EventPlace {
  readonly functionName: string
  readonly config: FunctionConfig
  readonly eventName: string
  readonly event: EventConfig
  readonly path: readonly PathSegment[]
}

/** The events of all functions that could be read. */
export function eventsOf(functions: PartialScenario['functions']): readonly EventPlace[] {
  return [...functions].flatMap(([functionName, config]) =>
    Object.entries(config?.events ?? {}).map(([eventName, event]) => ({
      functionName,
      config: config!,
      eventName,
      event,
      path: ['functions', functionName, 'events', eventName],
    })),
  )
}

export function resourceEntry(section: Section): ResourceEntry {
  const entry = RESOURCES.find((candidate) => candidate.section === section)
  if (entry === undefined) throw new RangeError(`there are no ${section}`)
  return entry as ResourceEntry
}

export function eventEntry({ type }: EventConfig): EventSourceEntry {
  const entry = EVENT_SOURCES.find(({ kind }) => kind === type)
  if (entry === undefined) throw new RangeError(`there is no event type ${type}`)
  return entry as unknown as EventSourceEntry
}

/** Every reference of the scenario but those of `traffic` and `timeline`. */
export function placedReferences({
  functions,
  resources,
  mentions,
}: Nodes): readonly PlacedReference[] {
  const placed = (
    path: readonly PathSegment[],
    references: readonly Reference[] = [],
  ): PlacedReference[] =>
    references.map((reference) => ({ ...reference, path: [...path, ...reference.path] }))
  const ofResources = [...resources].flatMap(([section, configs]) =>
    [...configs].flatMap(([name, config]) =>
      config === null ? [] : placed([section, name], resourceEntry(section).references?.(config)),
    ),
  )
  const ofEvents = eventsOf(functions).flatMap(({ event, path }) =>
    placed(path, eventEntry(event).references?.(event)),
  )
  const ofFunctions = [...functions].flatMap(([name, config]) =>
    config === null ? [] : placed(['functions', name], functionReferences(config)),
  )
  return [...ofResources, ...ofFunctions, ...ofEvents, ...mentions]
}

/** How messages move from node to node while nothing fails. */
export function flowsOf(nodes: Nodes, platform: PlatformMonth): readonly Flow[] {
  const flows: Flow[] = []
  const context = { platform, configOf: configReader(nodes) }
  const references = placedReferences(nodes)
  for (const reference of references) {
    const { path, to, sections, sends, isAwaited } = reference
    const meanShare = shareAmong(references, reference)
    const resolution = resolveTarget(nodes, to, sections)
    if (meanShare === undefined || !resolution.ok) continue
    const owner = path.slice(0, 2).join('.')
    const other = `${resolution.node.section}.${resolution.node.name}`
    const [from, into] = sends ? [owner, other] : [other, owner]
    const polling = sends ? undefined : pollingOf(nodes, path, context)
    flows.push({
      from,
      to: into,
      meanShare,
      isSynchronous: isAwaited === true,
      ...(polling === undefined ? {} : { polling }),
    })
  }
  return flows
}

/** Where several share what a node gets, each has its part by weight. */
function shareAmong(
  references: readonly PlacedReference[],
  { to, weight, meanShare }: PlacedReference,
): number | undefined {
  if (meanShare === undefined || weight === undefined) return meanShare
  const whole = references
    .filter((other) => other.to === to && other.weight !== undefined)
    .reduce((sum, other) => sum + other.weight!, 0)
  return (meanShare * weight) / whole
}

/** What the event at a path can do at once; undefined where it does not poll. */
function pollingOf(
  { functions }: Nodes,
  [, functionName, , eventName]: readonly PathSegment[],
  context: Pick<CheckContext, 'platform' | 'configOf'>,
): Flow['polling'] {
  const event = functions.get(String(functionName))?.events?.[String(eventName)]
  const capacity = event === undefined ? undefined : eventEntry(event).capacity?.(event, context)
  const partPath = `functions.${functionName}.events.${eventName}`
  return capacity && { name: `${functionName}.${eventName}`, partPath, ...capacity }
}

/** Events that nothing is sent to, with how often they fire. */
export function clocksOf(
  { functions, resources }: Nodes,
  run: { readonly startsAtMs: number; readonly durationUs: number },
): readonly Clock[] {
  const ofFunctions = eventsOf(functions).flatMap(({ functionName, eventName, event }): Clock[] => {
    const firings = eventEntry(event).firings?.(event, run)
    const path = `functions.${functionName}`
    if (firings === undefined) return []
    return [{ name: `${functionName}.${eventName}`, kind: event.type, path, ...firings }]
  })
  const ofResources = [...resources].flatMap(([section, configs]) =>
    [...configs].flatMap(([name, config]) =>
      (resourceEntry(section).firings?.(name, config, run) ?? []).map((clock) => ({
        ...clock,
        path: `${section}.${name}`,
      })),
    ),
  )
  return [...ofFunctions, ...ofResources]
}

/** The configuration of what a reference leads to. */
export function configReader(nodes: Nodes): CheckContext['configOf'] {
  return (text, sections) => {
    const resolution = resolveTarget(nodes, text, sections)
    if (!resolution.ok) return undefined
    const { section, name } = resolution.node
    const config =
      section === 'functions' ? nodes.functions.get(name) : nodes.resources.get(section)?.get(name)
    return config ?? undefined
  }
}

/** The functions that something sends asynchronous events. */
export function functionsWithEvents(
  nodes: Nodes,
  producers: readonly (Scenario['traffic'][string] | null)[],
): ReadonlySet<string> {
  const names = new Set<string>()
  for (const { functionName, event } of eventsOf(nodes.functions)) {
    if (eventEntry(event).model === 'asynchronous') names.add(functionName)
  }
  const add = (text: string, sections: readonly Section[]): void => {
    const resolution = resolveTarget(nodes, text, sections)
    if (resolution.ok && resolution.node.section === 'functions') names.add(resolution.node.name)
  }
  for (const { to, sections, isAwaited } of placedReferences(nodes)) {
    if (isAwaited !== true) add(to, sections)
  }
  for (const producer of producers) {
    if (producer?.invocationType === 'Event') add(producer.to, SECTIONS)
  }
  return names
}

export type CommandTarget =
  | { readonly ok: true; readonly partPath: string }
  | { readonly ok: false; readonly message: string; readonly suggestion?: string }

/** What a verb of the timeline names: a resource, or an event as FUNCTION.EVENT. */
export function commandTarget(
  nodes: Nodes,
  { verb, named }: { readonly verb: string; readonly named: string },
): CommandTarget {
  const known = TIMELINE_VERBS.find((candidate) => candidate.verb === verb)
  if (known === undefined) throw new RangeError(`there is no verb ${verb}`)
  const { sections, types } = known
  const events = eventsOf(nodes.functions).filter(({ event }) => types.includes(event.type))
  const bare = named.replace(/^functions\./, '').replace('.events.', '.')
  const place = events.find(
    ({ functionName, eventName }) => `${functionName}.${eventName}` === bare,
  )
  if (place !== undefined) return { ok: true, partPath: place.path.join('.') }
  if (sections.length > 0) {
    const resolution = resolveTarget(nodes, named, sections, `what \`${verb}\` names`)
    if (!resolution.ok) return resolution
    const { section, name } = resolution.node
    return { ok: true, partPath: `${section}.${name}` }
  }
  const names = events.map(({ functionName, eventName }) => `${functionName}.${eventName}`)
  const list = names.length === 0 ? 'none is declared' : `known are ${names.join(', ')}`
  const suggestion = nearest(bare, names)
  return {
    ok: false,
    message: `\`${verb}\` names an event as FUNCTION.EVENT, and there is no \`${named}\`: ${list}`,
    ...(suggestion === undefined ? {} : { suggestion }),
  }
}

/** AWS's quota where nobody has raised it: of the integration timeout of REST APIs. */
const GATEWAY_TIMEOUT_US = 29_000_000

/** What the checks of entries may look at. */
export function checkContext(partial: PartialScenario): CheckContext {
  const references = placedReferences(partial)
  return {
    platform: partial.platform ?? 0,
    region: partial.account?.region ?? '',
    durationUs: partial.duration ?? 0,
    gatewayTimeoutUs: partial.account?.apiGateway?.integrationTimeout ?? GATEWAY_TIMEOUT_US,
    configOf: configReader(partial),
    hasAsynchronousEvents: (functionName) =>
      functionsWithEvents(partial, [...partial.traffic.values()]).has(functionName),
    referencesTo: (section, name) =>
      references.flatMap(({ path, to, sections, role, sends }) => {
        const resolution = resolveTarget(partial, to, sections)
        const isMeant =
          resolution.ok && resolution.node.section === section && resolution.node.name === name
        return isMeant ? [{ path: path.join('.'), role, sends }] : []
      }),
  }
}
