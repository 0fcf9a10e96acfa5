/** Whole scenarios: 45 seconds of any functions, nodes, traffic and changes. */
import fc from 'fast-check'
import { type Functions, functions } from './functions.ts'
import { type Plan, plan } from './plan.ts'
import { resources } from './resources.ts'
import { type Step, timeline } from './timeline.ts'
import { initial, type Traffic, traffic } from './traffic.ts'

export interface Topology {
  readonly account: { readonly concurrentExecutions: number }
  readonly functions: Functions
  readonly queues: Readonly<
    Record<string, { readonly redrivePolicy?: { readonly deadLetterTarget: string } }>
  >
  readonly topics: Readonly<Record<string, { readonly subscriptions: readonly unknown[] }>>
  readonly streams: Readonly<Record<string, unknown>>
  readonly tables: Readonly<Record<string, unknown>>
  readonly traffic: Traffic
  readonly timeline: readonly Step[]
  readonly drain: boolean
  readonly initial: Readonly<Record<string, Readonly<Record<string, Contents>>>>
  readonly [key: string]: unknown
}

interface Contents {
  readonly messages?: number
  readonly records?: number
}

/** In a small account nothing can be set aside. */
function withNothingAside(all: Functions): Functions {
  return Object.fromEntries(
    Object.entries(all).map(([name, own]) => {
      const { reservedConcurrentExecutions, provisionedConcurrentExecutions, ...others } = own
      return [name, others]
    }),
  )
}

function account(isSmall: boolean) {
  const room = isSmall
    ? fc.record({ concurrentExecutions: fc.integer({ min: 1, max: 5 }) })
    : fc.constantFrom(
        { concurrentExecutions: 130 },
        { concurrentExecutions: 130, otherFunctions: { unreservedConcurrency: 100 } },
      )
  return room.map((own) => ({ region: 'us-east-1', ...own }))
}

function scenarioOf(nodes: Plan, isSmall: boolean): fc.Arbitrary<Topology> {
  return functions(nodes)
    .map((drawn) => (isSmall ? withNothingAside(drawn) : drawn))
    .chain((drawn) =>
      fc.record({
        name: fc.constant('topology'),
        duration: fc.constant('45s'),
        warmUp: fc.constantFrom('0s', '7s'),
        seed: fc.integer({ min: 1, max: 1_000_000 }),
        drain: fc.boolean(),
        account: account(isSmall),
        functions: fc.constant(drawn),
        resources: resources(nodes),
        traffic: traffic(nodes),
        initial: initial(nodes),
        timeline: timeline(nodes, drawn, isSmall),
      }),
    )
    .map(({ resources: drawn, ...others }) =>
      // Keys that are left out must not be there at all.
      withPeriod(onlyPossibleRedrives(JSON.parse(JSON.stringify({ ...others, ...drawn })))),
    )
}

/** AWS redrives only dead-letter queues of queues. */
function onlyPossibleRedrives(scenario: Topology): Topology {
  const deadLetterQueues = Object.values(scenario.queues).map(
    ({ redrivePolicy }) => redrivePolicy?.deadLetterTarget,
  )
  const allowed = scenario.timeline.filter(
    ({ redrive }) => redrive === undefined || deadLetterQueues.includes(String(redrive)),
  )
  // AWS reshards no stream on demand.
  const isOnDemand = (name: string) =>
    Object.hasOwn(Object(scenario.streams[name]), 'streamModeDetails')
  const timeline = allowed.filter(
    (step) => !('reshard' in step && isOnDemand(String(step.reshard))),
  )
  return { ...scenario, timeline }
}

/** Draining may take days, whose periods should not be too many. */
function withPeriod(scenario: Topology): Topology {
  return { ...scenario, metricsPeriod: scenario.drain ? '10m' : '10s' }
}

export function drained(scenario: Topology): Topology {
  return withPeriod({ ...scenario, drain: true })
}

export const topology: fc.Arbitrary<Topology> = fc
  .record({ nodes: plan, isSmall: fc.constantFrom(false, false, true) })
  .chain(({ nodes, isSmall }) => scenarioOf(nodes, isSmall))
