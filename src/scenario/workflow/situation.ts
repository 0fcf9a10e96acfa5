/** What the builders of nodes share: a state in a situation, and the way on from it. */
import type { Catcher, Retrier } from '../../model/workflow/program.ts'
import type { PathSegment } from '../diagnostics.ts'
import { type Fields, UNKNOWN } from './known.ts'
import type { Lack } from './lacks.ts'
import type { Resolution } from './resolve-call.ts'
import type { Steering } from './steering.ts'
import type { Evaluation } from './templates.ts'
import type { Widening } from './widening.ts'

export const US_PER_SECOND = 1_000_000

export type Variables = Readonly<Record<string, unknown>>

export interface FlowResult {
  readonly start: number
  /** The documents that it may end with. */
  readonly outputs: ReadonlyMap<string, unknown>
}

/** The states of the machine, of a branch, or of what a Map does with an item. */
export interface FlowContext {
  readonly states: Fields
  readonly path: readonly PathSegment[]
  readonly isJsonata: boolean
  readonly context: Fields
  readonly ids: Map<string, number>
  readonly queue: (readonly [number, string, unknown, Variables])[]
  readonly outputs: Map<string, unknown>
  /** null: all situations are told apart. */
  readonly widening: Widening | null
}

/** A state in a situation. */
export interface Situation {
  readonly name: string
  readonly state: Fields
  readonly path: readonly PathSegment[]
  readonly flow: FlowContext
  readonly input: unknown
  readonly variables: Variables
  readonly isJsonata: boolean
  readonly evaluation: Evaluation
}

/** After the state: where to; an error where its data does not fit. */
export interface Exit {
  readonly next: number
  readonly error: string | null
}

export interface Handling {
  readonly retriers: readonly Retrier[]
  readonly catchers: readonly Catcher[]
}

/** What a builder asks of the expansion that it is part of. */
export interface Expander {
  readonly steering: Steering
  /** What the scenario lacks, where that is what is wrong. */
  tell(
    path: readonly PathSegment[],
    message: string,
    at: 'key' | 'value',
    ...lacks: readonly Lack[]
  ): void
  warn(text: string): void
  expandFlow(
    flow: Fields,
    path: readonly PathSegment[],
    outer: boolean,
    input: unknown,
    variables: Variables,
    context: Fields,
  ): Promise<FlowResult>
  siteOf(state: number, resolution: Resolution): number
  /** What the state hands to what it calls, or to its branches. */
  payload(place: Situation): Promise<unknown>
  /** The node of a state with a document and variables. */
  goTo(flow: FlowContext, name: string, input: unknown, variables: Variables): number
  /** A node at which the state fails. */
  failure(place: Situation, error: string): number
  /** The variables after an `Assign`. */
  assigned(place: Situation, assign: unknown, scope: Evaluation): Promise<Variables>
  /** Where the state goes on to with a result. */
  exit(place: Situation, result: unknown, state: Fields): Promise<Exit>
  outputOf(
    place: Situation,
    result: unknown,
    state: Fields,
    extra: { readonly result?: unknown },
  ): Promise<unknown>
}

/**
 * `$$.Execution` and `$states.context.Execution`.
 * Source: AWS Step Functions developer guide, "Accessing execution data from the Context object".
 */
export function executionContext(input: unknown): Fields {
  return {
    Input: input,
    Id: UNKNOWN,
    Name: UNKNOWN,
    RoleArn: UNKNOWN,
    StartTime: UNKNOWN,
    RedriveCount: UNKNOWN,
    RedriveTime: UNKNOWN,
  }
}
