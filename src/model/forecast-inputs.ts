/** What `explain` reckons with before a run: who sends to whom, what takes how much, what is there. */
import type { CallLimit, Firings, Intake, PollingCapacity } from './entry.ts'
import type { Scope } from './metrics/catalogue-entry.ts'

export interface ForecastInputs {
  /** How messages move while nothing fails. */
  readonly flows: readonly Flow[]
  /** Edges that invoke their functions by themselves. */
  readonly clocks: readonly Clock[]
  /** How much resources take in a second. */
  readonly intakes: readonly NodeIntake[]
  /** How much calls of handlers may take of what they call. */
  readonly calledNodes: readonly CalledNode[]
  /** Rates that front doors hold requests to. */
  readonly doorLimits: readonly DoorLimit[]
  /** How many starts and state transitions of state machines there may be. */
  readonly workflowLimits: readonly WorkflowLimit[]
  /** What waits at the start. */
  readonly initialBacklogs: readonly InitialBacklog[]
}

/** Messages move from one node to another: `topics.news` to `queues.mail`, or to `functions.send`. */
export interface Flow {
  readonly from: string
  readonly to: string
  /** Messages at `to` for each at `from` (of a function: each invocation), at most. */
  readonly meanShare: number
  /** Whether whoever is at `from` waits for the answer. */
  readonly isSynchronous: boolean
  /** Of an edge that polls: how the outputs call it, its part, and how much it can do at once. */
  readonly polling?: Polling
}

export interface Polling extends PollingCapacity {
  /** FUNCTION.EVENT. */
  readonly name: string
  readonly partPath: string
}

export interface NodeIntake {
  /** `queues.orders`. */
  readonly path: string
  readonly name: string
  readonly limits: readonly Intake[]
}

export interface CalledNode {
  /** `tables.carts`. */
  readonly path: string
  readonly name: string
  readonly limits: readonly CallLimit[]
}

export interface DoorLimit {
  readonly name: string
  /** Of `name`: `stage`. */
  readonly limit: string
  readonly perSecond: number
  /** Who comes to it: a share of what comes to the api at `path`, or all of a producer. */
  readonly sources: readonly (
    | { readonly path: string; readonly share: number }
    | { readonly producer: string }
  )[]
}

export interface InitialBacklog {
  readonly scope: Scope
  readonly name: string
  /** `queues.orders`. */
  readonly path: string
  /** Messages or records. */
  readonly count: number
}

/** What makes its own events: a schedule. */
export interface Clock extends Firings {
  /** FUNCTION.EVENT, MACHINE.EVENT. */
  readonly name: string
  readonly kind: string
  /** Where its events go: `functions.sweep`. */
  readonly path: string
  /** Metrics of scope `event` that it has; left out: its part lists them. */
  readonly metrics?: readonly string[]
}

/** A quota of Step Functions that the state machines of an account share. */
export interface WorkflowLimit {
  readonly limit: string
  readonly perSecond: number
  /** Executions that are started without waiting, or all with their state transitions. */
  readonly counts: 'starts' | 'transitions'
  /** How much each execution at `path` takes. */
  readonly sources: readonly { readonly path: string; readonly share: number }[]
}
