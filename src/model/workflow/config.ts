import type { DistributionChoice } from '../distributions/index.ts'
import type { Section } from '../world.ts'
import { EMPTY_PROGRAM, type StateMachineProgram } from './program.ts'
import type { StartConfig } from './starts/start-entry.ts'

/** A node that a state machine calls, for the checks and for explain. */
export interface WorkflowReference {
  readonly to: string
  readonly section: Section
  readonly isAwaited: boolean
  /** Calls for each execution on average. */
  readonly meanShare: number
}

/** What the scenario layer makes of a definition; a class, so that no copy of values takes it apart. */
export class WorkflowDefinition {
  readonly program: StateMachineProgram
  readonly references: readonly WorkflowReference[]
  /** Of an execution while nothing fails. */
  readonly meanTransitions: number

  constructor(
    program: StateMachineProgram,
    references: readonly WorkflowReference[],
    meanTransitions: number,
  ) {
    this.program = program
    this.references = references
    this.meanTransitions = meanTransitions
  }
}

export const NO_DEFINITION = new WorkflowDefinition(EMPTY_PROGRAM, [], 0)

/** What `stateMachines.NAME` holds, in base units. Maps go by the names of states. */
export interface StateMachineConfig {
  readonly type: 'STANDARD' | 'EXPRESS'
  readonly definition: unknown
  readonly durations: Readonly<Record<string, DistributionChoice>>
  readonly serviceDuration?: DistributionChoice | undefined
  readonly items: Readonly<Record<string, DistributionChoice>>
  /** Names of exceptions with their shares, which add up to 1. */
  readonly errors: Readonly<Record<string, Readonly<Record<string, number>>>>
  readonly transitionLatency?: DistributionChoice | undefined
  readonly duplicateExecutions: number
  readonly memory: number
  readonly events: Readonly<Record<string, StartConfig>>
}

export function definitionOf({ definition }: StateMachineConfig): WorkflowDefinition {
  return definition instanceof WorkflowDefinition ? definition : NO_DEFINITION
}
