import type { z } from 'zod'
import type { ScenarioFiles } from '../../kernel/files.ts'
import type { ClosedArrivals, OpenArrivals } from '../compiled-scenario.ts'
import type { RateProfile } from './rate-profile.ts'

/** What a producer needs to know of the run before it starts. */
export interface RunFrame {
  /** The run's length: nothing arrives at or after it. */
  readonly durationUs: number
  /** Wall-clock time of simulated time 0, epoch milliseconds (daily patterns, timestamps). */
  readonly startsAtMs: number
}

/**
 * An arrival process: what one file of this folder exports and `index.ts` lists. Everything that
 * shared code wants to know of a process it asks through these members; it never asks which one
 * it is.
 *
 * `Options` is what `schema` puts out: plain numbers, durations in microseconds, rates per second.
 * The scenario layer extends `schema` with the keys that all producers share (`to`, `client`), so
 * the other members may be handed objects with more keys than they know.
 */
export interface ArrivalProcessEntry<Options = unknown> {
  /** The value of `process`. */
  readonly kind: string
  /** A key that selects this process where `process` is left out (`trace: FILE`). */
  readonly selectedBy?: string
  /** One sentence for the reference page. */
  readonly summary: string
  /** Its requests wait for answers. */
  readonly isClosedLoop?: boolean
  /**
   * The YAML keys of this process as a strict object, `process` included, with the rules between
   * its keys as refinements. Extend it with `safeExtend`, which keeps them.
   */
  readonly schema: z.ZodObject<z.ZodRawShape>
  /** The process in words with its numbers, in one line: `Poisson, 100/s for 10m, then ...`. */
  describe(options: Options): string
  /** The mean number of requests over the run; null where it is not known before the run. */
  expectedRequests(options: Options, run: RunFrame): number | null
  /** The highest arrival rate of the run, per second; null where it is not known before the run. */
  peakRatePerSecond(options: Options, run: RunFrame): number | null
  /** The planned rate over time, for explain; left out by processes without one. */
  rateProfile?(options: Options, run: RunFrame): RateProfile
  /** What a person should know although nothing is wrong: stages that the run's end cuts, say. */
  warnings(options: Options, run: RunFrame): readonly string[]
  /**
   * Looks at what only files tell, ahead of the run: what is wrong, as messages. Distributions have
   * the values of their files by then.
   */
  check?(options: Options, files: ScenarioFiles): Promise<readonly string[]>
  /** The options compiled to what the engine runs. */
  create(options: Options, run: RunFrame): OpenArrivals | ClosedArrivals
}
