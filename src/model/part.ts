import type { Scope } from './metrics/catalogue-entry.ts'
import type { Book } from './metrics/ledger.ts'

/** Something that the outputs name. */
export interface Place {
  readonly scope: Scope
  readonly name: string
}

/** How close a part came to one of its limits. */
export interface LimitUse extends Place {
  /** Of `name`: `in flight`. */
  readonly limit: string
  readonly used: number
  readonly available: number
  /** What it refused; left out: nothing, or it is told elsewhere. */
  readonly refusals?: Refusals
}

/** What a limit refused in the whole run. */
export interface Refusals {
  readonly count: number
  readonly firstUs: number
  readonly lastUs: number
  /** Which setting would have let more through: `apis.shop.throttle`. */
  readonly setting: string
}

/** What keeps what waits from leaving, at an instant. */
export interface Hold {
  /** What binds: `message-groups`, `maximum-concurrency`, or the cause of throttles. */
  readonly cause: string
  /** Path of what has the setting that binds: `functions.fulfil.events.orders`. */
  readonly at: string
}

/** What waits in a part now. Where nothing takes it out (a queue that nobody polls) it is 0. */
export interface Backlog extends Place {
  /** Whose waiting times grow with it, first where it lies; left out: its own. */
  readonly places?: readonly Place[]
  readonly waiting: number
  /** What has entered so far. */
  readonly total: number
  /** null: nothing in particular, such as when little waits. */
  readonly heldBy: Hold | null
}

/**
 * A part of the run beside functions and producers: a resource, or an edge from one to a function.
 * The simulation starts, drains and closes its parts without knowing what they are.
 */
export interface Part {
  /** `queues.orders`; an edge is `functions.fulfil.events.orders`. */
  readonly path: string
  /** All parts exist: references become targets. */
  connect?(): void
  /** At time 0, with everything connected. */
  start?(): void
  /** A draining run begins: makes no events of its own any more. */
  silence?(): void
  /** What lies in it and will still move without new arrivals: draining waits until this is 0. */
  pending?(): number
  /** What waits to be processed, for the judgement whether it grows; left out: nothing can. */
  backlog?(): Backlog
  /** Limits that took part, and how close the run came to them; left out: it has none. */
  limitUses?(): readonly LimitUse[]
  /** At the run's end, in output order: checked, and written to ledger.csv. */
  closeBooks?(): readonly Book[]
  /** What the timeline's verbs ask of it; throws for a verb that its entry does not list. */
  command?(verb: string, options: unknown): void
  /** A `set` of the timeline changed its configuration: the whole of it as it reads now. */
  reconfigure?(config: unknown): void
}
