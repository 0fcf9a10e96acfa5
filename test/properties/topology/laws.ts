/** What holds of every topology: each law runs one and throws where it is broken. */
import { expect } from 'vitest'
import { compileText, type RunView, runCompiled } from '../../support/run.ts'
import { maximumConcurrencyOf } from './events.ts'

import { callsEndOnce, metricsAgreeWithAttempts, metricsAgreeWithBooks } from './metric-laws.ts'
import { drained, type Topology } from './scenario.ts'
import {
  bookOf,
  booksOf,
  EVENT_LIMIT,
  hasVerb,
  isReadAtTheEnd,
  isSet,
  readersOf,
  SLICE,
  sum,
  type Watched,
  watch,
} from './watched.ts'

function expectBalance(view: RunView): void {
  for (const { scope, name, entered, outcomes } of booksOf(view)) {
    expect([scope, name, sum(Object.values(outcomes))]).toEqual([scope, name, entered])
  }
}

/** The laws that one run is enough for. */
export async function booksLimitsOrdersAndMetricsHold(scenario: Topology): Promise<void> {
  const watched = await watch(scenario)
  booksAgreeWithDoors(scenario, watched)
  handedOnIsTaken(scenario, watched)
  limitsHold(scenario, watched)
  ordersHold(scenario, watched)
  metricsAgreeWithBooks(scenario, watched)
  metricsAgreeWithAttempts(scenario, watched)
  callsEndOnce(scenario, watched)
}

/** Everything has one outcome, and what entered is what came through the door. */
function booksAgreeWithDoors(scenario: Topology, watched: Watched): void {
  expectBalance(watched.view)
  for (const name of Object.keys(scenario.queues)) expectQueueEntries(scenario, name, watched)
  const { view, flows } = watched
  for (const section of ['streams', 'tables'] as const) {
    for (const name of Object.keys(scenario[section])) {
      const atStart = scenario.initial[section]?.[name]?.records ?? 0
      const { entered } = bookOf(view, section.slice(0, -1), name)
      expect(entered).toBe(flows.acceptedBy(`${section}.${name}`) + atStart)
    }
  }
  for (const [name, { subscriptions }] of Object.entries(scenario.topics)) {
    const subscribers = Object.values(scenario.functions).flatMap(({ events }) =>
      Object.values(events).filter(({ topic }) => topic === name),
    )
    const copies = Math.max(1, subscriptions.length + subscribers.length)
    const { entered } = bookOf(view, 'topic', name)
    expect(entered).toBe(copies * flows.acceptedBy(`topics.${name}`))
  }
  if (!flows.isWatching) return
  for (const { name, entered } of booksOf(view).filter(({ scope }) => scope === 'function')) {
    const paths = [...flows.accepted.keys()].filter((path) =>
      new RegExp(`^functions\\.${name}\\.asynchronous(:|$)`).test(path),
    )
    expect(entered).toBe(sum(paths.map((path) => flows.acceptedBy(path))))
  }
}

/** A queue is entered through its door, from queues whose dead letters it takes, or at the start. */
function expectQueueEntries(scenario: Topology, name: string, { view, flows }: Watched): void {
  const givers = Object.entries(scenario.queues).filter(
    ([, { redrivePolicy }]) => redrivePolicy?.deadLetterTarget === name,
  )
  const given = givers.map(([giver]) => bookOf(view, 'queue', giver).outcomes.deadLettered)
  const atStart = scenario.initial.queues?.[name]?.messages ?? 0
  const known = flows.acceptedBy(`queues.${name}`) + atStart + sum(given)
  const { entered } = bookOf(view, 'queue', name)
  if (hasVerb(scenario, 'redrive')) expect(entered).toBeGreaterThanOrEqual(known)
  else expect(entered).toBe(known)
}

/** What is handed on is what others took. */
function handedOnIsTaken(scenario: Topology, { view, flows }: Watched): void {
  const books = booksOf(view)
  const queues = books.filter(({ scope }) => scope === 'queue')
  const moved = sum(queues.map(({ outcomes }) => outcomes.handedOn))
  const deadLettered = sum(queues.map(({ outcomes }) => outcomes.deadLettered))
  const atStart = sum(Object.values(scenario.initial.queues ?? {}).map(({ messages }) => messages))
  const paths = [...flows.accepted.keys()].filter((path) => path.startsWith('queues.'))
  const accepted = sum(paths.map((path) => flows.acceptedBy(path)))
  expect(sum(queues.map(({ entered }) => entered))).toBe(accepted + atStart + deadLettered + moved)
  if (!flows.isWatching) return
  const deliverers = ['traffic', 'topic', 'bus', 'bucket', 'event']
  const handedOn = books
    .filter(({ scope }) => deliverers.includes(scope))
    .map(({ outcomes }) => sum([outcomes.handedOn, outcomes.deadLettered]))
  const all = sum([...flows.accepted.values()])
  // Handlers' calls and destinations hand on as well, and have no books of their own.
  const others = /"(calls|onFailure|onSuccess|deadLetterTarget)"/
  if (others.test(JSON.stringify(scenario.functions))) {
    expect(all).toBeGreaterThanOrEqual(sum(handedOn))
  } else expect(all).toBe(sum(handedOn))
}

export async function balancesWhereInterrupted(
  scenario: Topology,
  snapshotAtUs: number,
  eventBudget: number,
): Promise<void> {
  const compiled = await compileText(scenario)
  const options = { eventBudget, eventLimit: EVENT_LIMIT, rows: false }
  expectBalance(await runCompiled(compiled, { ...options, snapshotAtUs }))
  expectBalance(await runCompiled(compiled, { ...options, eventLimit: 1 }))
}

function limitsHold(scenario: Topology, { view }: Watched): void {
  const expectAtMost = (gauge: string, most: number | undefined, setting: string): void => {
    if (most === undefined || isSet(scenario, setting)) return
    const highest = Math.max(0, ...view.series(`${gauge}.maximum`))
    expect(highest, gauge).toBeLessThanOrEqual(most)
  }
  const { concurrentExecutions } = scenario.account
  expectAtMost('account.ConcurrentExecutions', concurrentExecutions, 'concurrentExecutions')
  for (const [name, { reservedConcurrentExecutions, events }] of Object.entries(
    scenario.functions,
  )) {
    expectAtMost(
      `${name}.ConcurrentExecutions`,
      reservedConcurrentExecutions,
      `${name}.reservedConcurrentExecutions`,
    )
    for (const [event, config] of Object.entries(events)) {
      expectAtMost(
        `${name}.${event}.PollerConcurrency`,
        maximumConcurrencyOf(config),
        'maximumConcurrency',
      )
    }
  }
}

/** No message of a key overtakes another. */
function ordersHold(scenario: Topology, { flows }: Watched): void {
  // What a redrive brings back comes after what is younger.
  if (hasVerb(scenario, 'redrive')) return
  const overtakings = flows.overtakings.filter(({ path }) => {
    const [section, name = ''] = path.split('.')
    // Two readers of a stream keep its order each, but not together.
    return section === 'queues' || readersOf(scenario, name).length === 1
  })
  expect(overtakings).toEqual([])
}

/** Where somebody reads nothing is left in the end. */
export async function drainsDry(drawn: Topology): Promise<void> {
  const scenario = drained(drawn)
  const { view, isComplete } = await watch(scenario)
  if (!isComplete) return
  expect(view.output.drainedAfterUs).not.toBeNull()
  for (const { scope, name, outcomes } of booksOf(view)) {
    const isPlace = ['queue', 'stream', 'table'].includes(scope)
    if (isPlace && !isReadAtTheEnd(scenario, name)) continue
    // Who begins at the latest record leaves what was there before.
    if (readersOf(scenario, name).some(({ config }) => config.startingPosition === 'LATEST')) {
      continue
    }
    expect([scope, name, outcomes.queued, outcomes.inFlight]).toEqual([
      scope,
      name,
      undefined,
      undefined,
    ])
  }
}

function everything({ output, attempts, metrics }: RunView) {
  return { output, attempts, metrics }
}

export async function slicesCannotBeSeen(scenario: Topology): Promise<void> {
  const compiled = await compileText(scenario)
  const whole = await runCompiled(compiled, { eventBudget: SLICE, eventLimit: EVENT_LIMIT })
  const { status, eventCount } = whole.output
  if (status !== 'complete') return
  for (const eventBudget of eventCount < 5_000 ? [1, 7, 1_000] : [997]) {
    const sliced = await runCompiled(await compileText(scenario), { eventBudget })
    expect(everything(sliced)).toEqual(everything(whole))
  }
}

/** Another reserved concurrency and batch size do not change who comes. */
export async function variantsMeetTheSameMessages(drawn: Topology): Promise<void> {
  const scenario: Topology = { ...drawn, timeline: [], drain: false }
  const base = await watch(scenario)
  const other = await watch(varied(scenario))
  if (!base.isComplete || !other.isComplete) return
  for (const producer of Object.keys(scenario.traffic)) {
    // Whatever becomes of them, all knock at the door of whom their producer calls.
    const comers = ({ flows }: Watched) => {
      const all = [...flows.knocked.values()].flatMap((knocked) => [...knocked])
      return [...new Set(all)].filter((identity) => identity.startsWith(`${producer} `)).sort()
    }
    expect(comers(other)).toEqual(comers(base))
  }
}

function varied(scenario: Topology): Topology {
  const functions = Object.entries(scenario.functions).map(([name, { events, ...own }]) => {
    const reserved = own.reservedConcurrentExecutions === undefined ? undefined : 8
    const changed = Object.entries(events).map(([event, config]) => [
      event,
      'batchSize' in config ? { ...config, batchSize: 2 } : config,
    ])
    return [
      name,
      {
        ...own,
        ...(reserved === undefined ? {} : { reservedConcurrentExecutions: reserved }),
        events: Object.fromEntries(changed),
      },
    ]
  })
  return { ...scenario, functions: Object.fromEntries(functions) }
}
