/**
 * JSONPath on documents of which a part may be unknown. Plain paths are followed here, so that what
 * lies beside the unknown stays known; filters, wildcards and slices go to jsonpath-plus.
 * Source: AWS Step Functions developer guide, "Using JSONPath paths".
 */
import { JSONPath } from 'jsonpath-plus'
import { copied, type Fields, isKnown, isObject, isOpen, UNKNOWN, withField } from './known.ts'

/** The path leads to nothing, or cannot be followed. */
export class PathFault extends Error {
  /** What Step Functions calls it in JSONPath. */
  readonly error: string

  constructor(message: string, error = 'States.Runtime') {
    super(message)
    this.error = error
  }
}

export interface Scope {
  readonly input: unknown
  readonly context: unknown
  /** Variables that states have assigned. */
  readonly variables: Readonly<Record<string, unknown>>
}

type Step = string | number

/** What is wrong with a path; null: nothing. */
export function pathFault(path: string): string | null {
  if (!path.trim().startsWith('$')) return `\`${path}\` is no path: a path begins with $`
  if (plainSteps(path) !== null) return null
  if (/\[\s*\]|\.\.\.|\.$|\[$/.test(path) || !isBalanced(path)) {
    return `\`${path}\` is no valid JSONPath`
  }
  try {
    JSONPath.toPathArray(rooted(path).path)
    return null
  } catch {
    return `\`${path}\` is no valid JSONPath`
  }
}

/** What is wrong with a path that says where something is put: it leads to one place. */
export function referencePathFault(path: string): string | null {
  const fault = pathFault(path)
  if (fault !== null) return fault
  if (plainSteps(path) !== null && !path.startsWith('$$')) return null
  return `\`${path}\` leads to more than one place: only . and [] with a name or number may stand in it`
}

/** Throws a PathFault where a path leads to nothing. */
export function readPath(path: string, scope: Scope): unknown {
  const value = find(path, scope)
  if (value === undefined) throw new PathFault(`\`${path}\` is not in the document`)
  return value
}

/** undefined where a path leads to nothing. */
export function find(path: string, scope: Scope): unknown {
  const { root, path: rest } = rootOf(path, scope)
  const { steps, left } = plainPrefix(rest)
  const value = follow(root, steps)
  if (left === '' || value === undefined) return value
  if (!isKnown(value)) return UNKNOWN
  const called = FUNCTIONS[left]
  if (called !== undefined) return called(value)
  return BEYOND.test(left) ? UNKNOWN : several(left.replaceAll('.[', '['), value as object)
}

/** Not of this library: a filter that looks at the whole document, and a choice of several fields. */
const BEYOND = /\$|\[\s*['"][^\]]*['"]\s*,/

/** Everything that a path with filters, wildcards or slices leads to. */
function several(path: string, json: object): unknown {
  try {
    return (JSONPath({ path: `$${path}`, json, wrap: true, eval: 'safe' }) as unknown[]) ?? []
  } catch {
    // Such as an operator that only Step Functions' own library knows.
    return UNKNOWN
  }
}

/** Functions at the end of a path, as the library has them that Step Functions uses (Jayway's). */
const FUNCTIONS: Readonly<Record<string, (value: unknown) => unknown>> = {
  '.length()': (value) =>
    Array.isArray(value) || typeof value === 'string'
      ? value.length
      : isObject(value)
        ? Object.keys(value).length
        : undefined,
  '.keys()': (value) => (isObject(value) ? Object.keys(value) : undefined),
  '.sum()': (value) => numbersIn(value)?.reduce((sum, each) => sum + each, 0),
  '.avg()': (value) => {
    const numbers = numbersIn(value)
    return numbers && numbers.reduce((sum, each) => sum + each, 0) / numbers.length
  },
  '.min()': (value) => numbersIn(value)?.reduce((least, each) => Math.min(least, each)),
  '.max()': (value) => numbersIn(value)?.reduce((most, each) => Math.max(most, each)),
}

/** undefined where they are none. */
function numbersIn(value: unknown): readonly number[] | undefined {
  const isList = Array.isArray(value) && value.length > 0
  return isList && value.every((each) => typeof each === 'number') ? value : undefined
}

/** Whether a path leads to something; null: that is not known. */
export function isPresent(path: string, scope: Scope): boolean | null {
  const { root, path: rest } = rootOf(path, scope)
  const { steps, left } = plainPrefix(rest)
  const last = steps.at(-1)
  if (left !== '' || last === undefined) {
    const value = find(path, scope)
    if (value === UNKNOWN) return null
    return Array.isArray(value) && left !== '' ? value.length > 0 : value !== undefined
  }
  const holder = follow(root, steps.slice(0, -1))
  // It is there, whatever it is.
  if (isObject(holder) && Object.hasOwn(holder, last)) return true
  if (Array.isArray(holder)) return typeof last === 'number' && last < holder.length
  return child(holder, last) === UNKNOWN ? null : false
}

const MISMATCH = 'States.ResultPathMatchFailure'

/** The document with a value at a reference path. */
export function withValue(document: unknown, path: string, value: unknown): unknown {
  const steps = plainSteps(path)
  if (steps === null) throw new PathFault(`\`${path}\` is no reference path`)
  return put(document, steps, value)
}

function put(document: unknown, [step, ...rest]: readonly Step[], value: unknown): unknown {
  if (step === undefined) return value
  if (typeof step === 'number') {
    if (document === UNKNOWN) return UNKNOWN
    if (!Array.isArray(document) || step >= document.length) {
      throw new PathFault('an array has no such element to put a result into', MISMATCH)
    }
    return document.map((item, index) => (index === step ? put(item, rest, value) : item))
  }
  if (document !== UNKNOWN && !isObject(document)) {
    throw new PathFault('a result can only be put into an object', MISMATCH)
  }
  return withField(document, step, put(child(document, step) ?? {}, rest, value))
}

function follow(root: unknown, steps: readonly Step[]): unknown {
  let value = root
  for (const step of steps) value = child(value, step)
  return value
}

function child(value: unknown, step: Step): unknown {
  if (value === UNKNOWN) return UNKNOWN
  if (Array.isArray(value)) {
    return typeof step === 'number' ? value[step < 0 ? value.length + step : step] : undefined
  }
  if (!isObject(value)) return undefined
  if (Object.hasOwn(value, step)) return value[step]
  return isOpen(value) ? UNKNOWN : undefined
}

/** `$$` is the context, `$name` a variable, `$` the input. */
function rootOf(path: string, scope: Scope): { readonly root: unknown; readonly path: string } {
  const { kind, path: rest } = rooted(path)
  if (kind === 'context') return { root: scope.context, path: rest }
  if (kind === '') return { root: scope.input, path: rest }
  return { root: scope.variables[kind], path: rest }
}

function rooted(written: string): { readonly kind: string; readonly path: string } {
  const path = written.trim()
  if (path.startsWith('$$')) return { kind: 'context', path: `$${path.slice(2)}` }
  const variable = /^\$([A-Za-z_][A-Za-z0-9_]*)/.exec(path)
  if (variable === null) return { kind: '', path }
  return { kind: variable[1]!, path: `$${path.slice(variable[0].length)}` }
}

/** The steps of a path that leads to one place; null where it may lead to several. */
function plainSteps(path: string): readonly Step[] | null {
  const { steps, left } = plainPrefix(path)
  return left === '' ? steps : null
}

/** The steps up to the first filter, wildcard or slice, and what is left of the path. */
function plainPrefix(path: string): { readonly steps: readonly Step[]; readonly left: string } {
  let rest = rooted(path).path.slice(1)
  const steps: Step[] = []
  while (rest !== '') {
    const named = /^\.([^.[\]*()?@,:'"\s]+)/.exec(rest)
    const quoted = /^\.?\[\s*(?:'((?:[^'\\]|\\.)*)'|"((?:[^"\\]|\\.)*)")\s*\]/.exec(rest)
    const indexed = /^\.?\[\s*(-?\d+)\s*\]/.exec(rest)
    const found = named ?? quoted ?? indexed
    if (found === null || /^\.\w+\(\)$/.test(rest)) break
    if (indexed !== null && named === null) steps.push(Number(indexed[1]))
    else steps.push((found[1] ?? found[2] ?? '').replace(/\\(.)/g, '$1'))
    rest = rest.slice(found[0].length)
  }
  return { steps, left: rest }
}

function isBalanced(path: string): boolean {
  let depth = 0
  for (const character of path.replace(/'(?:[^'\\]|\\.)*'|"(?:[^"\\]|\\.)*"/g, '')) {
    if (character === '[' || character === '(') depth++
    if (character === ']' || character === ')') depth--
    if (depth < 0) return false
  }
  return depth === 0
}

/** Both documents in one, the fields of the second winning; unknown where either is. */
export function merged(one: unknown, other: unknown): unknown {
  if (!isObject(one) || !isObject(other)) return UNKNOWN
  const fields: Fields = { ...one, ...other }
  return isOpen(one) ? copied(fields, one) : copied(fields, other)
}
