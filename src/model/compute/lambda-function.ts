import { hashName } from '../../kernel/generator.ts'
import { TimerLane } from '../../kernel/timer-lane.ts'
import type { FailureShares, FunctionSettings } from '../compiled-scenario.ts'
import type { HandlerCalls } from '../handler/calls.ts'
import type { AsyncMeter } from '../invocation/asynchronous/async-meter.ts'
import type { FunctionMeter } from '../metrics/function-meter.ts'
import type { CounterSeries, DurationSeries } from '../metrics/series.ts'
import type { EnvironmentInterfaces } from '../network/environment-interfaces.ts'
import type { FunctionNetwork } from '../network/function-network.ts'
import { REQUESTS_PER_CONCURRENCY } from './account.ts'
import { ClosestApproach } from './closest-approach.ts'
import type { EnvironmentPool } from './environment-pool.ts'
import type { KeepAlivePolicy } from './keep-alive/policy.ts'
import type { ManagedFunction } from './managed-instances/managed-function.ts'
import type { ProvisionedConcurrency } from './provisioned-concurrency.ts'
import type { ScalingRate } from './scaling-rate.ts'
import type { SnapStartMeter } from './snap-start.ts'
import { ADMITTED, RESERVED_ZERO } from './throttle-cause.ts'
import { TokenBucket } from './token-bucket.ts'

/** What a reference to a function may name: the bare name, an alias or a version. */
export interface Qualifier {
  /** Among all qualifiers of the run. */
  readonly index: number
  readonly name: string
  readonly function: LambdaFunction
  /** Where its requests go; the weights add up to 1. The first is its main version. */
  routes: readonly { readonly pool: EnvironmentPool; readonly weight: number }[]
  readonly provisioned: ProvisionedConcurrency | null
  /** Some producer calls the function by it. */
  isCalled: boolean
}

/** Something that holds a thing for an environment, such as a connection. */
export interface EnvironmentListener {
  /** It is retired, or reset after a crash or timeout. */
  onEnvironmentGone(environment: number): void
}

/** One function over all its versions: its settings, limits and counters. */
export class LambdaFunction {
  readonly index: number
  readonly name: string
  readonly settings: FunctionSettings
  readonly meter: FunctionMeter
  /** Hash of the name, for the fingerprint. */
  readonly hash: number
  /** Where the draws of its environments come from: on-demand and provisioned ones apart. */
  readonly environmentStream: number
  readonly provisionedStream: number
  /** null when the scaling rate is switched off. */
  readonly scalingRate: ScalingRate | null
  readonly keepAlive: KeepAlivePolicy
  readonly shutdown: TimerLane
  readonly qualifiers: Qualifier[] = []
  readonly environmentListeners: EnvironmentListener[] = []

  /** Some qualifier has provisioned concurrency, so that requests may spill over. */
  readonly hasProvisioned: boolean

  timeoutUs: number
  failures: FailureShares
  /** Sum of the shares that strike an invocation. */
  failureShare = 0
  /** null: unreserved. */
  reservedConcurrency: number | null
  reservedRate: TokenBucket | null = null
  /** All requests in flight, provisioned ones included. */
  inFlight = 0
  onDemandInFlight = 0
  /** Of `reservedInUse` to the reserved concurrency. */
  readonly closest: ClosestApproach
  /** Provisioned concurrency over all qualifiers, also while it is being allocated. */
  provisionedClaimed = 0
  /** Environments created so far: the next one's ordinal. */
  onDemandCreated = 0
  /** How often all its environments became idle; the policy's draw for the next time. */
  idleSpells = 0
  /** When all environments are retired unless a request comes. */
  idleUntilUs = 0
  isIdleTimerArmed = false
  /** When the armed timer is due. */
  idleTimerAtUs = 0
  /** When the last of its requests ended. */
  idleSinceUs = 0
  /** When one environment is made ready again unless a request comes; Infinity: never. */
  prewarmAtUs = Number.POSITIVE_INFINITY
  /** Until when that one is kept. */
  prewarmedUntilUs = 0
  provisionedCreated = 0
  /** Billed for inits that no request waited for to the end. */
  unattendedInitMs = 0
  /** What was not invoked because it went in circles; made by what detects that. */
  recursionsCut: CounterSeries | null = null
  /** Made when the first asynchronous event can come. */
  asyncMeter: AsyncMeter | null = null
  /** What refuses every attempt, such as a reserved concurrency of 0; ADMITTED: nothing. */
  refusal = ADMITTED
  /** null: it is in no VPC. */
  network: FunctionNetwork | null = null
  /** null: it runs on Lambda's own compute, one request in an environment at a time. */
  managed: ManagedFunction | null = null
  /** null: environments have no network interfaces of their own. */
  interfaces: EnvironmentInterfaces | null = null
  /** What its state refuses every attempt with. */
  private stateRefusal = ADMITTED
  /** Until then its asynchronous endpoint does not answer. */
  unavailableUntilUs = 0
  /** null: it has no SnapStart. */
  snapStart: SnapStartMeter | null = null
  /** Made by the first event that reads a stream. */
  iteratorAge: DurationSeries | null = null
  /** Whether an invocation may ever fail, so that requests need their failure draw. */
  drawsFailures = false
  /** null: its handler calls nobody. */
  calls: HandlerCalls | null = null
  /** What `timeoutUs` has been, from when on. */
  private readonly timeouts: { readonly fromUs: number; readonly valueUs: number }[] = []

  constructor(
    index: number,
    settings: FunctionSettings,
    meter: FunctionMeter,
    scalingRate: ScalingRate | null,
    streamName: string,
    keepAlive: KeepAlivePolicy,
  ) {
    this.index = index
    this.name = settings.name
    this.settings = settings
    this.meter = meter
    this.hash = hashName(settings.name)
    this.environmentStream = hashName(`${streamName}/on-demand`)
    this.provisionedStream = hashName(`${streamName}/provisioned`)
    this.scalingRate = scalingRate
    this.keepAlive = keepAlive
    this.shutdown = new TimerLane(settings.shutdownUs)
    this.hasProvisioned = settings.qualifiers.some(
      (qualifier) => qualifier.hasProvisionedConcurrency,
    )
    this.timeoutUs = settings.timeoutUs
    this.changeTimeout(0, settings.timeoutUs)
    this.failures = settings.handler.failures
    this.setFailures(settings.handler.failures)
    this.reservedConcurrency = settings.reservedConcurrency
    this.closest = new ClosestApproach(settings.reservedConcurrency ?? 0)
    this.setReservedConcurrency(0, settings.reservedConcurrency)
  }

  /** What counts against the reserved concurrency. */
  get reservedInUse(): number {
    return this.onDemandInFlight + this.provisionedClaimed
  }

  get isReserved(): boolean {
    return this.reservedConcurrency !== null
  }

  changeTimeout(nowUs: number, valueUs: number): void {
    this.timeoutUs = valueUs
    this.timeouts.unshift({ fromUs: nowUs, valueUs })
  }

  /** The timeout of an invocation that started then. */
  timeoutAt(startedUs: number): number {
    return this.timeouts.find(({ fromUs }) => fromUs <= startedUs)!.valueUs
  }

  setFailures(failures: FailureShares): void {
    this.failures = failures
    this.failureShare = failures.error + failures.crash + failures.outOfMemory + failures.timeout
  }

  /** ADMITTED: it is Active. */
  setStateRefusal(cause: number): void {
    this.stateRefusal = cause
    this.decideRefusal()
  }

  setReservedConcurrency(nowUs: number, value: number | null): void {
    this.reservedConcurrency = value
    this.decideRefusal()
    if (value === null) this.reservedRate = null
    else if (this.reservedRate === null) {
      this.reservedRate = new TokenBucket(value * REQUESTS_PER_CONCURRENCY)
    } else this.reservedRate.setRate(nowUs, value * REQUESTS_PER_CONCURRENCY)
  }

  private decideRefusal(): void {
    const reserved = this.reservedConcurrency === 0 ? RESERVED_ZERO : ADMITTED
    this.refusal = this.stateRefusal === ADMITTED ? reserved : this.stateRefusal
  }
}
