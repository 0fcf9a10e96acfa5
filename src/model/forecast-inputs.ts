/** What `explain` reckons with before a run: who sends to whom, what takes how much, what is there. */
import type { CallLimit, Firings, Intake, PollingCapacity } from './entry.ts'
import type { Scope } from './metrics/catalogue-entry.ts'

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
  /** FUNCTION.EVENT. */
  readonly name: string
  readonly kind: string
  readonly functionName: string
}
