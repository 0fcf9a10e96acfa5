/** What the lists of resources and event types hold: everything that shared code asks of a kind. */

import type { z } from 'zod'
import type { Assumption, HandlerCall } from './compiled-scenario.ts'
import type { Qualifier } from './compute/lambda-function.ts'
import type { PlatformMonth } from './compute/platform-timeline.ts'
import type { ExpectedAnswer } from './downstream/downstream.ts'
import type { Clock } from './forecast-inputs.ts'
import type { Scope } from './metrics/catalogue-entry.ts'
import type { Part } from './part.ts'
import type { Charge } from './pricing/charge.ts'
import type { CallPhase } from './time-parts.ts'
import type { RunSettings, Section, World } from './world.ts'

/** A place in a configuration, relative to it. */
export type ConfigPath = readonly (string | number)[]

/** A reference that stands in a configuration. */
export interface Reference {
  readonly path: ConfigPath
  readonly to: string
  /** Which sections it may lead to. */
  readonly sections: readonly Section[]
  /** With its article, for messages: `a dead-letter target`. */
  readonly role: string
  /** Whether something comes to the node by it: false for what an edge reads from. */
  readonly sends: boolean
  /**
   * How many messages go there for each that comes in, before the run and at most; left out: none,
   * unless something fails. On what an edge reads from: how many come in by the edge.
   */
  readonly meanShare?: number
  /** Of several references that share what a node gets: `meanShare` is of this one's part. */
  readonly weight?: number
  /** A synchronous call: it waits for the answer. */
  readonly isAwaited?: boolean
}

export interface Fault {
  readonly path: ConfigPath
  readonly message: string
}

/** What checks may look at beside their own configuration. */
export interface CheckContext {
  readonly platform: PlatformMonth
  readonly region: string
  readonly durationUs: number
  /** How long the account's REST APIs may wait for an integration. */
  readonly gatewayTimeoutUs: number
  /** The configuration of what a reference leads to; undefined where that is faulty or unknown. */
  configOf(reference: string, sections: readonly Section[]): unknown
  /** Whether anything sends the function asynchronous events. */
  hasAsynchronousEvents(functionName: string): boolean
  /** References of the whole scenario to this node, with the path of each. */
  referencesTo(
    section: Section,
    name: string,
  ): readonly (Pick<Reference, 'role' | 'sends'> & { readonly path: string })[]
}

/** What both sorts of entries have. `Config` is what `schema` puts out: plain values in base units. */
interface CommonEntry<Config> {
  /** One sentence for the reference page. */
  readonly summary: string
  /** The YAML keys as a strict object. */
  readonly schema: z.ZodObject<z.ZodRawShape>
  /** The nodes that a configuration names. */
  references?(config: Config): readonly Reference[]
  /** Behaviour that AWS does not document and that takes part; ids are told once per run. */
  assumptions?(config: Config): readonly Assumption[]
  /**
   * What it is charged for, read off its part at the end of the run; left out: nothing. Products
   * and prices are in `pricing/`.
   */
  bill?(config: Config, context: Pick<CheckContext, 'configOf'>): readonly Charge[]
  /** Dotted paths of the configuration that `timeline` may set. */
  readonly settable?: readonly string[]
  /** What else `timeline` may ask of it, by verb. */
  readonly commands?: Readonly<Record<string, CommandEntry>>
}

/** A verb of the timeline: `{ at: 25m, redrive: failed, to: orders }`. */
export interface CommandEntry {
  readonly summary: string
  /** The keys beside `at` and the verb. */
  readonly keys: z.ZodRawShape
  /** The nodes that its options name. */
  references?(options: Readonly<Record<string, unknown>>): readonly Reference[]
  /** What is wrong with asking it of this resource; undefined: nothing. */
  check?(
    name: string,
    context: CheckContext,
    options: Readonly<Record<string, unknown>>,
  ): string | undefined
  /** Why asking it will surprise; undefined: it will not. */
  warning?(name: string, context: CheckContext): string | undefined
}

/** A sort of resource: what one file of `resources/` exports and its `index.ts` lists. */
export interface ResourceEntry<Config = unknown, Initial = unknown>
  extends Omit<CommonEntry<Config>, 'schema'> {
  /** The YAML keys as a strict object, or one for each `type`. */
  readonly schema: z.ZodType
  readonly section: Section
  readonly scope: Scope
  /** Nobody outside the account calls it; left out: producers of `traffic` may. */
  readonly isNoTarget?: true
  /** Problems that involve other entities. */
  check?(name: string, config: Config, context: CheckContext): readonly Fault[]
  /** Nothing is wrong, but it will surprise. */
  warnings?(name: string, config: Config, context: CheckContext): readonly string[]
  /** Why none of `settable` may change in this one; left out: all of them may. */
  settableFault?(name: string, config: Config): string | undefined
  /** Metrics of its scope that it has; left out: all of them. */
  metrics?(config: Config): readonly string[]
  /**
   * Of what handlers call: what it answers where nothing holds it up; `othersOf` knows the others of
   * its section. Left out: handlers do not wait for it.
   */
  expectedAnswer?(config: Config, othersOf: (name: string) => ExpectedAnswer): ExpectedAnswer
  /** Where in it a call of a handler that waits may be; left out: handlers do not wait for it. */
  callPhases?(config: Config): readonly CallPhase[]
  /** Names in its scope beside its own that have metrics; left out: none. */
  places?(name: string, config: Config): readonly string[]
  /** How much may be sent to it in a second, for explain; left out: any amount. */
  intake?(config: Config, context: Pick<CheckContext, 'platform' | 'region'>): readonly Intake[]
  /** How much of it calls of handlers may take, for explain; left out: any amount. */
  callLimits?(config: Config, context: Pick<CheckContext, 'platform'>): readonly CallLimit[]
  /** What happens at it by the clock, with how often, for explain; left out: nothing. */
  firings?(
    name: string,
    config: Config,
    run: Pick<RunSettings, 'startsAtMs' | 'durationUs'>,
  ): readonly (Firings & Pick<Clock, 'name' | 'kind' | 'metrics'>)[]
  /** The keys of `initial.SECTION.NAME`; left out: nothing can be there at the start. */
  readonly initialSchema?: z.ZodObject<z.ZodRawShape>
  create(name: string, config: Config, initial: Initial | undefined, world: World): Part
}

/** An edge from something to a function: `functions.FUNCTION.events.NAME`. */
export interface EventEdge<Config = unknown> {
  /** FUNCTION.NAME, as the outputs call it. */
  readonly name: string
  /** `functions.FUNCTION.events.NAME`. */
  readonly path: string
  readonly functionName: string
  readonly config: Config
}

/** What a check of an edge may know of its function. */
export interface EdgeFunction {
  readonly timeoutUs: number
  readonly reservedConcurrency: number | null
}

/** One limit of what a resource takes in a second. */
export interface Intake {
  /** Of `name`: `send calls`. */
  readonly limit: string
  readonly counts: 'calls' | 'records' | 'KB'
  readonly perSecond: number
}

/** One limit of what handlers call. */
export interface CallLimit {
  /** Of its resource: `connections`. */
  readonly limit: string
  readonly unit: string
  readonly allowed: number
  /**
   * How much of it one call in a second takes; null: each invocation in progress of a function that
   * calls takes one.
   */
  readonly perCall: ((call: HandlerCall) => number) | null
  readonly effect: 'is refused' | 'waits'
}

/** How much an edge that polls can do at once, for explain. */
export interface PollingCapacity {
  /** Invocations at once at most. */
  readonly mostConcurrent: number
  /** Messages of each at most. */
  readonly batchSize: number
  /** Batches in a second that may go before they are full; Infinity: as soon as a message is there. */
  readonly partialBatchesPerSecond: number
  /** Receives of up to ten messages in a second at most; left out: any number. */
  readonly receivesPerSecond?: number
  /** Whether it reads at the start of the run. */
  readonly isEnabled: boolean
}

/** How often an edge invokes its function by itself, for explain. */
export interface Firings {
  /** In the whole run. */
  readonly expected: number
  /** By the shortest time from one to the next. */
  readonly peakPerSecond: number
}

/** A type of event: what one file exports and `event-sources.ts` lists. */
export interface EventSourceEntry<Config = unknown> extends CommonEntry<Config> {
  /** The value of `type`, which the scenario layer adds to the schema. */
  readonly kind: string
  /** How the function is invoked. */
  readonly model: 'asynchronous' | 'polling' | 'synchronous'
  /** Problems that involve other entities. */
  check?(edge: EventEdge<Config>, target: EdgeFunction, context: CheckContext): readonly Fault[]
  warnings?(edge: EventEdge<Config>, target: EdgeFunction, context: CheckContext): readonly string[]
  /** Metrics of scope `event` that it has; left out: none. */
  metrics?(config: Config): readonly string[]
  /** Of a type that polls. */
  capacity?(config: Config, context: Pick<CheckContext, 'platform' | 'configOf'>): PollingCapacity
  /** Of a type that nothing is sent to: it makes its own events. */
  firings?(config: Config, run: Pick<RunSettings, 'startsAtMs' | 'durationUs'>): Firings
  create(edge: EventEdge<Config>, qualifier: Qualifier, world: World): Part
}
