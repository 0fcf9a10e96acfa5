/** What changes on the way: every verb, and settings of every sort. */
import fc from 'fast-check'
import { maximumConcurrencyOf } from './events.ts'
import type { Functions } from './functions.ts'
import { oneOf, type Plan, second } from './plan.ts'

export type Step = { readonly at: string } & Readonly<Record<string, unknown>>

const POLLED = ['sqs', 'kinesis', 'dynamodb', 'msk']

function eventNames(functions: Functions, types: readonly string[]): string[] {
  return Object.entries(functions).flatMap(([name, { events }]) =>
    Object.entries(events).flatMap(([event, { type }]) =>
      types.includes(type) ? [`${name}.${event}`] : [],
    ),
  )
}

/** What to do with one of the names; nothing where there is none. */
function withOne(
  names: readonly string[],
  actions: (name: string) => fc.Arbitrary<Readonly<Record<string, unknown>>>,
): fc.Arbitrary<Readonly<Record<string, unknown>>>[] {
  return names.length === 0 ? [] : [fc.constantFrom(...names).chain(actions)]
}

/** Reserved concurrency may not fall below what an event's maximumConcurrency asks for. */
function reservedOf({ events, provisionedConcurrentExecutions = 0 }: Functions[string]) {
  const limits = Object.values(events).map((event) => maximumConcurrencyOf(event) ?? 0)
  const least = Math.max(provisionedConcurrentExecutions, ...limits)
  return fc.oneof(fc.constant(null), fc.integer({ min: least, max: 5 }))
}

function settings(functions: Functions, isSmall: boolean) {
  const set = (path: string, values: fc.Arbitrary<unknown>) =>
    values.map((value) => ({ set: { [path]: value } }))
  const ofEvent = (key: string, types: readonly string[], values: fc.Arbitrary<unknown>) =>
    withOne(eventNames(functions, types), (name) => {
      const [owner, event] = name.split('.')
      return set(`functions.${owner}.events.${event}.${key}`, values)
    })
  return [
    set(
      'account.concurrentExecutions',
      isSmall ? fc.integer({ min: 1, max: 6 }) : fc.integer({ min: 130, max: 140 }),
    ),
    ...withOne(Object.keys(functions), (name) =>
      set(`functions.${name}.timeout`, fc.constantFrom('1s', '3s')),
    ),
    ...withOne(Object.keys(functions), (name) =>
      set(`functions.${name}.handler.failures.error`, fc.constantFrom('0%', '50%')),
    ),
    ...(isSmall
      ? []
      : withOne(Object.keys(functions), (name) =>
          set(`functions.${name}.reservedConcurrentExecutions`, reservedOf(functions[name]!)),
        )),
    ...ofEvent('batchSize', POLLED, fc.constantFrom(1, 5, 10)),
    ...ofEvent('maximumBatchingWindow', ['kinesis', 'msk'], fc.constantFrom('0s', '3s')),
  ]
}

function reshard(stream: string, least: number) {
  const shardCount = fc.integer({ min: least, max: 5 })
  return fc.record({ reshard: fc.constant(stream), shardCount })
}

function verbs(nodes: Plan, functions: Functions) {
  const { standardQueues, fifoQueues, kinesis, kafka } = nodes
  const redrive = (queue: string, others: readonly string[]) =>
    fc.record({
      redrive: fc.constant(queue),
      to: fc.oneof(fc.constant(undefined), oneOf(others)),
      rate: fc.constantFrom('2/s', '500/s'),
    })
  return [
    ...withOne(eventNames(functions, POLLED), (name) =>
      fc.constantFrom({ enable: name }, { disable: name }),
    ),
    ...withOne(standardQueues, (queue) => redrive(queue, standardQueues)),
    ...withOne(fifoQueues, (queue) => redrive(queue, fifoQueues)),
    ...withOne(kinesis, (stream) => reshard(stream, 1)),
    // A topic has three partitions at most, and never fewer than before.
    ...withOne(kafka, (topic) => reshard(topic, 3)),
    ...withOne(nodes.functions, (name) =>
      fc.constantFrom({ eventOutage: name, for: '3s' }, { eventOutage: name, for: '2m' }),
    ),
    ...withOne(nodes.functions, (name) => fc.constant({ deploy: name })),
  ]
}

/** In the order of time. */
export function timeline(
  nodes: Plan,
  functions: Functions,
  isSmall: boolean,
): fc.Arbitrary<Step[]> {
  const action = fc.oneof(...verbs(nodes, functions), ...settings(functions, isSmall))
  return fc
    .array(
      fc.record({ at: second, action }).map(({ at, action: own }) => ({ at, ...own })),
      { maxLength: 5 },
    )
    .map((steps) => steps.sort((one, other) => secondsOf(one) - secondsOf(other)))
}

function secondsOf({ at }: Step): number {
  return Number.parseInt(at, 10)
}
