import type { z } from 'zod'
import type { Assumption, HandlerCall } from '../compiled-scenario.ts'
import type { LambdaFunction } from '../compute/lambda-function.ts'
import type { CallLimit } from '../entry.ts'
import type { Part } from '../part.ts'
import type { Charge } from '../pricing/charge.ts'
import type { CallPhase } from '../time-parts.ts'
import type { World } from '../world.ts'

/** What takes the calls of handlers. The caller does not know of which type it is. */
export interface CallTarget {
  /**
   * A call comes in. It is answered by `world.calls.answer`, in an event of its own, so that no
   * chain of calls is as deep as a stack.
   */
  begin(call: number): void
  /** Its caller does not wait any longer; what is free of it again is the target's to decide. */
  abandon(call: number): void
  /** An invocation that called it is over in this environment. Left out: it holds nothing for it. */
  onInvocationEnd?(environment: number): void
  /** The environment is retired, or reset after a crash or timeout. Left out: as above. */
  onEnvironmentGone?(environment: number): void
  /** The run is over. Left out: it is a part of its own, which keeps books. */
  checkBooks?(): void
}

/** A system that handlers call and wait for. */
export interface Downstream extends Part, CallTarget {}

/** What to expect of a downstream that nothing holds up. */
export interface ExpectedAnswer {
  /** How long a call takes on average, us. */
  readonly meanAnswerUs: number
  /** Share of the calls that it answers with an error. */
  readonly errorRate: number
}

/** Where in a handler's code a call stands: its name keys what is drawn for it. */
export interface CallPlace {
  /** `FUNCTION/calls/PLACE`. */
  readonly name: string
  readonly settings: HandlerCall
  /** Whose handler it is. */
  readonly function: LambdaFunction
}

/** A part that handlers may call, and that has to know from where. */
export interface CalledResource extends Part {
  /** What takes the calls that are made there. */
  calledFrom(place: CallPlace): CallTarget
}

/** A type of downstream: what one file exports and `index.ts` lists. */
export interface DownstreamEntry<Config = unknown> {
  /** The value of `type`. */
  readonly kind: string
  /** One sentence for the reference page. */
  readonly summary: string
  /** The YAML keys as a strict object, `type` included. */
  readonly schema: z.ZodObject<z.ZodRawShape>
  /** Names of other downstreams that it calls. */
  calls?(config: Config): readonly { readonly path: readonly string[]; readonly to: string }[]
  /**
   * What it answers before a run; `expectedAnswerOf` knows the others. Left out: as long as
   * `service`, with its `errorRate`.
   */
  expectedAnswer?(
    config: Config,
    expectedAnswerOf: (name: string) => ExpectedAnswer,
  ): ExpectedAnswer
  /** Where a call may be; left out: it waits in line, or is served. */
  readonly callPhases?: readonly CallPhase[]
  /** How much of it calls may take, for explain; left out: any amount. */
  callLimits?(config: Config): readonly CallLimit[]
  assumptions?(config: Config): readonly Assumption[]
  /** Nothing is wrong, but it will surprise. */
  warnings?(config: Config): readonly string[]
  /** What it is charged for; left out: nothing. */
  bill?(config: Config): readonly Charge[]
  /** Keys that `timeline` may set. */
  readonly settable?: readonly string[]
  create(name: string, config: Config, world: World): Downstream
}
