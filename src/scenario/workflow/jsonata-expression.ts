/**
 * JSONata on documents of which a part may be unknown: the unknown is handed to the expression as an
 * object that notices when it is looked at. An expression that looked at it has no known value.
 * Source: AWS Step Functions developer guide, "Transforming data with JSONata in Step Functions".
 */
import jsonata from 'jsonata'
import { PathFault } from './json-path.ts'
import { type Fields, isKnown, isObject, isOpen, UNKNOWN } from './known.ts'

const MARKS = /^\{%([\s\S]*)%\}$/

/** The expression in `{% ... %}`; undefined where the text is none. */
export function expressionIn(text: string): string | undefined {
  return MARKS.exec(text.trim())?.[1]
}

/** What is wrong with an expression, and where in it; null: nothing. */
export function expressionFault(expression: string): string | null {
  try {
    jsonata(expression)
    return null
  } catch (error) {
    const { message, position } = error as { readonly message?: string; readonly position?: number }
    const place = position === undefined ? '' : ` at character ${position}`
    return `the JSONata expression cannot be read${place}: ${message ?? String(error)}`
  }
}

/** Fields that the library asks of every value, whatever it is. */
const INTERNAL = new Set<PropertyKey>([
  'then',
  'sequence',
  'keepSingleton',
  'outerWrapper',
  'tupleStream',
  'cons',
  '_jsonata_lambda',
  '_jsonata_function',
  'implementation',
  'thunk',
  'isArray',
])

/** Hands documents to expressions, and sees whether they read what is unknown. */
class Witness {
  hasLooked = false
  private readonly originals = new Map<unknown, unknown>()

  shown(value: unknown): unknown {
    if (isKnown(value) || typeof value !== 'object' || value === null) return value
    const mayHaveMore = isObject(value) && isOpen(value)
    const note = (key: PropertyKey, field: unknown): void => {
      if (field === UNKNOWN) this.hasLooked = true
      const isMissing = field === undefined && typeof key === 'string' && !INTERNAL.has(key)
      if (isMissing && mayHaveMore) this.hasLooked = true
    }
    const shown = new Proxy(value as Fields, {
      get: (target, key) => {
        const field = Reflect.get(target, key) as unknown
        note(key, field)
        return field === UNKNOWN ? undefined : this.shown(field)
      },
      // The library asks whether a field is there before it reads it.
      getOwnPropertyDescriptor: (target, key) => {
        note(key, Reflect.get(target, key))
        return Reflect.getOwnPropertyDescriptor(target, key)
      },
      ownKeys: (target) => {
        if (mayHaveMore) this.hasLooked = true
        return Reflect.ownKeys(target)
      },
    })
    this.originals.set(shown, value)
    return shown
  }

  /** What came out, without what this class has put around it. */
  known(value: unknown): unknown {
    const original = this.originals.get(value)
    if (original !== undefined) return original
    if (isFunction(value)) throw new PathFault('a function is no value of a document')
    if (Array.isArray(value)) return value.map((item) => this.known(item))
    if (!isObject(value)) return value
    return Object.fromEntries(Object.entries(value).map(([key, field]) => [key, this.known(field)]))
  }
}

function isFunction(value: unknown): boolean {
  if (typeof value === 'function') return true
  return isObject(value) && (value._jsonata_lambda === true || value._jsonata_function === true)
}

/** `$states.input.order` or `$order.lines`: what is unknown beside it does not matter. */
const PLAIN = /^\s*\$([A-Za-z_]\w*)((?:\.[A-Za-z_]\w*)*)\s*$/

function plainValue(expression: string, { states, variables }: Bindings): unknown {
  const found = PLAIN.exec(expression)
  if (found === null) return undefined
  const [, name = '', path = ''] = found
  const root = name === 'states' ? states : variables[name]
  let value = root
  for (const key of path.split('.').slice(1)) {
    // Of an array JSONata reads the field of every item.
    if (Array.isArray(value)) return undefined
    if (value === UNKNOWN) return UNKNOWN
    if (!isObject(value)) return undefined
    if (Object.hasOwn(value, key)) value = value[key]
    else return isOpen(value) ? UNKNOWN : undefined
  }
  return value
}

/** Functions whose values differ from run to run. */
const UNKNOWABLE = { random: 0, uuid: 0, hash: 0, now: 0, millis: 0 }

/** As of `States.ArrayRange`. */
const MOST_IN_RANGE = 1_000
/** Of one expression; Step Functions ends one that goes on for long. */
const MOST_STEPS = 1_000_000
const BEFORE_EACH_STEP = Symbol.for('jsonata.__evaluate_entry')

export interface Bindings {
  /** What `$states` is. */
  readonly states: Fields
  readonly variables: Readonly<Record<string, unknown>>
}

/** Throws a PathFault where it cannot be evaluated or has no value. */
export async function evaluate(expression: string, bindings: Bindings): Promise<unknown> {
  const { states, variables } = bindings
  const passed = plainValue(expression, bindings)
  if (passed !== undefined) return passed
  const mentions = (name: string) => new RegExp(`\\$${name}\\b`).test(expression)
  if (Object.entries(variables).some(([name, value]) => value === UNKNOWN && mentions(name))) {
    return UNKNOWN
  }
  const witness = new Witness()
  const compiled = jsonata(expression)
  // What differs from run to run is not known: results must not depend on it.
  for (const name of Object.keys(UNKNOWABLE)) {
    compiled.registerFunction(name, () => {
      witness.hasLooked = true
      return 0
    })
  }
  compiled.registerFunction('partition', (array: unknown[], size: number) => {
    if (!(size >= 1)) throw new PathFault('a part holds at least one element')
    const parts: unknown[][] = []
    for (let at = 0; at < array.length; at += size) parts.push(array.slice(at, at + size))
    return parts
  })
  compiled.registerFunction('range', (first: number, last: number, step: number) => {
    const items: number[] = []
    if (!(Math.abs((last - first) / step) <= MOST_IN_RANGE)) {
      throw new PathFault(`$range gives at most ${MOST_IN_RANGE} items`)
    }
    for (let at = first; step > 0 ? at <= last : at >= last; at += step) items.push(at)
    return items
  })
  let steps = 0
  compiled.assign(BEFORE_EACH_STEP as unknown as string, () => {
    if (++steps > MOST_STEPS) throw new PathFault('it does not come to an end')
  })
  compiled.registerFunction('parse', (text: string) => JSON.parse(text) as unknown)
  const shown: Record<string, unknown> = { states: witness.shown(states) }
  for (const [name, value] of Object.entries(variables)) shown[name] = witness.shown(value)
  let value: unknown
  try {
    value = await compiled.evaluate({}, shown)
  } catch (error) {
    if (witness.hasLooked) return UNKNOWN
    const message = error instanceof Error ? error.message : String((error as Fields)?.message)
    throw new PathFault(`\`${expression.trim().slice(0, 60)}\` fails: ${message}`)
  }
  if (witness.hasLooked) return UNKNOWN
  if (value === undefined) {
    throw new PathFault(`\`${expression.trim().slice(0, 60)}\` gives no value`)
  }
  return witness.known(value)
}
