/** Rewrites zod's issues into problems in plain English, with paths into the document. */
import type { z } from 'zod'
import { shown } from '../model/units.ts'
import { nearest, type PathSegment, type Problem, pathText } from './diagnostics.ts'
import { isNotYetSupported, synonymOf, valueSynonymOf } from './known-words.ts'
import {
  fixedValues,
  keysOfNoOption,
  keysOfOptions,
  knownKeysAt,
  meantOption,
  schemaAt,
  unionOptions,
  unwrapped,
  valueAt,
} from './schema-walk.ts'

type Issue = z.core.$ZodIssue

/** Validates a value; the problems of all its parts at once. */
export function problemsOf(
  root: z.core.$ZodType,
  value: unknown,
  issues: readonly Issue[],
  basePath: readonly PathSegment[] = [],
): readonly Problem[] {
  const problems = issues.flatMap((issue) => fromIssue({ root, value, basePath }, issue, []))
  return withoutConsequences(problems)
}

/**
 * A key that is not supported yet explains what else is missing in its map, and a misspelt one
 * that the key is missing which was meant.
 */
function withoutConsequences(problems: readonly Problem[]): readonly Problem[] {
  const faulty = new Set(
    problems.filter(({ at }) => at === 'key').map(({ path }) => pathText(path.slice(0, -1))),
  )
  return problems.filter((problem) => {
    const { at, path, message } = problem
    if (at === 'parent' && message.startsWith(MISSING)) {
      return !problems.some((other) => explains(other, problem))
    }
    return at !== 'value' || !faulty.has(pathText(path))
  })
}

function explains({ path, message, suggestion }: Problem, missing: Problem): boolean {
  if (pathText(path.slice(0, -1)) !== pathText(missing.path.slice(0, -1))) return false
  return (
    message.endsWith(NOT_YET_SUPPORTED) ||
    message === MERGE_KEY_FAULT ||
    (suggestion !== undefined && suggestion === missing.path.at(-1))
  )
}

const MISSING = 'missing required key'
const NOT_YET_SUPPORTED = 'is not supported yet'
/** Of YAML 1.1, and gone from YAML 1.2. */
const MERGE_KEY = '<<'
const MERGE_KEY_FAULT =
  'the merge key `<<` is not read: write an alias as the whole value (`handler: *slow`), and its keys out where they differ'

interface Place {
  readonly root: z.core.$ZodType
  readonly value: unknown
  readonly basePath: readonly PathSegment[]
}

function fromIssue(place: Place, issue: Issue, prefix: readonly PathSegment[]): readonly Problem[] {
  const path = [...prefix, ...issue.path.map((segment) => segment as PathSegment)]
  const full = [...place.basePath, ...path]
  const input = valueAt(place.value, path)
  if (input === undefined && issue.code !== 'unrecognized_keys' && path.length > 0) {
    // A check of the map may be about a key that was left out and has a default.
    const isOfMap = issue.code === 'custom' && isOwnText(issue.message)
    return [isOfMap ? { path: full, at: 'parent', message: issue.message } : missingKey(full)]
  }
  switch (issue.code) {
    case 'unrecognized_keys':
      return issue.keys.map((key) => unknownKey(place, path, key))
    case 'invalid_key':
      return [{ path: full, at: 'key', message: keyFault(full, issue.issues[0]?.message) }]
    case 'invalid_union':
      return fromUnion(place, issue, path, input)
    case 'invalid_value':
      if (!isOwnText(issue.message)) return [unknownValue(full, input, issue.values)]
      break
    default:
  }
  const message = isOwnText(issue.message) ? issue.message : plainMessage(issue, full, input)
  return [{ path: full, at: 'value', message, ...suggestionFor(place, path, input) }]
}

/** Texts of ours end up in issues as they are; zod's own begin with one of these words. */
function isOwnText(message: string): boolean {
  return !/^(Invalid|Too |Unrecognized|Required)/.test(message)
}

function keyFault(path: readonly PathSegment[], message = 'not a valid name'): string {
  return path[path.length - 1] === MERGE_KEY ? MERGE_KEY_FAULT : message
}

function missingKey(path: readonly PathSegment[]): Problem {
  const parent = path.slice(0, -1)
  const where = parent.length === 0 ? '' : ` in ${pathText(parent)}`
  return {
    path,
    at: 'parent',
    message: `${MISSING} \`${path[path.length - 1]}\`${where}`,
  }
}

function unknownKey(place: Place, parentPath: readonly PathSegment[], key: string): Problem {
  const path = [...place.basePath, ...parentPath, key]
  if (key === MERGE_KEY) return { path, at: 'key', message: MERGE_KEY_FAULT }
  if (isNotYetSupported(path)) {
    return { path, at: 'key', message: `\`${key}\` ${NOT_YET_SUPPORTED}` }
  }
  return unknownKeyAmong(path, key, knownKeysAt(place.root, parentPath, place.value))
}

function unknownKeyAmong(
  path: readonly PathSegment[],
  key: string,
  known: readonly string[],
): Problem {
  const where = path.length === 1 ? '' : ` in ${pathText(path.slice(0, -1))}`
  const suggestion = synonymOf(key, known) ?? nearest(key, known)
  const message = `unknown key \`${key}\`${where}`
  if (suggestion !== undefined) return { path, at: 'key', message, suggestion }
  if (known.length === 0) return { path, at: 'key', message }
  return { path, at: 'key', message: `${message}: known here are ${known.join(', ')}` }
}

function fromUnion(
  place: Place,
  issue: Issue & { readonly code: 'invalid_union' },
  path: readonly PathSegment[],
  input: unknown,
): readonly Problem[] {
  const full = [...place.basePath, ...path]
  if (isOwnText(issue.message)) {
    return [
      { path: full, at: 'value', message: issue.message, ...suggestionFor(place, path, input) },
    ]
  }
  const schema = schemaAt(place.root, path, place.value)
  const union = schema === null ? null : unwrapped(schema)
  const strangers = union === null ? [] : keysOfNoOption(union, input)
  if (union !== null && strangers.length > 0) {
    const known = keysOfOptions(union)
    return strangers.map((key) => unknownKeyAmong([...full, key], key, known))
  }
  const index = union === null ? undefined : meantOption(union, input)
  const meant = index === undefined ? undefined : issue.errors[index]
  if (meant !== undefined && meant.length > 0) {
    return meant.flatMap((inner) => fromIssue(place, inner, path))
  }
  const kinds = (union === null ? [] : (unionOptions(union) ?? [])).map(kindText)
  return [
    {
      path: full,
      at: 'value',
      message: `${keyText(path)} must be ${[...new Set(kinds)].join(' or ')}, not ${shown(input)}`,
    },
  ]
}

function kindText(schema: z.core.$ZodType): string {
  const inner = unwrapped(schema)
  const fixed = fixedValues(inner)
  if (fixed.length > 0) return fixed.map((value) => `\`${String(value)}\``).join(', ')
  switch (inner._zod.def.type) {
    case 'object':
    case 'record':
      return 'a map'
    case 'array':
    case 'tuple':
      return 'a list'
    case 'string':
      return 'text'
    case 'number':
    case 'int':
      return 'a number'
    default:
      return `a ${inner._zod.def.type}`
  }
}

/** A long list would hide the suggestion at its end. */
const MOST_VALUES_BESIDE_SUGGESTION = 10

function unknownValue(
  path: readonly PathSegment[],
  input: unknown,
  values: readonly unknown[],
): Problem {
  const known = values.map(String)
  const key = String(path[path.length - 1])
  const suggestion =
    typeof input === 'string' ? (valueSynonymOf(input, known) ?? nearest(input, known)) : undefined
  const isListed = suggestion === undefined || known.length <= MOST_VALUES_BESIDE_SUGGESTION
  const list = isListed ? `: known ${known.length === 1 ? 'is' : 'are'} ${known.join(', ')}` : ''
  const message = `${shown(input)} is no known \`${key}\`${list}`
  return { path, at: 'value', message, ...(suggestion === undefined ? {} : { suggestion }) }
}

function suggestionFor(place: Place, path: readonly PathSegment[], input: unknown) {
  if (typeof input !== 'string') return {}
  const schema = schemaAt(place.root, path, place.value)
  if (schema === null) return {}
  const known = (unionOptions(schema) ?? [schema]).flatMap((option) => fixedValues(option))
  const suggestion = nearest(input, known.map(String))
  // A value that is known, but not allowed here, was meant.
  return suggestion === undefined || suggestion === input ? {} : { suggestion }
}

function plainMessage(issue: Issue, path: readonly PathSegment[], input: unknown): string {
  const key = keyText(path)
  switch (issue.code) {
    case 'invalid_type':
      return `${key} must be ${expectedKind(issue.expected)}, not ${shown(input)}`
    case 'too_small':
      if (issue.origin === 'array' || issue.origin === 'set') {
        return `${key} must have at least ${issue.minimum} ${issue.minimum === 1 ? 'entry' : 'entries'}`
      }
      if (issue.origin === 'string') return `${key} must not be empty`
      return `${key} must be ${issue.inclusive === false ? 'more than' : 'at least'} ${issue.minimum} (${shown(input)})`
    case 'too_big':
      if (issue.origin === 'array' || issue.origin === 'set') {
        return `${key} may have at most ${issue.maximum} ${issue.maximum === 1 ? 'entry' : 'entries'}`
      }
      if (issue.origin === 'string') return `${key} is longer than ${issue.maximum} characters`
      return `${key} must be ${issue.inclusive === false ? 'less than' : 'at most'} ${issue.maximum} (${shown(input)})`
    default:
      return `${key} is not valid: ${shown(input)}`
  }
}

/** `timeout` for a key, `timeline` entry 2 for an entry of a list. */
function keyText(path: readonly PathSegment[]): string {
  const last = path[path.length - 1]
  if (last === undefined) return 'the scenario'
  return typeof last === 'number' ? `\`${path[path.length - 2]}\` entry ${last}` : `\`${last}\``
}

function expectedKind(expected: string): string {
  switch (expected) {
    case 'object':
    case 'record':
      return 'a map'
    case 'array':
      return 'a list'
    case 'string':
      return 'text'
    case 'int':
      return 'a whole number'
    case 'number':
      return 'a number'
    case 'boolean':
      return 'true or false'
    default:
      return `a ${expected}`
  }
}
