/**
 * A scenario's value against the schema. Sections and entities are also read one by one, so that
 * what a fault in one place leaves intact can still be checked against the rest.
 */
import type { z } from 'zod'
import { RESOURCES } from '../model/resources/index.ts'
import type { Section } from '../model/world.ts'
import type { PathSegment, Problem } from './diagnostics.ts'
import { problemsOf } from './issues.ts'
import { mentionsOf } from './mentions.ts'
import type { PlacedReference } from './nodes.ts'
import { type Scenario, scenarioSchema } from './schema/scenario.ts'
import { arrayElement, isMap, recordValue, unwrapped } from './schema-walk.ts'

/** What of a scenario could be read; null marks an entity that is declared but faulty. */
export interface PartialScenario {
  /** The plain value as written. */
  readonly written: Readonly<Record<string, unknown>>
  readonly duration: Scenario['duration'] | undefined
  readonly warmUp: Scenario['warmUp'] | undefined
  readonly metricsPeriod: Scenario['metricsPeriod'] | undefined
  readonly platform: Scenario['platform'] | undefined
  readonly account: Scenario['account'] | undefined
  readonly functions: ReadonlyMap<string, Scenario['functions'][string] | null>
  /** By section, in the order of the lists; configurations by name. */
  readonly resources: ReadonlyMap<Section, ReadonlyMap<string, unknown>>
  /** What entities refer to that could not be read. */
  readonly mentions: readonly PlacedReference[]
  readonly traffic: ReadonlyMap<string, Scenario['traffic'][string] | null>
  readonly timeline: readonly (Scenario['timeline'][number] | null)[]
  readonly initial: Scenario['initial'] | undefined
  readonly thresholds: readonly (string | null)[]
}

export interface Validation {
  /** null when there are problems. */
  readonly scenario: Scenario | null
  readonly partial: PartialScenario
  readonly problems: readonly Problem[]
}

export function validateScenario(value: Readonly<Record<string, unknown>>): Validation {
  const result = scenarioSchema.safeParse(value)
  const problems = result.success ? [] : problemsOf(scenarioSchema, value, result.error.issues)
  return {
    scenario: result.success ? result.data : null,
    partial: readParts(value),
    problems,
  }
}

function readParts(value: Readonly<Record<string, unknown>>): PartialScenario {
  const { shape } = scenarioSchema
  const part = <Schema extends z.core.$ZodType>(schema: Schema, key: string) =>
    parsed(schema, value[key]) as z.output<Schema> | undefined
  const functions = entities(shape.functions, value.functions) as PartialScenario['functions']
  const resources = new Map(
    RESOURCES.map(({ section }) => [
      section,
      entities((shape as Readonly<Record<string, z.core.$ZodType>>)[section]!, value[section]),
    ]),
  )
  return {
    written: value,
    duration: part(shape.duration, 'duration'),
    warmUp: part(shape.warmUp, 'warmUp'),
    metricsPeriod: part(shape.metricsPeriod, 'metricsPeriod'),
    platform: part(shape.platform, 'platform'),
    account: part(shape.account, 'account'),
    functions,
    resources,
    mentions: mentionsOf({ written: value, functions, resources }),
    traffic: entities(shape.traffic, value.traffic),
    timeline: items(shape.timeline, value.timeline),
    initial: part(shape.initial, 'initial'),
    thresholds: items(shape.thresholds, value.thresholds),
  } as PartialScenario
}

function parsed(schema: z.core.$ZodType, input: unknown): unknown {
  const result = (schema as z.ZodType).safeParse(input)
  return result.success ? result.data : undefined
}

function entities(section: z.core.$ZodType, input: unknown): ReadonlyMap<string, unknown> {
  const schema = recordValue(unwrapped(section))
  const found = new Map<string, unknown>()
  if (schema === undefined || !isMap(input)) return found
  for (const [name, entity] of Object.entries(input))
    found.set(name, parsed(schema, entity) ?? null)
  return found
}

function items(section: z.core.$ZodType, input: unknown): readonly unknown[] {
  const schema = arrayElement(unwrapped(section))
  if (schema === undefined || !Array.isArray(input)) return []
  return input.map((item) => parsed(schema, item) ?? null)
}

/** The dotted keys of `initial` (`functions.checkout: ...`) as nested maps. */
export function withNestedInitial(value: Readonly<Record<string, unknown>>): {
  readonly value: Readonly<Record<string, unknown>>
  readonly problems: readonly Problem[]
} {
  const { initial } = value
  if (!isMap(initial)) return { value, problems: [] }
  const nested: Record<string, unknown> = {}
  const problems: Problem[] = []
  for (const [key, entry] of Object.entries(initial)) {
    if (!key.includes('.')) nested[key] = isMap(entry) ? { ...entry } : entry
  }
  for (const [key, entry] of Object.entries(initial)) {
    const [section = '', ...rest] = key.split('.')
    if (rest.length === 0) continue
    const name = rest.join('.')
    if (!Object.hasOwn(nested, section)) nested[section] = {}
    const siblings = nested[section]
    const path: PathSegment[] = ['initial', section, name]
    if (!isMap(siblings) || Object.hasOwn(siblings, name)) {
      problems.push({ path, at: 'key', message: `\`${name}\` stands twice in initial` })
    } else {
      siblings[name] = entry
    }
  }
  return { value: { ...value, initial: nested }, problems }
}
