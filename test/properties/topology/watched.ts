/** Runs of topologies, and questions to their books. */
import { Flows } from '../../support/flows.ts'
import { type RunView, run } from '../../support/run.ts'
import type { Topology } from './scenario.ts'

/** Loops may go on for ever, or grow: they are cut off here. */
export const EVENT_LIMIT = 60_000
export const SLICE = 20_000

export interface Watched {
  readonly view: RunView
  readonly flows: Flows
  readonly isComplete: boolean
}

export async function watch(scenario: Topology): Promise<Watched> {
  const flows = new Flows()
  const options = { adjust: flows.watch, eventBudget: SLICE, eventLimit: EVENT_LIMIT }
  const view = await run(scenario, options)
  return { view, flows, isComplete: view.output.status === 'complete' }
}

export interface Book {
  readonly scope: string
  readonly name: string
  readonly entered: number
  readonly outcomes: Readonly<Record<string, number>>
}

export function booksOf({ output }: RunView): Book[] {
  const books = new Map<string, Record<string, number>>()
  for (const { scope, name, outcome, count } of output.ledger) {
    const key = `${scope} ${name}`
    books.set(key, { ...books.get(key), [outcome]: count })
  }
  return [...books].map(([key, { entered = 0, ...outcomes }]) => {
    const [scope = '', name = ''] = key.split(' ')
    return { scope, name, entered, outcomes }
  })
}

export function bookOf(view: RunView, scope: string, name: string): Book {
  const found = booksOf(view).find((book) => book.scope === scope && book.name === name)
  if (found === undefined) throw new Error(`there is no book of ${scope} ${name}`)
  return found
}

export function sum(values: readonly (number | undefined)[]): number {
  return values.reduce<number>((total, value) => total + (value ?? 0), 0)
}

export const hasVerb = ({ timeline }: Topology, verb: string) =>
  timeline.some((step) => verb in step)

/** Whether the timeline sets a path that ends so. */
export const isSet = ({ timeline }: Topology, ending: string) =>
  timeline.some(({ set }) =>
    Object.keys((set as object | undefined) ?? {}).some((path) => path.endsWith(ending)),
  )

/** The events that read a queue, stream or table. */
export function readersOf({ functions }: Topology, name: string) {
  return Object.entries(functions).flatMap(([owner, { events }]) =>
    Object.entries(events)
      .filter(([, event]) => [event.queue, event.stream, event.table].includes(name))
      .map(([event, config]) => ({ name: `${owner}.${event}`, config })),
  )
}

/** Whether each reader of a node reads at the end; false where there is none. */
export function isReadAtTheEnd(scenario: Topology, name: string): boolean {
  const readers = readersOf(scenario, name)
  return readers.length > 0 && readers.every((reader) => isEnabledAtTheEnd(scenario, reader))
}

function isEnabledAtTheEnd(
  { timeline }: Topology,
  { name, config }: ReturnType<typeof readersOf>[number],
): boolean {
  const orders = timeline.filter(({ enable, disable }) => enable === name || disable === name)
  const last = orders.at(-1)
  return last === undefined ? config.enabled !== false : last.enable === name
}
