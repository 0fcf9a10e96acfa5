/** Which nodes a topology has, and small values that its parts share. */
import fc from 'fast-check'

export interface Plan {
  readonly functions: readonly string[]
  readonly standardQueues: readonly string[]
  readonly fifoQueues: readonly string[]
  readonly topics: readonly string[]
  readonly buses: readonly string[]
  readonly kinesis: readonly string[]
  readonly kafka: readonly string[]
  readonly tables: readonly string[]
  readonly buckets: readonly string[]
  /** Only called, and waited for. */
  readonly downstreams: readonly string[]
  /** Topics and buckets that lead to no function. */
  readonly deadEndTopics: readonly string[]
  readonly deadEndBuckets: readonly string[]
}

/** Up to `most` names such as q0 and q1. */
function names(prefix: string, least: number, most: number): fc.Arbitrary<string[]> {
  return fc
    .integer({ min: least, max: most })
    .map((count) => Array.from({ length: count }, (_, index) => `${prefix}${index}`))
}

export const plan: fc.Arbitrary<Plan> = fc.record({
  functions: names('f', 1, 3),
  standardQueues: names('q', 0, 3),
  fifoQueues: names('fifo', 0, 2),
  topics: names('t', 0, 2),
  buses: names('b', 0, 2),
  kinesis: names('s', 0, 1),
  kafka: names('k', 0, 1),
  tables: names('d', 0, 1),
  buckets: names('u', 0, 1),
  downstreams: names('x', 0, 2),
  deadEndTopics: names('endTopic', 0, 1),
  deadEndBuckets: names('endBucket', 0, 1),
})

/** Every node that takes messages, functions aside. */
export function resourcesOf(nodes: Plan): string[] {
  const { functions: _, downstreams: __, ...resources } = nodes
  return Object.values(resources).flat()
}

/** One of the names; undefined where there is none. */
export function oneOf(...lists: readonly (readonly string[])[]): fc.Arbitrary<string | undefined> {
  const all = lists.flat()
  return all.length === 0 ? fc.constant(undefined) : fc.constantFrom(...all)
}

/** The value, or undefined half of the time: a key that is left out. */
export function rarely<Value>(arbitrary: fc.Arbitrary<Value>): fc.Arbitrary<Value | undefined> {
  return fc.oneof(
    { weight: 1, arbitrary: fc.constant(undefined) },
    { weight: 1, arbitrary: arbitrary as fc.Arbitrary<Value | undefined> },
  )
}

export const filter = rarely(
  fc.constantFrom('0%', '50%', '100%', { kind: 'order' }, { kind: ['refund', 'unheard-of'] }),
)

export const shape = fc.record({
  payload: fc.constantFrom(undefined, undefined, '2KB', '300KB', '1500KB'),
  attributes: fc.constantFrom(undefined, { kind: { order: '60%', refund: '40%' } }),
  keys: fc.constantFrom(undefined, { count: 1 }, { count: 4 }, { count: 20, hottest: '50%' }),
})

/** A whole second before the end, as `17s`. */
export const second = fc.integer({ min: 0, max: 44 }).map((value) => `${value}s`)

/** Two to four of them: the more there are, the more is connected. */
export function several<Value>(arbitrary: fc.Arbitrary<Value>): fc.Arbitrary<Value[]> {
  return fc.array(arbitrary, { minLength: 2, maxLength: 4, size: 'max' })
}

/** A record from names to what is drawn for each. */
export function each<Value>(
  keys: readonly string[],
  arbitraryOf: (key: string, index: number) => fc.Arbitrary<Value>,
): fc.Arbitrary<Record<string, Value>> {
  return fc.record(Object.fromEntries(keys.map((key, index) => [key, arbitraryOf(key, index)])))
}
