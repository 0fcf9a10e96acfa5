/**
 * A state that is entered in ever new situations, such as by a loop that counts: what differs
 * between them counts as unknown.
 */
import { canonical, copied, type Fields, isObject, opened, UNKNOWN } from './known.ts'
import type { Variables } from './situation.ts'

/** Situations of one state that are still told apart. */
const TOLD_APART = 20

interface Widest {
  count: number
  input: unknown
  variables: Variables
}

/** The situations in which the states of one flow are entered. */
export class Widening {
  private readonly states = new Map<string, Widest>()

  /** What is taken to be known when a state is entered with this; undefined: all of it. */
  enter(name: string, input: unknown, variables: Variables): Omit<Widest, 'count'> | undefined {
    const widest = this.states.get(name)
    if (widest === undefined) {
      this.states.set(name, { count: 1, input, variables })
      return undefined
    }
    widest.input = common(widest.input, input)
    widest.variables = commonVariables(widest.variables, variables)
    return ++widest.count > TOLD_APART ? widest : undefined
  }
}

/** What two documents have in common. */
export function common(one: unknown, other: unknown): unknown {
  if (canonical(one) === canonical(other)) return one
  if (Array.isArray(one) && Array.isArray(other) && one.length === other.length) {
    return (one as unknown[]).map((each, index) => common(each, (other as unknown[])[index]))
  }
  if (!isObject(one) || !isObject(other)) return UNKNOWN
  const isSameShape = canonical(shapeOf(one)) === canonical(shapeOf(other))
  const shared: Fields = {}
  for (const [key, field] of Object.entries(one)) {
    if (Object.hasOwn(other, key)) shared[key] = common(field, other[key])
  }
  // Of other fields it is not even known whether they are there.
  return isSameShape ? copied(shared, one) : opened(shared)
}

function commonVariables(one: Variables, other: Variables): Variables {
  const names = new Set([...Object.keys(one), ...Object.keys(other)])
  return Object.fromEntries(
    [...names].map((name) => {
      const isInBoth = Object.hasOwn(one, name) && Object.hasOwn(other, name)
      return [name, isInBoth ? common(one[name], other[name]) : UNKNOWN]
    }),
  )
}

/** Its fields, without what they hold. */
function shapeOf(value: Fields): Fields {
  return copied(Object.fromEntries(Object.keys(value).map((key) => [key, null])), value)
}
