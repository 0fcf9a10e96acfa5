/**
 * What the scenario layer hands to the engine: complete plain values, every default applied,
 * durations in microseconds, rates per second, shares between 0 and 1, references as indexes.
 */

import type { ScenarioFiles } from '../kernel/files.ts'
import type { ClientSettings } from './clients/client-settings.ts'
import type { RetryPolicy } from './clients/retry-policy.ts'
import type { KeepAliveSettings } from './compute/keep-alive/policy.ts'
import type { ManagedSettings } from './compute/managed-instances/settings.ts'
import type { PlatformMonth } from './compute/platform-timeline.ts'
import type { ProvisionedScalingSettings } from './compute/scaling-settings.ts'
import type { RestoreSettings } from './compute/snap-start.ts'
import type { Distribution } from './distributions/distribution.ts'
import type { GatewayQuotas } from './doors/account-limits.ts'
import type { ConnectionSettings } from './doors/connections.ts'
import type { ForecastInputs } from './forecast-inputs.ts'
import type { MessageShape } from './messages/births.ts'
import type { Scope } from './metrics/catalogue-entry.ts'
import type { Part } from './part.ts'
import type { BillingPlan } from './pricing/billing-plan.ts'
import type { Charge } from './pricing/charge.ts'
import type { TableAccess } from './resources/table/operations.ts'
import type { CallPhase } from './time-parts.ts'
import type { ArrivalContext, ArrivalProcess } from './traffic/arrival-process.ts'
import type { RateProfile } from './traffic/rate-profile.ts'
import type { WorkflowQuotas } from './workflow/limits.ts'
import type { Section, World } from './world.ts'

export interface CompiledScenario extends ForecastInputs {
  readonly name: string
  readonly description: string
  readonly durationUs: number
  readonly warmUpUs: number
  readonly metricsPeriodUs: number
  /** After `durationUs`, go on without arrivals until nothing is in flight. */
  readonly drain: boolean
  /** How long that may take. */
  readonly maximumDrainUs: number
  readonly seed: string
  readonly platform: PlatformMonth
  /** Wall-clock time of simulated time 0, epoch milliseconds. */
  readonly startsAtMs: number
  readonly account: AccountSettings
  readonly functions: readonly FunctionSettings[]
  /** Resources and event edges, in output order. */
  readonly parts: readonly PartSettings[]
  readonly traffic: readonly TrafficSettings[]
  readonly timeline: readonly TimelineAction[]
  /** What the run stands for in a month; null: nothing is said. */
  readonly billing: BillingPlan | null
  /** Why there is no bill; '' where there is one. */
  readonly unbilled: string
  readonly thresholds: readonly Threshold[]
  /** Behaviours that took part and could be otherwise, for every output. */
  readonly assumptions: readonly Assumption[]
  readonly warnings: readonly string[]
}

export interface AccountSettings {
  readonly region: string
  readonly concurrentExecutions: number
  /** Unreserved concurrency that functions outside the scenario hold all the time. */
  readonly otherUnreservedConcurrency: number
  readonly scaling: ScalingRule
  /** What all REST, HTTP and WebSocket APIs share. */
  readonly gatewayQuotas: GatewayQuotas
  /** Of all state machines together. */
  readonly workflowQuotas: WorkflowQuotas
}

/** How fast environments may be added (Lambda developer guide, "Lambda scaling behavior"). */
export type ScalingRule =
  /** Since 2023-11: each function 1,000 environments per 10 s, refilled continuously. */
  | { readonly kind: 'per-function' }
  /** Before 2023-11: one burst of the region, then 500 a minute, shared by all functions. */
  | { readonly kind: 'regional-burst'; readonly burst: number; readonly perMinute: number }

export interface FunctionSettings {
  readonly name: string
  readonly runtime: string
  readonly architecture: 'x86_64' | 'arm64'
  readonly packageType: 'Zip' | 'Image'
  readonly memoryMb: number
  /** Above 512 it is billed. */
  readonly ephemeralStorageMb: number
  /** What an invocation writes to CloudWatch Logs; 0: it is not said. */
  readonly logBytesPerInvocation: number
  readonly timeoutUs: number
  /** null: unreserved. 0: disabled. */
  readonly reservedConcurrency: number | null
  /** Index 0 is $LATEST unless the bare name resolves elsewhere; order of first mention. */
  readonly versions: readonly string[]
  /** What a reference may name: the bare name (''), aliases and versions. */
  readonly qualifiers: readonly QualifierSettings[]
  /** null: it runs on Lambda's own compute. */
  readonly managed: ManagedSettings | null
  /** How many tenants have environments of their own; null: all requests share them. */
  readonly tenants: number | null
  readonly handler: HandlerSettings
  readonly coldStart: ColdStartSettings
  readonly keepAlive: KeepAliveSettings
  /** How old provisioned environments become on average before Lambda recycles them, us; Infinity: any age. */
  readonly provisionedLifetimeUs: number
  /** SHUTDOWN phase after a reset: 0 without extensions, 500 ms with internal, 2 s with external ones. */
  readonly shutdownUs: number
  readonly billing: BillingRule
  readonly idleSelection: string
  /** `unlimited` switches the scaling rate off for this function (experiments). */
  readonly scalingRateUnlimited: boolean
  /** Idle on-demand environments of the bare name's first version at time 0. */
  readonly initialEnvironments: number
  readonly asynchronous: AsynchronousSettings
  /** Whether anything sends it asynchronous events. */
  readonly hasAsynchronousEvents: boolean
  /** Whether a chain that comes back to this function is cut (Lambda's recursive loop detection). */
  readonly cutsRecursion: boolean
  /** null: it is in no VPC. */
  readonly vpc: VpcSettings | null
}

/** How a function is in its VPC. */
export interface VpcSettings {
  /** Names of its subnets, all of one VPC. */
  readonly subnets: readonly string[]
  /** Sorted. */
  readonly securityGroups: readonly string[]
  /** Whether functions share interfaces, as since 2019-09; else environments have their own. */
  readonly sharesInterfaces: boolean
  readonly isPendingAtStart: boolean
  readonly pendingDurationUs: number
  readonly inactiveAfterUs: number
  /** Of environments that have interfaces of their own: how long attaching a new one takes. */
  readonly attachDuration: Distribution
}

/** What happens to the function's asynchronous events. */
export interface AsynchronousSettings {
  /** Retries after a function error, 0 to 2. */
  readonly maximumRetryAttempts: number
  readonly maximumEventAgeUs: number
  /** Events of the function that back off at once; more wait untried. */
  readonly pollerWindow: number
  /** Share of events that are delivered twice. */
  readonly duplicateShare: number
  /** References, or null. */
  readonly onSuccess: string | null
  readonly onFailure: string | null
  readonly deadLetterTarget: string | null
}

/** What of an invocation is billed, by the platform's date (aws.amazon.com/lambda/pricing). */
export interface BillingRule {
  /** Durations are rounded up to it: 1 ms since 2020-12, 100 ms before. */
  readonly incrementMs: number
  /** Every configuration since 2025-08; before only container images and OS-only runtimes. */
  readonly isInitBilled: boolean
}

export interface QualifierSettings {
  /** '' for the bare function name, else alias or version. */
  readonly name: string
  /** Weights add up to 1. */
  readonly routes: readonly { readonly version: number; readonly weight: number }[]
  readonly provisionedConcurrency: number
  /** Whether `provisionedConcurrency` was written, even as 0: its metrics exist. */
  readonly hasProvisionedConcurrency: boolean
  /** Provisioned environments READY at time 0; the rest of `provisionedConcurrency` is allocated from then. */
  readonly initialProvisionedConcurrency: number
  /** What changes `provisionedConcurrency` while the run goes on; null: nothing by itself. */
  readonly scaling: ProvisionedScalingSettings | null
}

export interface HandlerSettings {
  /** Handler time of a warm invocation, us. */
  readonly duration: Distribution
  /** What each message, event or record of an invocation adds, us; null: nothing. */
  readonly recordDuration: Distribution | null
  readonly failures: FailureShares
  readonly recordFailures: RecordFailures
  /** What the handler does after its own time, in this order. */
  readonly steps: readonly HandlerStep[]
}

/** How often a step is taken. */
export interface StepSettings {
  readonly count: number
  /** Once for each message, event or record of the invocation, not once for all. */
  readonly isPerRecord: boolean
  /** Chance of each. */
  readonly probability: number
}

export type HandlerStep = HandlerCall | HandlerCompute | HandlerParallel

/** More of the handler's own time. */
export interface HandlerCompute extends StepSettings {
  readonly kind: 'compute'
  readonly duration: Distribution
}

/** Several branches at a time; the handler goes on when all are done, or one has failed. */
export interface HandlerParallel extends StepSettings {
  readonly kind: 'parallel'
  readonly branches: readonly (readonly (HandlerCall | HandlerCompute)[])[]
}

/** On which messages, events and records the handler fails. */
export interface RecordFailures {
  /** Share that fails at every delivery. */
  readonly poison: number
  /** Share of deliveries that fail, whichever the message. */
  readonly transient: number
  readonly byAttribute: readonly {
    readonly attribute: string
    readonly value: string
    /** Of the deliveries of messages with this value. */
    readonly share: number
  }[]
}

/** One call of a handler that has not failed. */
export interface HandlerCall extends StepSettings {
  readonly kind: 'call'
  /** `queues.failed`, `checkout:live`: whom it calls. */
  readonly to: string
  readonly sections: readonly Section[]
  /** Whether the handler waits for the answer. */
  readonly isAwaited: boolean
  /** How long the handler waits for the answer to an attempt, us; null: as long as it takes. */
  readonly timeoutUs: number | null
  /** What the handler does about an attempt that fails; null: nothing. */
  readonly retry: RetryPolicy | null
  /** Whether an answer that is an error is tried again: of a function it is not, to an SDK. */
  readonly retriesErrors: boolean
  /** How long the answer takes on average where nothing holds it up, us; for forecasts. */
  readonly meanAnswerUs: number
  /** Of a downstream: share of the attempts that it answers with an error; for forecasts. */
  readonly errorRate: number
  readonly shape: MessageShape
  /** Of a table: what it does there. */
  readonly access?: TableAccess
}

/** Shares of invocations; they add up to at most 1. `initError` is a share of environment inits. */
export interface FailureShares {
  readonly error: number
  readonly crash: number
  readonly outOfMemory: number
  /** The handler hangs until the function timeout. */
  readonly timeout: number
  readonly initError: number
}

export interface ColdStartSettings {
  readonly placement: Distribution
  readonly init: Distribution
  readonly firstInvocation: Distribution
  /** SnapStart of published versions; null: none. */
  readonly restore: RestoreSettings | null
  /** Of all environments that are initialised, how many Lambda begins unasked; below 1. */
  readonly proactiveShare: number
  /** `init` is an empty function's measured value because the scenario states none. */
  readonly initIsPreset: boolean
  readonly handOver: 'never' | 'busy' | 'proactive'
}

/** A resource, or an edge from one to a function. */
export interface PartSettings {
  /** `queues.orders`, `functions.fulfil.events.orders`. */
  readonly path: string
  readonly scope: Scope
  /** As the outputs call it: `orders`, `fulfil.orders`. */
  readonly name: string
  /** Which metrics of its scope it has; null: all of them. */
  readonly metrics: readonly string[] | null
  /** Where in it a call may be, in this order; left out: it is not called and waited for. */
  readonly callPhases?: readonly CallPhase[]
  /** What it is charged for; left out: nothing. */
  readonly charges?: readonly Charge[]
  readonly create: (world: World) => Part
}

/** What a producer calls: a function or front door that answers, or a node that only takes the request. */
export type TrafficTarget =
  | {
      readonly kind: 'synchronous'
      readonly functionIndex: number
      readonly qualifierIndex: number
      /** Left out: its callers call once, and wait for as long as it takes. */
      readonly client?: ClientSettings
    }
  | {
      readonly kind: 'door'
      /** `apis.shop`. */
      readonly doorPath: string
      /** Of the only route that its requests take; null: they spread over all. */
      readonly routePath: string | null
      /** Each request opens a connection of this sort; null: each is a request by itself. */
      readonly connection: ConnectionSettings | null
      readonly functionIndex: null
      readonly qualifierIndex: null
      readonly client: ClientSettings
    }
  | {
      /** Executions of a state machine whose ends are waited for. */
      readonly kind: 'execution'
      /** `stateMachines.quote`. */
      readonly machinePath: string
      readonly functionIndex: null
      readonly qualifierIndex: null
      readonly client: ClientSettings
    }
  | {
      readonly kind: 'handover'
      /** `queues.orders`, `functions.checkout:live` for its asynchronous events. */
      readonly reference: string
      readonly section: Section
      /** null: not a function. */
      readonly functionIndex: number | null
      readonly qualifierIndex: number | null
      readonly shape: MessageShape
      /** How many messages each arrival brings. */
      readonly batch: number
    }

export interface TrafficSettings {
  readonly name: string
  readonly target: TrafficTarget
  readonly arrivals: OpenArrivals | ClosedArrivals
  /** In words, for explain: "Poisson, 100/s for 10m, then ...". */
  readonly description: string
  /** Expected requests over the run where the process knows it, for explain and row estimates. */
  readonly expectedRequests: number | null
  /** The highest arrival rate of the run where known, for explain. */
  readonly peakRatePerSecond: number | null
  /** The planned rate over time, anew with each call; left out where no rate is planned. */
  readonly rateProfile?: () => RateProfile
}

export interface OpenArrivals {
  readonly kind: 'open'
  readonly create: (context: ArrivalContext, files: ScenarioFiles) => ArrivalProcess
}

/** A closed loop: each user thinks, asks, waits for the answer, thinks again. */
export interface ClosedArrivals {
  readonly kind: 'closed'
  readonly thinkTime: Distribution
  /** How many users are active from when on: piecewise linear, sorted by time. */
  readonly users: readonly { readonly atUs: number; readonly count: number }[]
}

export type TimelineAction =
  | {
      readonly atUs: number
      readonly kind: 'set'
      readonly path: string
      readonly change: SettingChange
    }
  | {
      readonly atUs: number
      readonly kind: 'deploy'
      readonly functionIndex: number
      /** Share of traffic on the new version: steps relative to `atUs`, the last one 1. */
      readonly shifts: readonly { readonly afterUs: number; readonly share: number }[]
      readonly strategy: string
    }
  | {
      readonly atUs: number
      readonly kind: 'command'
      readonly partPath: string
      readonly verb: string
      readonly options: unknown
    }

/** A setting that may change while the run goes on. */
export type SettingChange =
  | { readonly kind: 'accountConcurrency'; readonly value: number }
  | { readonly kind: 'otherUnreservedConcurrency'; readonly value: number }
  | {
      readonly kind: 'reservedConcurrency'
      readonly functionIndex: number
      readonly value: number | null
    }
  | {
      readonly kind: 'provisionedConcurrency'
      readonly functionIndex: number
      readonly qualifierIndex: number
      readonly value: number
    }
  | { readonly kind: 'failures'; readonly functionIndex: number; readonly value: FailureShares }
  | { readonly kind: 'timeout'; readonly functionIndex: number; readonly valueUs: number }
  | { readonly kind: 'part'; readonly partPath: string; readonly config: unknown }

export interface Threshold {
  /** As written: `checkout.Throttles.share < 0.1%`. */
  readonly text: string
  /** Scope of the entity when the text says so (`function.checkout.Throttles.sum`) or it is unique. */
  readonly scope: string
  readonly name: string
  readonly metric: string
  readonly statistic: string
  readonly operator: '<' | '<=' | '>' | '>='
  /** In the metric's unit (ms, count, share 0..1). */
  readonly limit: number
}

export interface Assumption {
  /** Stable identifier: `keep-alive`, `placement`, `hand-over`, ... */
  readonly id: string
  /** What the run assumed, in one sentence with its value. */
  readonly statement: string
  readonly confidence: 'documented' | 'measured' | 'inferred' | 'assumed'
  readonly source: string
  /** What else might be the case, for `run --sensitivity`; left out: the model has nothing else. */
  readonly alternatives?: readonly Alternative[]
}

/** What might be the case in place of what a run assumed. */
export interface Alternative {
  /** In a few words without a comma, in the place of the assumed: `twice as long`. */
  readonly label: string
  /**
   * Values by dotted path, as `--set` takes them. An entry of a list of kinds gives paths of its own
   * configuration; in a compiled scenario they are paths of the scenario.
   */
  readonly set: Readonly<Record<string, unknown>>
}
