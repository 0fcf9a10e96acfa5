/**
 * A state machine as the engine runs it: a flat list of nodes. The scenario layer reads the
 * definition (Amazon States Language) and follows its data as far as it is known; a state has one
 * node for each situation of its data that changes where the flow goes.
 */
import type { Section } from '../world.ts'

/** In place of a node: the branch, the item or the execution ends well. */
export const END = -1

/** Fields of `Retry` with AWS's defaults applied. Step Functions developer guide, "Handling errors". */
export interface Retrier {
  readonly errorEquals: readonly string[]
  readonly intervalUs: number
  readonly maxAttempts: number
  readonly backoffRate: number
  /** null: no limit. */
  readonly maxDelayUs: number | null
  /** JitterStrategy FULL. */
  readonly isJittered: boolean
}

export interface Catcher {
  readonly errorEquals: readonly string[]
  readonly next: number
}

/** What a task does when it is over; shares are cumulative, the last one is 1. */
export interface Outcome {
  readonly upTo: number
  /** An error by name; null: success. */
  readonly error: string | null
  /** The answer never comes: only a timeout ends the task. */
  readonly isNever: boolean
  /** After success. */
  readonly next: number
}

export type Work =
  /** Invokes a function and waits for its answer. */
  | { readonly kind: 'function'; readonly reference: string }
  /** Hands messages over: to a queue, topic, bus, table, or a function's asynchronous events. */
  | {
      readonly kind: 'send'
      readonly reference: string
      readonly section: Section
      readonly count: number
    }
  /** Starts an execution of a state machine. */
  | { readonly kind: 'execution'; readonly reference: string; readonly isAwaited: boolean }
  /** Takes as long as the scenario states. */
  | { readonly kind: 'stated' }

interface NodeBase {
  /** Index of its state's name. */
  readonly state: number
}

interface Handling {
  readonly retriers: readonly Retrier[]
  readonly catchers: readonly Catcher[]
}

export interface PassNode extends NodeBase {
  readonly kind: 'pass'
  readonly next: number
}

/** A Choice whose way is drawn; one whose data says the way is a PassNode. */
export interface ChoiceNode extends NodeBase {
  readonly kind: 'choice'
  readonly ways: readonly { readonly upTo: number; readonly next: number }[]
}

export interface WaitNode extends NodeBase {
  readonly kind: 'wait'
  readonly next: number
  /** null: as the scenario states, or until a time. */
  readonly lengthUs: number | null
  /** Epoch milliseconds; null: not until a time. */
  readonly untilMs: number | null
}

export interface SucceedNode extends NodeBase {
  readonly kind: 'succeed'
}

export interface FailNode extends NodeBase, Handling {
  readonly kind: 'fail'
  readonly error: string
}

export interface TaskNode extends NodeBase, Handling {
  readonly kind: 'task'
  /** Index in `sites`. */
  readonly site: number
  readonly timeoutUs: number | null
  readonly heartbeatUs: number | null
  readonly outcomes: readonly Outcome[]
}

interface ForkNode extends NodeBase, Handling {
  readonly next: number
  /** What it fails with at its end, where its result does not fit its fields; null: nothing. */
  readonly endError: string | null
}

export interface ParallelNode extends ForkNode {
  readonly kind: 'parallel'
  readonly branches: readonly number[]
}

export interface MapNode extends ForkNode {
  readonly kind: 'map'
  /** First node of each item; several items may share one, and one alone is that of all. */
  readonly items: readonly number[]
  /** null: as many as the scenario states, though no more than `mostItems`. */
  readonly count: number | null
  readonly mostItems: number
  /** At once; 0: as many as AWS runs. */
  readonly maxConcurrency: number
  /** null: an inline Map. */
  readonly distributed: DistributedMap | null
}

export interface DistributedMap {
  readonly isExpress: boolean
  readonly itemsPerBatch: number
  /** Whole items that may fail; null: none is stated. */
  readonly toleratedCount: number | null
  /** 0 to 1; null: none is stated. */
  readonly toleratedShare: number | null
}

export type ProgramNode =
  | PassNode
  | ChoiceNode
  | WaitNode
  | SucceedNode
  | FailNode
  | TaskNode
  | ParallelNode
  | MapNode

/** What a task state calls; states with the same data call the same. */
export interface TaskSite {
  readonly state: number
  readonly work: Work
  /** `Lambda`, `SQS`, `DynamoDB`: what the errors of the service begin with. */
  readonly service: string
  /** A job (`.sync`) or a callback (`.waitForTaskToken`) takes the stated time after the call. */
  readonly pattern: 'request-response' | 'sync' | 'callback'
}

export interface StateMachineProgram {
  /** Names of the states, in the order of the definition. */
  readonly states: readonly string[]
  readonly nodes: readonly ProgramNode[]
  readonly sites: readonly TaskSite[]
  /** First nodes, by the share of the executions that begin there; cumulative, the last is 1. */
  readonly starts: readonly { readonly upTo: number; readonly next: number }[]
  /** Of the whole execution; null: none. */
  readonly timeoutUs: number | null
  /** What the data leads to although nobody would want it, in sentences. */
  readonly warnings: readonly string[]
}

/** Of a definition that could not be read: nothing runs it. */
export const EMPTY_PROGRAM: StateMachineProgram = {
  states: [],
  nodes: [],
  sites: [],
  starts: [{ upTo: 1, next: END }],
  timeoutUs: null,
  warnings: [],
}

/** The most retriers of one node. */
export function mostRetriers({ nodes }: StateMachineProgram): number {
  return nodes.reduce(
    (most, node) => Math.max(most, 'retriers' in node ? node.retriers.length : 0),
    0,
  )
}
