/**
 * Finds the part of the schema that describes a place of the document, given what stands there:
 * which keys are known at that place, and which alternative of a union was meant.
 */
import { z } from 'zod'
import type { PathSegment } from './diagnostics.ts'

/** The parts of zod's schema definitions that this file reads. */
interface Definition {
  readonly type: string
  readonly innerType?: z.core.$ZodType
  readonly in?: z.core.$ZodType
  readonly out?: z.core.$ZodType
  readonly shape?: Readonly<Record<string, z.core.$ZodType>>
  readonly element?: z.core.$ZodType
  readonly items?: readonly z.core.$ZodType[]
  readonly valueType?: z.core.$ZodType
  readonly options?: readonly z.core.$ZodType[]
  readonly values?: readonly unknown[]
  readonly entries?: Readonly<Record<string, unknown>>
  readonly getter?: () => z.core.$ZodType
}

function definitionOf(schema: z.core.$ZodType): Definition {
  return schema._zod.def as unknown as Definition
}

/** Without what wraps it: optional, default, transform. Unions stay. */
export function unwrapped(schema: z.core.$ZodType): z.core.$ZodType {
  const { type, innerType, in: input, out, getter } = definitionOf(schema)
  if (innerType !== undefined) return unwrapped(innerType)
  if (type === 'pipe' && input !== undefined && out !== undefined) {
    return unwrapped(definitionOf(input).type === 'transform' ? out : input)
  }
  if (type === 'lazy' && getter !== undefined) return unwrapped(getter())
  return schema
}

function isOptional(schema: z.core.$ZodType): boolean {
  return schema._zod.optin === 'optional'
}

export function isMap(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

/** The keys that an object schema knows, in the order of the schema; empty for others. */
function shapeOf(schema: z.core.$ZodType): Readonly<Record<string, z.core.$ZodType>> {
  return definitionOf(unwrapped(schema)).shape ?? {}
}

export function unionOptions(schema: z.core.$ZodType): readonly z.core.$ZodType[] | undefined {
  return definitionOf(unwrapped(schema)).options
}

export function recordValue(schema: z.core.$ZodType): z.core.$ZodType | undefined {
  return definitionOf(unwrapped(schema)).valueType
}

export function arrayElement(schema: z.core.$ZodType): z.core.$ZodType | undefined {
  return definitionOf(unwrapped(schema)).element
}

/** The values of an enumeration or literal; empty for others. */
export function fixedValues(schema: z.core.$ZodType): readonly unknown[] {
  const { values, entries } = definitionOf(unwrapped(schema))
  return values ?? Object.values(entries ?? {})
}

/**
 * Which alternative of a union a value was meant to be; undefined when it has the kind of none.
 * Maps go to the alternative that shares most keys with them and whose fixed values they match.
 */
export function meantOption(union: z.core.$ZodType, value: unknown): number | undefined {
  let best: number | undefined
  let bestScore = Number.NEGATIVE_INFINITY
  for (const [index, option] of (unionOptions(union) ?? []).entries()) {
    const score = affinity(option, value)
    if (score > bestScore) {
      best = index
      bestScore = score
    }
  }
  return best
}

/** The keys that some alternative of a union knows, down to the last one. */
export function keysOfOptions(union: z.core.$ZodType): readonly string[] {
  const keys = (unionOptions(union) ?? []).flatMap((option) =>
    unionOptions(option) === undefined ? allowedKeys(unwrapped(option)) : keysOfOptions(option),
  )
  return [...new Set(keys)]
}

/** The keys of a map that has none that any alternative knows, so that none was meant. */
export function keysOfNoOption(union: z.core.$ZodType, value: unknown): readonly string[] {
  const keys = isMap(value) ? Object.keys(value) : []
  const known = keysOfOptions(union)
  return known.length === 0 || keys.some((key) => known.includes(key)) ? [] : keys
}

function affinity(option: z.core.$ZodType, value: unknown): number {
  const schema = unwrapped(option)
  const { type, shape, options } = definitionOf(schema)
  if (options !== undefined) return Math.max(...options.map((inner) => affinity(inner, value)))
  const kind = Array.isArray(value) ? 'array' : isMap(value) ? 'object' : typeof value
  if (type === 'record') return kind === 'object' ? 0 : Number.NEGATIVE_INFINITY
  if (type === 'literal' || type === 'enum') {
    if (fixedValues(schema).includes(value)) return 100
    return fixedValues(schema).some((known) => typeof known === kind) ? 0 : Number.NEGATIVE_INFINITY
  }
  if (type === 'int' || type === 'number') return kind === 'number' ? 0 : Number.NEGATIVE_INFINITY
  if (type === 'object' && isMap(value)) return sharedKeys(shape ?? {}, value)
  return type === kind ? 0 : Number.NEGATIVE_INFINITY
}

function sharedKeys(
  shape: Readonly<Record<string, z.core.$ZodType>>,
  value: Readonly<Record<string, unknown>>,
): number {
  let score = 0
  for (const [key, schema] of Object.entries(shape)) {
    const isPresent = Object.hasOwn(value, key)
    const fixed = fixedValues(schema)
    if (fixed.length === 1) {
      if (isPresent) score += fixed[0] === value[key] ? 1_000 : -1_000
      else if (!isOptional(schema)) score -= 100
    } else if (isPresent) {
      score += 10
    } else if (!isOptional(schema)) {
      score -= 1
    }
  }
  return score
}

/** The schema of the place that a path leads to, or null where the schema has none. */
export function schemaAt(
  root: z.core.$ZodType,
  path: readonly PathSegment[],
  value: unknown,
): z.core.$ZodType | null {
  let schema: z.core.$ZodType = root
  let current = value
  for (const segment of path) {
    const next = childSchema(resolveUnions(schema, current), segment)
    if (next === null) return null
    schema = next
    current = childValue(current, segment)
  }
  return schema
}

/** Follows unions to the alternative that was meant. */
function resolveUnions(schema: z.core.$ZodType, value: unknown): z.core.$ZodType {
  let current = unwrapped(schema)
  for (
    let options = unionOptions(current);
    options !== undefined;
    options = unionOptions(current)
  ) {
    const index = meantOption(current, value)
    const option = index === undefined ? undefined : options[index]
    if (option === undefined) return current
    current = unwrapped(option)
  }
  return current
}

function childSchema(schema: z.core.$ZodType, segment: PathSegment): z.core.$ZodType | null {
  const { shape, element, items, valueType } = definitionOf(schema)
  if (shape !== undefined) return Object.hasOwn(shape, segment) ? (shape[segment] ?? null) : null
  if (items !== undefined) return items[Number(segment)] ?? null
  return element ?? valueType ?? null
}

export function childValue(value: unknown, segment: PathSegment): unknown {
  if (Array.isArray(value)) return value[Number(segment)]
  return isMap(value) && Object.hasOwn(value, segment) ? value[segment] : undefined
}

export function valueAt(value: unknown, path: readonly PathSegment[]): unknown {
  return path.reduce<unknown>(childValue, value)
}

/** The keys that are known in the map that a path leads to, or none where any is allowed. */
export function knownKeysAt(
  root: z.core.$ZodType,
  path: readonly PathSegment[],
  value: unknown,
): readonly string[] {
  for (let length = path.length; length >= 0; length--) {
    const schema = schemaAt(root, path.slice(0, length), value)
    if (schema === null) continue
    const inner = resolveUnions(schema, valueAt(value, path.slice(0, length)))
    const described = z.globalRegistry.get(inner) as JsonShape | undefined
    if (length === path.length && described?.anyOf === undefined) return allowedKeys(inner)
    return described === undefined ? [] : jsonKeys(described, path.slice(length))
  }
  return []
}

function allowedKeys(schema: z.core.$ZodType): readonly string[] {
  return Object.entries(shapeOf(schema))
    .filter(([, type]) => definitionOf(unwrapped(type)).type !== 'never')
    .map(([key]) => key)
}

/** The part of JSON Schema in which types of free form (distributions) describe themselves. */
interface JsonShape {
  readonly anyOf?: readonly JsonShape[]
  readonly properties?: Readonly<Record<string, JsonShape>>
  readonly items?: JsonShape
}

function jsonKeys(shape: JsonShape, path: readonly PathSegment[]): readonly string[] {
  const alternatives = shape.anyOf ?? [shape]
  const [segment, ...rest] = path
  if (segment === undefined) {
    return alternatives.flatMap(({ properties }) => Object.keys(properties ?? {}))
  }
  for (const { properties, items, anyOf } of alternatives) {
    const next = typeof segment === 'number' ? items : properties?.[segment]
    if (next !== undefined) return jsonKeys(next, rest)
    if (anyOf !== undefined) return jsonKeys({ anyOf }, path)
  }
  return []
}
