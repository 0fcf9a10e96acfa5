/**
 * How many messages come to each node in a second, from the rates of the traffic, the schedules
 * and the flows.
 */
import { MICROSECONDS_PER_SECOND } from '../kernel/time.ts'
import { expectedAttempts } from '../model/clients/expected-attempts.ts'
import type {
  CompiledScenario,
  TrafficSettings,
  TrafficTarget,
} from '../model/compiled-scenario.ts'
import { meanMessages } from '../model/doors/connections.ts'
import type { Clock, Flow, Polling } from '../model/forecast-inputs.ts'
import { bareName } from '../model/node-names.ts'
import { callsOfSteps, errorShareOf, invokedBy, meanServiceUs, peakRate } from './offered-load.ts'
import { readingSpans } from './reading-spans.ts'

/** A loop that grows has no mean; so many rounds show that it is much. */
const ROUNDS = 32

export interface NodeLoad {
  /** Requests, events, messages or records in a second; null: not known before the run. */
  readonly perSecond: number | null
  /** Of these, those whose caller waits for the answer. */
  readonly synchronousPerSecond: number | null
  /** Calls of callers that wait and of pollers: what limits on the request rate count, at most. */
  readonly callsPerSecond: number | null
}

const NONE: NodeLoad = { perSecond: 0, synchronousPerSecond: 0, callsPerSecond: 0 }

export interface Loads {
  /** What comes to the node at this path. */
  at(path: string): NodeLoad
  /** Messages that the flow moves in a second; null: not known before the run. */
  movedBy(flow: Flow): number | null
}

/** What the load of a node is computed from. */
interface Rates {
  readonly ofTraffic: (traffic: TrafficSettings) => number | null
  readonly ofClock: (clock: Clock) => number
  /** The share of what is at `from` that the flow moves. */
  readonly shareOf: (flow: Flow) => number
}

/** While everything sends as much as it ever does, and all that ever reads does; only what is stated fails. */
export function peakLoads(compiled: CompiledScenario): Loads {
  return messageLoads(compiled, {
    ofTraffic: (traffic) => peakRate(compiled, traffic),
    ofClock: ({ peakPerSecond }) => peakPerSecond,
    shareOf: ({ meanShare, polling }) =>
      polling === undefined || readingSpans(compiled, polling).length > 0 ? meanShare : 0,
  })
}

/** On average over the run; only what is stated fails. */
export function meanLoads(compiled: CompiledScenario): Loads {
  const durationSeconds = compiled.durationUs / MICROSECONDS_PER_SECOND
  return messageLoads(compiled, {
    ofTraffic: ({ expectedRequests }) =>
      expectedRequests === null ? null : expectedRequests / durationSeconds,
    ofClock: ({ expected }) => expected / durationSeconds,
    // What comes while a mapping is off is read when it is on again.
    shareOf: ({ meanShare, polling }) =>
      polling === undefined ? meanShare : meanShare * readShare(compiled, polling),
  })
}

/** What comes until the mapping is switched off for the last time, as a share of all. */
function readShare(compiled: CompiledScenario, polling: Polling): number {
  const last = readingSpans(compiled, polling).at(-1)
  return last === undefined ? 0 : last.untilUs / compiled.durationUs
}

function messageLoads(compiled: CompiledScenario, rates: Rates): Loads {
  const outside = loadsFromOutside(compiled, rates)
  const readerShares = new Map(compiled.flows.map((flow) => [flow, readerShare(compiled, flow)]))
  let loads = outside
  const factors = new Map(compiled.flows.map((flow) => [flow, attemptsOfFlow(compiled, flow)]))
  const movedBy = (flow: Flow): number | null => {
    const { perSecond } = loads.get(flow.from) ?? NONE
    const share = rates.shareOf(flow) * readerShares.get(flow)! * factors.get(flow)!
    return perSecond === null ? null : perSecond * share
  }
  for (let round = 0; round < ROUNDS; round++) {
    const next = new Map(outside)
    for (const flow of compiled.flows) {
      const moved = movedBy(flow)
      add(next, flow.to, {
        perSecond: moved,
        synchronousPerSecond: flow.isSynchronous ? moved : 0,
        callsPerSecond: callsOf(compiled, flow, moved),
      })
    }
    loads = next
  }
  return { at: (path) => loads.get(path) ?? NONE, movedBy }
}

/**
 * Every reader of a stream gets each record, but a message of a queue goes to one of its readers:
 * to each as many as it can do compared with the others.
 */
function readerShare(compiled: CompiledScenario, flow: Flow): number {
  if (flow.polling === undefined || !flow.from.startsWith('queues.')) return 1
  const isReader = ({ from, polling }: Flow) =>
    from === flow.from && polling !== undefined && readingSpans(compiled, polling).length > 0
  const readers = compiled.flows.filter(isReader)
  if (readers.length < 2) return 1
  const speeds = readers.map((reader) => speedOf(compiled, reader))
  return isReader(flow) ? speedOf(compiled, flow) / speeds.reduce((sum, one) => sum + one, 0) : 0
}

/** Messages that a poller's places can do in full batches, in a microsecond. */
export function speedOf({ functions }: CompiledScenario, { to, polling }: Flow): number {
  const settings = functions.find(({ name }) => `functions.${name}` === to)
  const { mostConcurrent, batchSize } = polling!
  const { duration, recordDuration } = settings!.handler
  const batchUs = duration.mean + batchSize * (recordDuration?.mean ?? 0)
  // A handler that takes no time at all counts as one of a microsecond.
  return (mostConcurrent * batchSize) / Math.max(1, batchUs)
}

/** Of a poller: one call for each message, as long as its places and its batching allow so many. */
function callsOf(
  { functions }: CompiledScenario,
  { to, isSynchronous, polling }: Flow,
  moved: number | null,
): number | null {
  if (moved === null || isSynchronous) return moved
  const settings = functions.find(({ name }) => `functions.${name}` === to)
  if (polling === undefined || settings === undefined) return 0
  const { batchSize, partialBatchesPerSecond, mostConcurrent } = polling
  const mostByPlaces =
    (mostConcurrent * MICROSECONDS_PER_SECOND) / meanServiceUs(settings, functions)
  return Math.min(moved, moved / batchSize + partialBatchesPerSecond, mostByPlaces)
}

function loadsFromOutside(
  compiled: CompiledScenario,
  { ofTraffic, ofClock }: Rates,
): Map<string, NodeLoad> {
  const loads = new Map<string, NodeLoad>()
  for (const traffic of compiled.traffic) {
    const { target } = traffic
    const requests = ofTraffic(traffic)
    const rate = requests === null ? null : requests * attemptsOf(compiled, target)
    if (target.functionIndex !== null) {
      const path = `functions.${compiled.functions[target.functionIndex]!.name}`
      const batch = target.kind === 'handover' ? target.batch : 1
      const perSecond = rate === null ? null : rate * batch
      const called = target.kind === 'synchronous' ? perSecond : 0
      add(loads, path, { perSecond, synchronousPerSecond: called, callsPerSecond: called })
    } else if (target.kind === 'door') {
      const { connection, doorPath } = target
      const each = connection === null ? 1 : meanMessages(connection)
      const perSecond = rate === null ? null : rate * each
      add(loads, doorPath, {
        perSecond,
        synchronousPerSecond: perSecond,
        callsPerSecond: perSecond,
      })
    } else if (target.kind === 'execution') {
      add(loads, target.machinePath, {
        perSecond: rate,
        synchronousPerSecond: rate,
        callsPerSecond: rate,
      })
    } else if (target.kind === 'handover') {
      const path = `${target.section}.${bareName(target.reference)}`
      add(loads, path, { ...NONE, perSecond: rate === null ? null : rate * target.batch })
    }
  }
  for (const clock of compiled.clocks) {
    add(loads, clock.path, { ...NONE, perSecond: ofClock(clock) })
  }
  return loads
}

/** Attempts for each request whose caller tries function errors again; throttles are not foreseen. */
function attemptsOf({ functions }: CompiledScenario, target: TrafficTarget): number {
  if (target.kind !== 'synchronous') return 1
  const { retry = null, retriesFunctionErrors = false } = target.client ?? {}
  if (retry === null || !retriesFunctionErrors) return 1
  return expectedAttempts(errorShareOf(functions[target.functionIndex]!), retry.maxAttempts)
}

/** The same for handlers that try function errors again: on average over the calls of the flow. */
function attemptsOfFlow({ functions }: CompiledScenario, { from, to }: Flow): number {
  const caller = functions.find(({ name }) => `functions.${name}` === from)
  let calls = 0
  let attempts = 0
  for (const call of callsOfSteps(caller?.handler.steps ?? [])) {
    const callee = invokedBy(call, functions)
    if (callee === undefined || `functions.${callee.name}` !== to) continue
    const share = call.count * call.probability
    const most = call.retriesErrors ? (call.retry?.maxAttempts ?? 1) : 1
    calls += share
    attempts += share * expectedAttempts(errorShareOf(callee), most)
  }
  return calls === 0 ? 1 : attempts / calls
}

function add(loads: Map<string, NodeLoad>, path: string, more: NodeLoad): void {
  const before = loads.get(path) ?? NONE
  const sum = (one: number | null, other: number | null): number | null =>
    one === null || other === null ? null : one + other
  loads.set(path, {
    perSecond: sum(before.perSecond, more.perSecond),
    synchronousPerSecond: sum(before.synchronousPerSecond, more.synchronousPerSecond),
    callsPerSecond: sum(before.callsPerSecond, more.callsPerSecond),
  })
}
