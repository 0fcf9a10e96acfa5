/**
 * The names that stand in entities with faults. They are read from the text as far as it can be
 * understood, so that a name that leads nowhere is told together with the faults around it, and
 * that a name that leads somewhere counts.
 */
import type { Reference } from '../model/entry.ts'
import { EVENT_SOURCES } from '../model/invocation/event-sources.ts'
import { vpcReferences } from '../model/network/schema.ts'
import { RESOURCES } from '../model/resources/index.ts'
import type { PathSegment } from './diagnostics.ts'
import { destinationReferences } from './function-references.ts'
import { legiblePart } from './legible.ts'
import type { PlacedReference } from './nodes.ts'
import { writtenTargets } from './schema/calls.ts'
import { lambdaFunction } from './schema/function.ts'
import { isMap } from './schema-walk.ts'
import type { PartialScenario } from './validate.ts'

type Written = Readonly<Record<string, unknown>>

/** Every reference that entities make which could not be read. */
export function mentionsOf({
  written,
  functions,
  resources,
}: Pick<PartialScenario, 'written' | 'functions' | 'resources'>): readonly PlacedReference[] {
  const mentions: PlacedReference[] = []
  const read = (
    section: string,
    entities: ReadonlyMap<string, unknown>,
    referencesOf: (entity: Written) => readonly Reference[],
  ): void => {
    const declared = written[section]
    for (const [name, config] of entities) {
      const entity = isMap(declared) ? declared[name] : undefined
      if (config === null && isMap(entity)) {
        mentions.push(...below([section, name], referencesOf(entity)))
      }
    }
  }
  read('functions', functions, ofFunction)
  for (const { section, schema, references } of RESOURCES) {
    const namesOf = references as ((config: unknown) => readonly Reference[]) | undefined
    read(section, resources.get(section) ?? new Map(), (entity) => {
      const config = legiblePart(schema, entity)
      return config === undefined ? [] : (namesOf?.(config) ?? [])
    })
  }
  return mentions
}

function below(
  path: readonly PathSegment[],
  references: readonly Reference[],
): readonly PlacedReference[] {
  return references.map((reference) => ({ ...reference, path: [...path, ...reference.path] }))
}

function ofFunction(entity: Written): readonly Reference[] {
  return [
    ...ofDestinations(entity),
    ...ofHandler(entity.handler),
    ...ofEvents(entity.events),
    ...vpcReferences(legiblePart(lambdaFunction.shape.vpcConfig, entity.vpcConfig)),
  ]
}

function ofDestinations({ eventInvokeConfig, deadLetterConfig }: Written): readonly Reference[] {
  const { shape } = lambdaFunction
  return destinationReferences({
    eventInvokeConfig:
      legiblePart(shape.eventInvokeConfig, eventInvokeConfig) ?? shape.eventInvokeConfig.parse({}),
    deadLetterConfig: legiblePart(shape.deadLetterConfig, deadLetterConfig),
  })
}

function ofEvents(events: unknown): readonly Reference[] {
  return Object.entries(isMap(events) ? events : {}).flatMap(([name, written]) => {
    const entry = EVENT_SOURCES.find(({ kind }) => isMap(written) && written.type === kind)
    if (entry === undefined || !isMap(written)) return []
    const { type: _, qualifier: __, ...own } = written
    const event = legiblePart(entry.schema, own)
    const namesOf = entry.references as ((config: unknown) => readonly Reference[]) | undefined
    return event === undefined ? [] : below(['events', name], namesOf?.(event) ?? [])
  })
}

function ofHandler(handler: unknown): readonly Reference[] {
  if (Array.isArray(handler)) return ofSteps(handler, ['handler'])
  if (!isMap(handler)) return []
  return [
    ...ofSteps(handler.calls, ['handler', 'calls']),
    ...ofSteps(handler.steps, ['handler', 'steps']),
  ]
}

/** Steps and branches alike, however they are nested. */
function ofSteps(steps: unknown, path: readonly PathSegment[]): readonly Reference[] {
  if (Array.isArray(steps)) {
    return steps.flatMap((step, index) => ofSteps(step, [...path, index]))
  }
  if (!isMap(steps)) return []
  const own = writtenTargets(steps).map(
    ({ key, section, to, isAwaited }): Reference => ({
      path: [...path, key],
      to,
      sections: [section],
      role: 'what a handler calls',
      sends: true,
      isAwaited,
    }),
  )
  return [...own, ...ofSteps(steps.parallel, [...path, 'parallel'])]
}
