import type { Simulator } from '../kernel/simulator.ts'
import type { LambdaFunction, Qualifier } from './compute/lambda-function.ts'
import type { PlatformMonth } from './compute/platform-timeline.ts'
import type { GatewayGates } from './doors/gates.ts'
import type { Calls } from './downstream/calls.ts'
import type { CallPlace, CallTarget, Downstream } from './downstream/downstream.ts'
import type { Invocations } from './invocation/invocations.ts'
import type { Births } from './messages/births.ts'
import type { Lineages } from './messages/lineage.ts'
import type { Messages } from './messages/message-store.ts'
import type { Recorder } from './metrics/recorder.ts'
import type { Routes } from './network/routes.ts'
import type { Part } from './part.ts'
import type { Target } from './resources/target.ts'
import type { Transitions } from './transitions.ts'
import type { WorkflowAccount } from './workflow/workflow-account.ts'

/** What holds for the whole run. */
export interface RunSettings {
  readonly durationUs: number
  /** Wall-clock time of simulated time 0, epoch milliseconds. */
  readonly startsAtMs: number
  readonly metricsPeriodUs: number
  readonly platform: PlatformMonth
  readonly region: string
}

/** What a part needs of the run that it belongs to. */
export interface World {
  readonly settings: RunSettings
  /** `seed/replication`: what the names of all random streams begin with. */
  readonly streamRoot: string
  readonly simulator: Simulator
  readonly recorder: Recorder
  readonly messages: Messages
  readonly births: Births
  readonly lineages: Lineages
  readonly invocations: Invocations
  readonly calls: Calls
  readonly routes: Routes
  /** What all REST, HTTP and WebSocket APIs of the account share. */
  readonly gateway: GatewayGates
  /** What all state machines of the account share. */
  readonly workflows: WorkflowAccount
  readonly transitions: Transitions
  /**
   * A kind of event of its own: `handle` is told the subject of each. Returns the kind, to be
   * passed to `simulator.schedule`.
   */
  addEventKind(handle: (subject: number) => void): number
  /** The part at a path such as `queues.orders`. Only from `connect` on. */
  part(path: string): Part
  /**
   * What a reference leads to: `failed`, `queues.failed`, `checkout:live`. A function stands for
   * its asynchronous events. `sections` are those that may be meant. Only from `connect` on.
   */
  target(reference: string, sections: readonly Section[]): Target
  /** The downstream of this name. Only from `connect` on. */
  downstream(reference: string): Downstream
  /** What takes the calls that stand at a place in a handler. Only from `connect` on. */
  callee(place: CallPlace): CallTarget
  /** The qualifier of a function that `checkout` or `checkout:live` names. */
  qualifier(reference: string): Qualifier
  readonly functions: readonly LambdaFunction[]
}

/** The sections of a scenario whose entities can be named. */
export const SECTIONS = [
  'functions',
  'queues',
  'topics',
  'buses',
  'streams',
  'tables',
  'buckets',
  'downstreams',
  'apis',
  'vpcs',
  'subnets',
  'natGateways',
  'capacityProviders',
  'stateMachines',
] as const

export type Section = (typeof SECTIONS)[number]
