import type { z } from 'zod'
import type { Assumption } from '../../compiled-scenario.ts'
import type { CheckContext, Fault, Firings, Reference } from '../../entry.ts'
import type { Part } from '../../part.ts'
import type { RunSettings, World } from '../../world.ts'
import type { StateMachine } from '../state-machine.ts'

/** What starts executions: `stateMachines.NAME.events.EVENT`. */
export interface StartEdge<Config = unknown> {
  /** NAME.EVENT, as the outputs call it. */
  readonly name: string
  readonly path: string
  readonly config: Config
}

/** One event of a state machine, whatever its type. */
export interface StartConfig {
  readonly type: string
}

/** What a check may know of the state machine. */
export interface StartedMachine {
  readonly type: 'STANDARD' | 'EXPRESS'
}

/** A type of event of a state machine: what one file exports and `index.ts` lists. */
export interface StartEntry<Config = unknown> {
  /** The value of `type`, which `index.ts` adds to the schema. */
  readonly kind: string
  /** One sentence for the reference page. */
  readonly summary: string
  readonly schema: z.ZodObject<z.ZodRawShape>
  references?(config: Config): readonly Reference[]
  assumptions?(config: Config): readonly Assumption[]
  /** Problems that involve other entities, relative to the event. */
  check?(edge: StartEdge<Config>, machine: StartedMachine, context: CheckContext): readonly Fault[]
  /** Metrics of scope `event` that it has; left out: none. */
  metrics?(config: Config): readonly string[]
  /** Of a type that nothing is sent to: it makes its own events. */
  firings?(config: Config, run: Pick<RunSettings, 'startsAtMs' | 'durationUs'>): Firings
  create(edge: StartEdge<Config>, machine: StateMachine, world: World): Part
}
