/** The scenario's schema for editors: JSON Schema draft-07 of what a person writes. */
import { z } from 'zod'
import { NAME_PATTERN } from './schema/common.ts'
import { initialFunction } from './schema/initial.ts'
import { scenarioSchema } from './schema/scenario.ts'

/** The part of JSON Schema that the scenario's schema uses, with our own notes. */
export interface JsonSchema {
  description?: string
  /** The default in words, where no value says it. */
  defaultText?: string
  /** Where a fact comes from. */
  source?: string
  /** The kind of value in one word. */
  typeText?: string
  type?: string
  const?: unknown
  default?: unknown
  enum?: readonly unknown[]
  examples?: readonly unknown[]
  pattern?: string
  minimum?: number
  maximum?: number
  required?: readonly string[]
  properties?: Record<string, JsonSchema>
  patternProperties?: Record<string, JsonSchema>
  propertyNames?: JsonSchema
  additionalProperties?: boolean | JsonSchema
  items?: JsonSchema
  anyOf?: JsonSchema[]
  oneOf?: JsonSchema[]
  allOf?: JsonSchema[]
  not?: unknown
  definitions?: Record<string, JsonSchema>
  [keyword: string]: unknown
}

/** With the notes that the reference page reads. */
export function annotatedJsonSchema(): JsonSchema {
  const schema = toJsonSchema(scenarioSchema)
  for (const node of nodesOf(schema)) tidy(node)
  return schema
}

/** The content of `scenarios/scenario.schema.json`. */
function scenarioJsonSchema(): JsonSchema {
  const schema = annotatedJsonSchema()
  allowDottedInitial(schema)
  for (const node of nodesOf(schema)) foldNotes(node)
  const { $schema, ...rest } = schema
  return {
    $schema,
    title: 'Spillway scenario',
    description: 'Functions, limits and traffic of a serverless account, to be simulated.',
    ...shareRepetitions(rest),
  }
}

/** With a line break at the end, as the file is committed. */
export function scenarioJsonSchemaText(): string {
  return `${JSON.stringify(scenarioJsonSchema(), null, 2)}\n`
}

function toJsonSchema(schema: z.ZodType): JsonSchema {
  return z.toJSONSchema(schema, { target: 'draft-07', io: 'input' }) as JsonSchema
}

/** A schema and all schemas in it, the inner ones first. */
function* nodesOf(schema: JsonSchema): Generator<JsonSchema> {
  for (const child of childrenOf(schema)) yield* nodesOf(child)
  yield schema
}

function childrenOf(schema: JsonSchema): readonly JsonSchema[] {
  const { additionalProperties, items } = schema
  return [
    ...Object.values(schema.properties ?? {}),
    ...Object.values(schema.patternProperties ?? {}),
    ...(typeof additionalProperties === 'object' ? [additionalProperties] : []),
    ...(items === undefined ? [] : [items]),
    ...(schema.anyOf ?? []),
    ...(schema.oneOf ?? []),
    ...(schema.allOf ?? []),
  ]
}

/** Takes out bounds that are only those of doubles, and keys that are only there to be refused. */
function tidy(schema: JsonSchema): void {
  if (schema.minimum === Number.MIN_SAFE_INTEGER) delete schema.minimum
  if (schema.maximum === Number.MAX_SAFE_INTEGER) delete schema.maximum
  for (const [key, property] of Object.entries(schema.properties ?? {})) {
    if (property.not !== undefined) delete schema.properties?.[key]
  }
}

/** Draft-07 has no place for a default in words and a source: the hover text takes them. */
function foldNotes(schema: JsonSchema): void {
  const { description, defaultText, source } = schema
  const notes = [
    ...(description === undefined ? [] : [description]),
    ...(defaultText === undefined ? [] : [`Default: ${defaultText}.`]),
    ...(source === undefined ? [] : [`Source: ${source}.`]),
  ]
  delete schema.defaultText
  delete schema.source
  delete schema.typeText
  if (notes.length > 0) schema.description = notes.join(' ')
}

/** `functions.checkout: { ... }` beside `functions: { checkout: { ... } }`. */
function allowDottedInitial(schema: JsonSchema): void {
  const initial = schema.properties?.initial
  if (initial === undefined) throw new RangeError('the schema has no `initial`')
  const { $schema: _, ...entry } = toJsonSchema(initialFunction)
  initial.patternProperties = { [`^functions\\.${NAME_PATTERN.source.slice(1)}`]: entry }
}

/** Shorter than this, a repetition is easier to read than a reference. */
const LONG_ALTERNATIVES = 1_000

/** Long lists of alternatives that stand in several places (distributions) are defined once. */
function shareRepetitions(schema: JsonSchema): JsonSchema {
  const texts = new Map<JsonSchema, string>()
  const counts = new Map<string, number>()
  for (const node of nodesOf(schema)) {
    if (node.anyOf === undefined) continue
    const text = JSON.stringify(node.anyOf)
    texts.set(node, text)
    counts.set(text, (counts.get(text) ?? 0) + 1)
  }
  const names = new Map<string, string>()
  const definitions: Record<string, JsonSchema> = {}
  for (const [node, text] of texts) {
    if (node.anyOf === undefined || text.length < LONG_ALTERNATIVES || counts.get(text) === 1)
      continue
    const name = names.get(text) ?? `alternatives${names.size + 1}`
    if (!names.has(text)) definitions[name] = { anyOf: node.anyOf }
    names.set(text, name)
    delete node.anyOf
    node.allOf = [{ $ref: `#/definitions/${name}` }]
  }
  return { ...schema, definitions }
}
