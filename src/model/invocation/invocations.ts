/**
 * The life of an attempt: admission, waiting for an environment, the handler, its end.
 * Source: Lambda developer guide, "Understanding the Lambda execution environment lifecycle".
 */
import { RANK_RELEASE } from '../../kernel/order.ts'
import { intAt, RecordStore, realAt } from '../../kernel/record-store.ts'
import type { Simulator } from '../../kernel/simulator.ts'
import type { FailureShares } from '../compiled-scenario.ts'
import type { Account } from '../compute/account.ts'
import type { Admission } from '../compute/admission.ts'
import type { EnvironmentPool } from '../compute/environment-pool.ts'
import {
  BUSY,
  INIT_US as ENVIRONMENT_INIT_US,
  PLACEMENT_US as ENVIRONMENT_PLACEMENT_US,
  IS_UNUSED,
  NEEDS,
  OWNER,
  STATE,
  TRAITS,
} from '../compute/environment-record.ts'
import type { Environments, HandOver } from '../compute/environments.ts'
import type { LambdaFunction, Qualifier } from '../compute/lambda-function.ts'
import { ADMITTED } from '../compute/throttle-cause.ts'
import { INVOCATION_ENDED } from '../event-kinds.ts'
import { ARRIVED, ENDED, REFUSED, STARTED, type Transitions, WAITING } from '../transitions.ts'
import {
  ARRIVED_US,
  DELAY_US,
  DURATION_US,
  ENVIRONMENT,
  FAILURE_DRAW,
  INIT_US,
  NEXT,
  ORDINAL,
  ORIGIN,
  OUTCOME,
  PLACEMENT_US,
  PREVIOUS,
  QUALIFIER,
  SPILLOVER,
  START,
} from './invocation-record.ts'
import type { Origin } from './origin.ts'
import {
  COLD,
  CRASHED,
  HANDED_OVER,
  HANDLER_ERROR,
  INIT_ERROR,
  NOT_SPILLED,
  OUT_OF_MEMORY,
  PROVISIONED,
  SPILLED_ALLOCATING,
  SUCCEEDED,
  TIMED_OUT,
  WARM,
} from './outcome.ts'

export class Invocations implements HandOver {
  readonly store = new RecordStore('invocations in flight')
  readonly origins: Origin[] = []
  readonly qualifiers: Qualifier[] = []
  /** Cause of the refusal being announced, for views. */
  refusalCause = ADMITTED

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

  /**
   * One synchronous attempt, now. `durationUs` is the handler's own time, `failureDraw` uniform in
   * [0, 1): both belong to the request. `pool` is the version that the request was routed to.
   */
  attempt(
    origin: number,
    ordinal: number,
    qualifier: Qualifier,
    pool: EnvironmentPool,
    durationUs: number,
    failureDraw: number,
  ): void {
    const nowUs = this.simulator.nowUs
    const slot = this.store.take()
    const { reals, ints } = this.store
    const real = realAt(slot)
    const int = intAt(slot)
    reals[real + ORDINAL] = ordinal
    reals[real + ARRIVED_US] = nowUs
    reals[real + DELAY_US] = 0
    reals[real + DURATION_US] = durationUs
    reals[real + FAILURE_DRAW] = failureDraw
    ints[int + ORIGIN] = origin
    ints[int + QUALIFIER] = qualifier.index
    this.announce(ARRIVED, slot, nowUs)
    const target = qualifier.function
    const cause = this.admission.admit(target, qualifier, pool, nowUs)
    if (cause !== ADMITTED) {
      this.refuse(slot, target, cause, nowUs)
      return
    }
    const chosen = this.admission.pool!
    const environment = this.admission.environment
    ints[int + SPILLOVER] = this.admission.spillover
    this.enter(target, chosen, nowUs)
    if (environment >= 0) {
      ints[int + START] = chosen.provisioned === null ? WARM : PROVISIONED
      this.begin(slot, environment, target, nowUs)
    } else {
      ints[int + START] = COLD
      this.wait(slot, target, chosen, nowUs)
    }
  }

  /** An environment's init is over. */
  onInitialised(environment: number): void {
    const { environments, store } = this
    const int = intAt(environment)
    const owner = environments.store.ints[int + OWNER]!
    environments.store.ints[int + OWNER] = -1
    environments.finishInit(environment)
    if (owner < 0) {
      environments.release(environment)
      return
    }
    const real = realAt(environment)
    const placementUs = environments.store.reals[real + ENVIRONMENT_PLACEMENT_US]!
    const initUs = environments.store.reals[real + ENVIRONMENT_INIT_US]!
    store.reals[realAt(owner) + PLACEMENT_US] = placementUs
    store.reals[realAt(owner) + INIT_US] = initUs
    store.reals[realAt(owner) + DELAY_US] = placementUs + initUs
    const pool = environments.poolOf(environment)
    if (mayHandOver(pool)) this.removeWaiting(pool, owner)
    this.begin(owner, environment, pool.function, this.simulator.nowUs)
  }

  offer(environment: number, pool: EnvironmentPool, isProactive: boolean): boolean {
    const mode = pool.function.settings.coldStart.handOver
    if (mode === 'never' || (mode === 'proactive' && !isProactive)) return false
    const { reals, ints } = this.store
    const slot = pool.waitingHead
    const nowUs = this.simulator.nowUs
    this.removeWaiting(pool, slot)
    const begun = ints[intAt(slot) + ENVIRONMENT]!
    this.environments.store.ints[intAt(begun) + OWNER] = -1
    ints[intAt(slot) + START] = HANDED_OVER
    reals[realAt(slot) + DELAY_US] = nowUs - reals[realAt(slot) + ARRIVED_US]!
    this.begin(slot, environment, pool.function, nowUs)
    return true
  }

  /** The invocation in this slot is over. */
  end(slot: number): void {
    const { environments, store } = this
    const { reals, ints } = store
    const int = intAt(slot)
    const real = realAt(slot)
    const nowUs = this.simulator.nowUs
    const environment = ints[int + ENVIRONMENT]!
    const pool = environments.poolOf(environment)
    const target = pool.function
    const durationUs = reals[real + DURATION_US]!
    const outcome = ints[int + OUTCOME]!
    const meter = target.meter
    meter.duration.record(durationUs)
    meter.billedDuration.add(billedMs(target, durationUs, this.billedInitUs(slot)))
    this.announce(ENDED, slot, nowUs)
    this.leave(target, pool, nowUs)
    if (outcome === SUCCEEDED) {
      environments.release(environment)
    } else {
      meter.errors.add(1)
      if (outcome === HANDLER_ERROR) environments.release(environment)
      else environments.reset(environment)
    }
    const latencyUs = reals[real + DELAY_US]! + durationUs
    this.origins[ints[int + ORIGIN]!]!.onEnded(slot, outcome, latencyUs)
    store.give(slot)
  }

  private refuse(slot: number, target: LambdaFunction, cause: number, nowUs: number): void {
    target.meter.throttle(cause, nowUs)
    this.refusalCause = cause
    this.announce(REFUSED, slot, nowUs)
    this.origins[this.store.ints[intAt(slot) + ORIGIN]!]!.onRefused(slot, cause)
    this.store.give(slot)
  }

  private wait(slot: number, target: LambdaFunction, pool: EnvironmentPool, nowUs: number): void {
    target.meter.coldStarts.add(1)
    this.announce(WAITING, slot, nowUs)
    this.store.ints[intAt(slot) + ENVIRONMENT] = this.environments.create(pool, slot)
    if (mayHandOver(pool)) this.addWaiting(pool, slot)
  }

  /** The function's code starts on this environment. */
  private begin(slot: number, environment: number, target: LambdaFunction, nowUs: number): void {
    const { reals, ints } = this.store
    const int = intAt(slot)
    const real = realAt(slot)
    const own = this.environments.store.ints
    const ownInt = intAt(environment)
    ints[int + ENVIRONMENT] = environment
    own[ownInt + STATE] = BUSY
    let durationUs = reals[real + DURATION_US]!
    let outcome = SUCCEEDED
    const failureDraw = reals[real + FAILURE_DRAW]!
    if (failureDraw < target.failureShare) {
      outcome = failureOf(target.failures, failureDraw)
      if (outcome === TIMED_OUT) durationUs = Number.POSITIVE_INFINITY
    }
    if (own[ownInt + NEEDS] !== 0) {
      const prelude = this.environments.prelude(environment)
      if (prelude.initFails) {
        outcome = INIT_ERROR
        durationUs = prelude.durationUs
      } else durationUs += prelude.durationUs
    }
    if (durationUs > target.timeoutUs) {
      durationUs = target.timeoutUs
      outcome = TIMED_OUT
    }
    reals[real + DURATION_US] = durationUs
    ints[int + OUTCOME] = outcome
    target.meter.invocations.add(1)
    if (ints[int + SPILLOVER] !== NOT_SPILLED) this.countSpillover(slot)
    this.announce(STARTED, slot, nowUs)
    own[ownInt + TRAITS]! &= ~IS_UNUSED
    this.simulator.schedule(Math.round(nowUs + durationUs), RANK_RELEASE, INVOCATION_ENDED, slot)
  }

  private countSpillover(slot: number): void {
    const int = intAt(slot)
    if (this.store.ints[int + SPILLOVER] === SPILLED_ALLOCATING) return
    this.qualifiers[this.store.ints[int + QUALIFIER]!]!.provisioned!.countSpillover()
  }

  private billedInitUs(slot: number): number {
    if (this.store.ints[intAt(slot) + START] !== COLD) return 0
    return this.store.reals[realAt(slot) + INIT_US]!
  }

  private enter(target: LambdaFunction, pool: EnvironmentPool, nowUs: number): void {
    target.inFlight++
    if (target.inFlight > target.peakInFlight) target.peakInFlight = target.inFlight
    target.meter.concurrent.add(nowUs, 1)
    this.account.gauges.concurrent.add(nowUs, 1)
    if (pool.provisioned !== null) {
      pool.provisioned.enter(nowUs)
      return
    }
    target.onDemandInFlight++
    if (target.reservedConcurrency === null) this.account.enterUnreserved(nowUs)
  }

  private leave(target: LambdaFunction, pool: EnvironmentPool, nowUs: number): void {
    target.inFlight--
    target.meter.concurrent.add(nowUs, -1)
    this.account.gauges.concurrent.add(nowUs, -1)
    if (target.inFlight === 0 && target.keepAlive.wholeFunctionIdleUs !== undefined) {
      this.environments.onFunctionIdle(target)
    }
    if (pool.provisioned !== null) {
      pool.provisioned.leave(nowUs)
      return
    }
    target.onDemandInFlight--
    if (target.reservedConcurrency === null) this.account.leaveUnreserved(nowUs)
  }

  private addWaiting(pool: EnvironmentPool, slot: number): void {
    const { ints } = this.store
    ints[intAt(slot) + NEXT] = -1
    ints[intAt(slot) + PREVIOUS] = pool.waitingTail
    if (pool.waitingTail < 0) pool.waitingHead = slot
    else ints[intAt(pool.waitingTail) + NEXT] = slot
    pool.waitingTail = slot
  }

  private removeWaiting(pool: EnvironmentPool, slot: number): void {
    const { ints } = this.store
    const next = ints[intAt(slot) + NEXT]!
    const previous = ints[intAt(slot) + PREVIOUS]!
    if (previous < 0) pool.waitingHead = next
    else ints[intAt(previous) + NEXT] = next
    if (next < 0) pool.waitingTail = previous
    else ints[intAt(next) + PREVIOUS] = previous
  }

  private announce(code: number, slot: number, nowUs: number): void {
    const { reals, ints } = this.store
    const origin = this.origins[ints[intAt(slot) + ORIGIN]!]!
    this.transitions.announce(code, nowUs, origin.hash, reals[realAt(slot) + ORDINAL]!, slot)
  }
}

function mayHandOver(pool: EnvironmentPool): boolean {
  return pool.function.settings.coldStart.handOver !== 'never'
}

/** Whole milliseconds on the bill: rounded up once, over all that is billed. */
function billedMs(target: LambdaFunction, durationUs: number, initUs: number): number {
  const { incrementMs, isInitBilled } = target.settings.billing
  const billedUs = isInitBilled ? durationUs + initUs : durationUs
  return Math.ceil(billedUs / (1_000 * incrementMs)) * incrementMs
}

/** Which failure a draw below the sum of the shares means. */
function failureOf(failures: FailureShares, draw: number): number {
  let bound = failures.error
  if (draw < bound) return HANDLER_ERROR
  bound += failures.crash
  if (draw < bound) return CRASHED
  bound += failures.outOfMemory
  return draw < bound ? OUT_OF_MEMORY : TIMED_OUT
}
