/**
 * Dotted paths into a scenario, as `--set PATH=VALUE` and the timeline use them. Names contain no
 * dot, so a path splits at every dot; a number addresses an entry of a list.
 */
import { parseDocument, stringify } from 'yaml'
import { SECTIONS } from '../model/world.ts'
import { nearest, type PathSegment } from './diagnostics.ts'
import { childValue, isMap } from './schema-walk.ts'

/** One `--set`: where, and the value that YAML reads there. */
export interface Override {
  readonly path: readonly PathSegment[]
  readonly value: unknown
}

interface OverlayFault {
  readonly message: string
  readonly suggestion?: string
}

export type OverlayResult<Value> =
  | { readonly ok: true; readonly value: Value }
  | { readonly ok: false; readonly fault: OverlayFault }

function refused(message: string, suggestion?: string): OverlayResult<never> {
  return { ok: false, fault: { message, ...(suggestion === undefined ? {} : { suggestion }) } }
}

export function splitPath(text: string): readonly string[] | null {
  const segments = text.split('.')
  return segments.some((segment) => segment === '' || segment === '__proto__') ? null : segments
}

/** Reads `functions.checkout.memorySize=512`. The value is YAML, so `{ a: 1 }` is a map. */
export function parseOverride(text: string): OverlayResult<Override> {
  const equals = text.indexOf('=')
  if (equals <= 0)
    return refused('an override is PATH=VALUE, such as functions.checkout.memorySize=512')
  const path = splitPath(text.slice(0, equals).trim())
  if (path === null) return refused(NO_PATH)
  const document = parseDocument(text.slice(equals + 1), {
    prettyErrors: false,
    logLevel: 'silent',
    stringKeys: true,
  })
  const [error] = [...document.errors, ...document.warnings]
  if (error !== undefined) return refused('the value is not valid YAML')
  try {
    return { ok: true, value: { path, value: document.toJS({ maxAliasCount: 0 }) } }
  } catch {
    return refused('the value may not contain aliases')
  }
}

/** The same of a path and a value that stand in the scenario itself. */
export function parsePath(text: string, value: unknown): OverlayResult<Override> {
  const path = splitPath(text)
  return path === null ? refused(NO_PATH) : { ok: true, value: { path, value } }
}

/** A value on one line, as a person would write it behind `--set PATH=`. */
export function valueText(value: unknown): string {
  return stringify(value, { collectionStyle: 'flow', lineWidth: 0 }).trim()
}

const NO_PATH = 'a path is keys joined by dots, such as functions.checkout.memorySize'

/** The sections whose keys are names that a path must find, never make. */
const DECLARATIONS: readonly string[] = [...SECTIONS, 'traffic']

/** Stands for every name of its section: `functions.*.keepAlive`. */
const EVERY = '*'

/** The path, once for each name where it says `*`; where there is no name, the path itself. */
export function pathsOf(
  root: unknown,
  path: readonly PathSegment[],
): readonly (readonly PathSegment[])[] {
  const [section, declared, ...rest] = path
  if (declared !== EVERY || rest.length === 0 || !DECLARATIONS.includes(String(section))) {
    return [path]
  }
  const entities = childValue(root, String(section))
  const names = isMap(entities) ? Object.keys(entities) : []
  return names.length === 0 ? [path] : names.map((name) => [section!, name, ...rest])
}

/**
 * A copy of `root` with the value at `path`; maps on the way are made where they are missing.
 * `undefined` takes away what is there.
 */
export function withValueAt(
  root: unknown,
  path: readonly PathSegment[],
  value: unknown,
): OverlayResult<unknown> {
  const [section, declared] = path
  const isFound = path.length > 2 || (path.length === 2 && value === undefined)
  if (isFound && DECLARATIONS.includes(String(section))) {
    const entities = childValue(root, String(section))
    const names = isMap(entities) ? Object.keys(entities) : []
    if (!names.includes(String(declared))) {
      return refused(`there is no ${String(section)}.${declared}`, nearest(String(declared), names))
    }
  }
  return replaced(root, path, value)
}

function replaced(
  node: unknown,
  path: readonly PathSegment[],
  value: unknown,
): OverlayResult<unknown> {
  const [segment, ...rest] = path
  if (segment === undefined) return { ok: true, value }
  if (Array.isArray(node)) {
    const index = Number(segment)
    if (!Number.isInteger(index) || index < 0 || index >= node.length) {
      return refused(`\`${segment}\` is no index into a list of ${node.length}`)
    }
    const inner = replaced(node[index], rest, value)
    if (!inner.ok) return inner
    return {
      ok: true,
      value: node.map((item, position) => (position === index ? inner.value : item)),
    }
  }
  // A single value gives way to a map: `coldStart: none` to `coldStart.init=...`.
  const map = isMap(node) ? node : {}
  const inner = replaced(Object.hasOwn(map, segment) ? map[segment] : undefined, rest, value)
  if (!inner.ok) return inner
  const { [segment]: _replaced, ...others } = map
  return {
    ok: true,
    value: inner.value === undefined ? others : { ...map, [segment]: inner.value },
  }
}
