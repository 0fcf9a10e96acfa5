/**
 * The life of an attempt: admission, waiting for an environment, the handler, its end.
 * Source: Lambda developer guide, "Understanding the Lambda execution environment lifecycle".
 */
import { invariant } from '../../kernel/invariant.ts'
import { RANK_RELEASE } from '../../kernel/order.ts'
import type { Simulator } from '../../kernel/simulator.ts'
import type { Account } from '../compute/account.ts'
import type { Admission } from '../compute/admission.ts'
import { billedMs } from '../compute/billed-time.ts'
import type { EnvironmentPool } from '../compute/environment-pool.ts'
import { BUSY, IS_UNUSED, NEEDS, STATE, TRAITS } from '../compute/environment-store.ts'
import type { Environments, HandOver } from '../compute/environments.ts'
import type { LambdaFunction, Qualifier } from '../compute/lambda-function.ts'
import { ADMITTED, RESERVED_ZERO } from '../compute/throttle-cause.ts'
import { INVOCATION_ENDED } from '../event-kinds.ts'
import {
  ARRIVED,
  ENDED,
  foldOrdinal,
  REFUSED,
  STARTED,
  type Transitions,
  WAITING,
} from '../transitions.ts'
import { failureOf } from './failure-draw.ts'
import {
  ARRIVED_US,
  DURATION_US,
  ENVIRONMENT,
  InvocationStore,
  MAXIMUM_ORIGINS,
  ORDINAL,
  ORIGIN,
  OUTCOME,
  START,
} from './invocation-store.ts'
import type { Origin } from './origin.ts'
import {
  COLD,
  HANDED_OVER,
  HANDLER_ERROR,
  INIT_ERROR,
  NOT_SPILLED,
  PROVISIONED,
  SPILLED_ALLOCATING,
  SUCCEEDED,
  TIMED_OUT,
  WARM,
} from './outcome.ts'
import { addWaiting, removeWaiting } from './waiting-line.ts'

export class Invocations implements HandOver {
  readonly store = new InvocationStore()
  readonly origins: Origin[] = []
  readonly qualifiers: Qualifier[] = []
  /** Attempts in flight by origin: what the origins' own books are checked against. */
  readonly inFlightOf: number[] = []
  /** The refusal being announced, for views: its cause and who was called. */
  refusalCause = ADMITTED
  refusing: Qualifier | null = null

  private readonly account: Account
  private readonly admission: Admission
  private readonly environments: Environments
  private readonly simulator: Simulator
  private readonly transitions: Transitions

  constructor(
    account: Account,
    admission: Admission,
    environments: Environments,
    simulator: Simulator,
    transitions: Transitions,
  ) {
    this.account = account
    this.admission = admission
    this.environments = environments
    this.simulator = simulator
    this.transitions = transitions
  }

  /** Registers who makes attempts; returns its index. */
  addOrigin(origin: Origin): number {
    const index = this.origins.push(origin) - 1
    this.inFlightOf.push(0)
    invariant(
      this.origins.length <= MAXIMUM_ORIGINS,
      () => `more than ${MAXIMUM_ORIGINS} producers and event sources`,
    )
    return index
  }

  /**
   * A slot for an attempt that arrives now. The caller writes the handler's own time and, where
   * the function may fail, the failure draw into it; both belong to the request. (Doubles as
   * arguments would be allocated anew wherever a call is not inlined.)
   */
  open(origin: number, ordinal: number): number {
    const { store } = this
    const slot = store.take()
    store.reals[4 * slot + ORDINAL] = ordinal
    store.reals[4 * slot + ARRIVED_US] = this.simulator.nowUs
    store.shorts[16 * slot + ORIGIN] = origin
    this.inFlightOf[origin]!++
    return slot
  }

  /**
   * One attempt. `pool` is the version that the request was routed to; `isEvent` says that it comes
   * from the function's asynchronous events.
   */
  attempt(slot: number, qualifier: Qualifier, pool: EnvironmentPool, isEvent = false): void {
    const { store } = this
    this.announce(ARRIVED, slot)
    const cause = this.admission.admit(qualifier, pool, isEvent)
    if (cause !== ADMITTED) {
      this.refuse(slot, qualifier, cause)
      return
    }
    const target = qualifier.function
    const chosen = this.admission.pool!
    const environment = this.admission.environment
    this.enter(target, chosen)
    store.bytes[32 * slot + START] =
      environment < 0 ? COLD : chosen.provisioned === null ? WARM : PROVISIONED
    if (target.hasProvisioned) this.noteSpillover(slot, qualifier)
    if (environment >= 0) this.begin(slot, environment, target)
    else this.wait(slot, chosen)
  }

  /** An environment's init is over. */
  onInitialised(environment: number): void {
    const { environments, store } = this
    const owner = environments.store.owner[environment]!
    environments.store.owner[environment] = -1
    environments.finishInit(environment)
    if (owner < 0) {
      environments.billUnattendedInit(environment)
      environments.release(environment)
      return
    }
    const placementUs = environments.store.placementUs[environment]!
    const initUs = environments.store.initUs[environment]!
    store.placementUs[owner] = placementUs
    store.initUs[owner] = environments.store.billedInitUs[environment]!
    store.delayUs[owner] = placementUs + initUs
    const pool = environments.poolOf(environment)
    if (pool.mayHandOver) removeWaiting(store, pool, owner)
    this.begin(owner, environment, pool.function)
  }

  offer(environment: number, pool: EnvironmentPool, isUnused: boolean): boolean {
    const mode = pool.function.settings.coldStart.handOver
    if (mode === 'never' || (mode === 'proactive' && !isUnused)) return false
    const { store } = this
    const slot = pool.waitingHead
    removeWaiting(store, pool, slot)
    const begun = store.ints[8 * slot + ENVIRONMENT]!
    this.environments.store.owner[begun] = -1
    store.bytes[32 * slot + START] = HANDED_OVER
    store.delayUs[slot] = this.simulator.nowUs - store.reals[4 * slot + ARRIVED_US]!
    this.begin(slot, environment, pool.function)
    return true
  }

  /** The invocation in this slot is over, unless its handler has calls to make and wait for. */
  end(slot: number, hasCalled = false): void {
    const { environments, store } = this
    const environment = store.ints[8 * slot + ENVIRONMENT]!
    const pool = environments.poolOf(environment)
    const target = pool.function
    if (target.calls !== null && !hasCalled && target.calls.make(slot)) return
    const durationUs = store.reals[4 * slot + DURATION_US]!
    const outcome = store.bytes[32 * slot + OUTCOME]!
    const meter = target.meter
    meter.duration.record(durationUs)
    const billed = billedMs(target, durationUs + this.billedInitUs(slot, pool))
    if (pool.isOnDemand) meter.billedDuration.add(billed)
    else billApart(pool, billed)
    this.announce(ENDED, slot)
    this.leave(target, pool)
    if (outcome === SUCCEEDED) environments.release(environment)
    else this.endFailed(slot, environment, pool)
    this.origins[store.shorts[16 * slot + ORIGIN]!]!.onEnded(slot, outcome)
    this.close(slot)
  }

  private endFailed(slot: number, environment: number, pool: EnvironmentPool): void {
    const { managed, meter } = pool.function
    const outcome = this.store.bytes[32 * slot + OUTCOME]!
    meter.errors.add(1)
    if (outcome === HANDLER_ERROR) this.environments.release(environment)
    else if (managed === null) this.environments.reset(environment)
    else managed.onBroken(slot, environment, pool, outcome)
  }

  /** Time from the arrival of an attempt that has ended to its end. */
  latencyUs(slot: number): number {
    return this.delayUs(slot) + this.store.reals[4 * slot + DURATION_US]!
  }

  /** Time from its arrival to the start of its code. */
  delayUs(slot: number): number {
    const start = this.store.bytes[32 * slot + START]!
    return start === COLD || start === HANDED_OVER ? this.store.delayUs[slot]! : 0
  }

  /** What of a cold start is billed: init, or the hooks of a restore. */
  private billedInitUs(slot: number, pool: EnvironmentPool): number {
    if (this.store.bytes[32 * slot + START] !== COLD) return 0
    const isBilled = pool.function.settings.billing.isInitBilled || pool.restore !== null
    return isBilled ? this.store.initUs[slot]! : 0
  }

  private refuse(slot: number, qualifier: Qualifier, cause: number): void {
    const origin = this.origins[this.store.shorts[16 * slot + ORIGIN]!]!
    const comesBack = origin.retriesThrottles === true && cause !== RESERVED_ZERO
    qualifier.function.meter.throttle(cause, this.simulator.nowUs, comesBack)
    this.refusalCause = cause
    this.refusing = qualifier
    this.announce(REFUSED, slot)
    qualifier.function.network?.onRefused(cause)
    qualifier.function.managed?.onRefused(cause)
    origin.onRefused(slot, cause)
    this.close(slot)
  }

  private close(slot: number): void {
    this.inFlightOf[this.store.shorts[16 * slot + ORIGIN]!]!--
    this.store.give(slot)
  }

  private wait(slot: number, pool: EnvironmentPool): void {
    pool.function.meter.coldStarts.add(1)
    this.announce(WAITING, slot)
    const environment = this.environments.create(pool, slot)
    this.store.ints[8 * slot + ENVIRONMENT] = environment
    if (pool.function.settings.coldStart.proactiveShare > 0) {
      this.environments.createProactive(pool, environment)
    }
    if (pool.mayHandOver) addWaiting(this.store, pool, slot)
  }

  /** The function's code starts on this environment. */
  private begin(slot: number, environment: number, target: LambdaFunction): void {
    const { store } = this
    const own = this.environments.store.bytes
    let durationUs = store.reals[4 * slot + DURATION_US]!
    let outcome = SUCCEEDED
    // A draw below 0 says that the handler fails on what it was given.
    if (target.drawsFailures && store.failureDraw[slot]! < target.failureShare) {
      outcome = failureOf(target.failures, store.failureDraw[slot]!)
      if (outcome === TIMED_OUT) durationUs = Number.POSITIVE_INFINITY
    }
    if (own[32 * environment + NEEDS] !== 0) {
      const prelude = this.environments.prelude(environment)
      const { durationUs: preludeUs, initUs } = prelude
      this.transitions.timeParts?.invocationPrepares(slot, initUs, preludeUs - initUs)
      if (prelude.initFails) {
        outcome = INIT_ERROR
        durationUs = prelude.durationUs
      } else durationUs += prelude.durationUs
    }
    if (durationUs > target.timeoutUs) {
      target.managed?.noteOverrun(slot, durationUs - target.timeoutUs)
      durationUs = target.timeoutUs
      outcome = TIMED_OUT
    }
    store.reals[4 * slot + DURATION_US] = durationUs
    store.ints[8 * slot + ENVIRONMENT] = environment
    store.bytes[32 * slot + OUTCOME] = outcome
    own[32 * environment + STATE] = BUSY
    target.meter.invocations.add(1)
    if (target.hasProvisioned) this.countSpillover(slot)
    this.announce(STARTED, slot)
    own[32 * environment + TRAITS]! &= ~IS_UNUSED
    const endUs = Math.floor(this.simulator.nowUs + durationUs + 0.5)
    this.simulator.schedule(endUs, RANK_RELEASE, INVOCATION_ENDED, slot)
  }

  private noteSpillover(slot: number, qualifier: Qualifier): void {
    this.store.qualifier[slot] = qualifier.index
    this.store.spillover[slot] = this.admission.spillover
  }

  private countSpillover(slot: number): void {
    const spillover = this.store.spillover[slot]!
    if (spillover === NOT_SPILLED || spillover === SPILLED_ALLOCATING) return
    this.qualifiers[this.store.qualifier[slot]!]!.provisioned!.countSpillover()
  }

  private enter(target: LambdaFunction, pool: EnvironmentPool): void {
    if (target.inFlight++ === 0 && target.keepAlive.learn !== undefined) {
      this.environments.onFunctionBusy(target)
    }
    target.meter.concurrent.add(1)
    if (!pool.isOnDemand) {
      this.enterApart(pool)
      return
    }
    this.account.gauges.concurrent.add(1)
    target.onDemandInFlight++
    if (target.reservedConcurrency === null) this.account.enterUnreserved()
    else target.closest.rise(target.reservedInUse)
  }

  private leave(target: LambdaFunction, pool: EnvironmentPool): void {
    target.inFlight--
    target.meter.concurrent.add(-1)
    if (!pool.isOnDemand) {
      this.leaveApart(target, pool)
      return
    }
    this.account.gauges.concurrent.add(-1)
    if (target.inFlight === 0) this.noteIdle(target)
    target.onDemandInFlight--
    if (target.reservedConcurrency === null) this.account.leaveUnreserved()
  }

  /** Managed instances take nothing of the account's concurrency. */
  private enterApart({ provisioned }: EnvironmentPool): void {
    if (provisioned === null) return
    this.account.gauges.concurrent.add(1)
    provisioned.enter()
  }

  private leaveApart(target: LambdaFunction, { provisioned }: EnvironmentPool): void {
    if (provisioned === null) return
    this.account.gauges.concurrent.add(-1)
    if (target.inFlight === 0) this.noteIdle(target)
    provisioned.leave()
  }

  private noteIdle(target: LambdaFunction): void {
    if (target.keepAlive.wholeFunctionIdleUs !== undefined) this.environments.onFunctionIdle(target)
  }

  private announce(code: number, slot: number): void {
    const { reals, shorts } = this.store
    const { hash } = this.origins[shorts[16 * slot + ORIGIN]!]!
    this.transitions.announce(code, hash, foldOrdinal(reals[4 * slot + ORDINAL]!), slot)
  }
}

/** Durations on managed instances are not billed. */
function billApart({ function: owner, provisioned }: EnvironmentPool, billed: number): void {
  if (provisioned === null) return
  owner.meter.billedDuration.add(billed)
  provisioned.billedMs += billed
}
