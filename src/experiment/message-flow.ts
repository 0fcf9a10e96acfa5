/** How many messages come to each node in a second, from the rates of the traffic and the flows. */
import type { CompiledScenario, TrafficSettings } from '../model/compiled-scenario.ts'
import { bareName } from '../model/node-names.ts'

/** A loop that grows has no mean; so many rounds show that it is much. */
const ROUNDS = 32

export interface NodeLoad {
  /** Requests, events, messages or records in a second; null: not known before the run. */
  readonly perSecond: number | null
  /** Of these, those whose caller waits for the answer. */
  readonly synchronousPerSecond: number | null
}

const NONE: NodeLoad = { perSecond: 0, synchronousPerSecond: 0 }

/**
 * The load of every node that something comes to, by path, while nothing fails or is refused.
 * `rateOf` says how often a producer's arrivals come.
 */
export function messageLoads(
  compiled: CompiledScenario,
  rateOf: (traffic: TrafficSettings) => number | null,
): (path: string) => NodeLoad {
  const outside = loadsFromOutside(compiled, rateOf)
  let loads = outside
  for (let round = 0; round < ROUNDS; round++) {
    const next = new Map(outside)
    for (const { from, to, meanShare, isSynchronous } of compiled.flows) {
      const { perSecond } = loads.get(from) ?? NONE
      add(next, to, perSecond === null ? null : perSecond * meanShare, isSynchronous)
    }
    loads = next
  }
  return (path) => loads.get(path) ?? NONE
}

function loadsFromOutside(
  compiled: CompiledScenario,
  rateOf: (traffic: TrafficSettings) => number | null,
): Map<string, NodeLoad> {
  const loads = new Map<string, NodeLoad>()
  for (const traffic of compiled.traffic) {
    const { target } = traffic
    const rate = rateOf(traffic)
    if (target.functionIndex !== null) {
      const path = `functions.${compiled.functions[target.functionIndex]!.name}`
      const batch = target.kind === 'handover' ? target.batch : 1
      add(loads, path, rate === null ? null : rate * batch, target.kind === 'synchronous')
    } else if (target.kind === 'handover') {
      add(
        loads,
        `${target.section}.${bareName(target.reference)}`,
        rate === null ? null : rate * target.batch,
        false,
      )
    }
  }
  return loads
}

function add(
  loads: Map<string, NodeLoad>,
  path: string,
  perSecond: number | null,
  isSynchronous: boolean,
): void {
  const before = loads.get(path) ?? NONE
  const sum = (one: number | null): number | null =>
    one === null || perSecond === null ? null : one + perSecond
  loads.set(path, {
    perSecond: sum(before.perSecond),
    synchronousPerSecond: isSynchronous
      ? sum(before.synchronousPerSecond)
      : before.synchronousPerSecond,
  })
}
