import type { z } from 'zod'
import type { Assumption } from '../compiled-scenario.ts'
import type { Part } from '../part.ts'
import type { CallPhase } from '../time-parts.ts'
import type { World } from '../world.ts'

/**
 * A system that handlers call and wait for. The caller does not know of which type it is.
 */
export interface Downstream extends Part {
  /**
   * A call comes in. It is answered by `world.calls.answer`, in an event of its own, so that no
   * chain of calls is as deep as a stack.
   */
  begin(call: number): void
  /** Its caller does not wait any longer; what is free of it again is the downstream's to decide. */
  abandon(call: number): void
  /** An invocation that called it is over in this environment. Left out: it holds nothing for it. */
  onInvocationEnd?(environment: number): void
  /** The environment is retired, or reset after a crash or timeout. Left out: as above. */
  onEnvironmentGone?(environment: number): void
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
   * How long a call takes on average where nothing holds it up, us; `meanOf` knows the other
   * downstreams. Left out: as long as `service`.
   */
  meanAnswerUs?(config: Config, meanOf: (name: string) => number): number
  /** Where a call may be; left out: it waits in line, or is served. */
  readonly callPhases?: readonly CallPhase[]
  assumptions?(config: Config): readonly Assumption[]
  /** Nothing is wrong, but it will surprise. */
  warnings?(config: Config): readonly string[]
  /** Keys that `timeline` may set. */
  readonly settable?: readonly string[]
  create(name: string, config: Config, world: World): Downstream
}
