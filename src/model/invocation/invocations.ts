/**
 * The life of an attempt: admission, waiting for an environment, the handler, its end.
 * Source: Lambda developer guide, "Understanding the Lambda execution environment lifecycle".
 */
import { RANK_RELEASE } from '../../kernel/order.ts'
import type { Simulator } from '../../kernel/simulator.ts'
import type { FailureShares } from '../compiled-scenario.ts'
import type { Account } from '../compute/account.ts'
import type { Admission } from '../compute/admission.ts'
import type { EnvironmentPool } from '../compute/environment-pool.ts'
import { BUSY } from '../compute/environment-store.ts'
import type { Environments, HandOver } from '../compute/environments.ts'
import type { LambdaFunction, Qualifier } from '../compute/lambda-function.ts'
import { ADMITTED } from '../compute/throttle-cause.ts'
import { INVOCATION_ENDED } from '../event-kinds.ts'
import { ARRIVED, ENDED, REFUSED, STARTED, type Transitions, WAITING } from '../transitions.ts'
import { InvocationStore } from './invocation-store.ts'
import type { Origin } from './origin.ts'
import {
  COLD,
  CRASHED,
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
  readonly store = new InvocationStore()
  readonly origins: Origin[] = []
  /** Cause of the refusal being announced, for views. */
  refusalCause = ADMITTED

  private readonly functions: readonly LambdaFunction[]
  private readonly account: Account
  private readonly admission: Admission
  private readonly environments: Environments
  private readonly simulator: Simulator
  private readonly transitions: Transitions

  constructor(
    functions: readonly LambdaFunction[],
    account: Account,
    admission: Admission,
    environments: Environments,
    simulator: Simulator,
    transitions: Transitions,
  ) {
    this.functions = functions
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
    target: LambdaFunction,
    qualifier: Qualifier,
    pool: EnvironmentPool,
    durationUs: number,
    failureDraw: number,
  ): void {
    const { store, simulator } = this
    const nowUs = simulator.nowUs
    const slot = store.take()
    store.origin[slot] = origin
    store.ordinal[slot] = ordinal
    store.functionIndex[slot] = target.index
    store.qualifier[slot] = qualifier.index
    store.arrivedUs[slot] = nowUs
    store.durationUs[slot] = durationUs
    store.failureDraw[slot] = failureDraw
    this.announce(ARRIVED, slot, nowUs)
    const cause = this.admission.admit(target, qualifier, pool, nowUs)
    if (cause !== ADMITTED) {
      this.refuse(slot, target, cause, nowUs)
      return
    }
    const chosen = this.admission.pool!
    store.spillover[slot] = this.admission.spillover
    store.delayUs[slot] = 0
    this.enter(target, chosen, nowUs)
    const environment = this.admission.environment
    if (environment >= 0) {
      store.start[slot] = chosen.provisioned === null ? WARM : PROVISIONED
      this.begin(slot, environment, target, nowUs)
    } else {
      store.start[slot] = COLD
      this.wait(slot, target, chosen, nowUs)
    }
  }

  /** An environment's init is over. */
  onInitialised(environment: number): void {
    const { environments, store } = this
    const owner = environments.store.owner[environment]!
    environments.store.owner[environment] = -1
    environments.finishInit(environment)
    if (owner < 0) {
      environments.release(environment)
      return
    }
    const placementUs = environments.store.placementUs[environment]!
    const initUs = environments.store.initUs[environment]!
    store.placementUs[owner] = placementUs
    store.initUs[owner] = initUs
    store.delayUs[owner] = placementUs + initUs
    const pool = environments.pools[environments.store.pool[environment]!]!
    if (this.mayHandOver(pool)) this.removeWaiting(pool, owner)
    this.begin(owner, environment, pool.function, this.simulator.nowUs)
  }

  offer(environment: number, pool: EnvironmentPool, isProactive: boolean): boolean {
    const mode = pool.function.settings.coldStart.handOver
    if (mode === 'never' || (mode === 'proactive' && !isProactive)) return false
    const slot = pool.waitingHead
    this.removeWaiting(pool, slot)
    const begun = this.store.environment[slot]!
    this.environments.store.owner[begun] = -1
    const nowUs = this.simulator.nowUs
    this.store.handedOver[slot] = 1
    this.store.delayUs[slot] = nowUs - this.store.arrivedUs[slot]!
    this.begin(slot, environment, pool.function, nowUs)
    return true
  }

  /** The invocation in this slot is over. */
  end(slot: number): void {
    const { store, environments, simulator } = this
    const nowUs = simulator.nowUs
    const target = this.functions[store.functionIndex[slot]!]!
    const environment = store.environment[slot]!
    const pool = environments.pools[environments.store.pool[environment]!]!
    const durationUs = store.durationUs[slot]!
    const outcome = store.outcome[slot]!
    const meter = target.meter
    meter.duration.record(durationUs)
    meter.billedDuration.add(this.billedMs(target, slot, durationUs))
    this.announce(ENDED, slot, nowUs)
    this.leave(target, pool, nowUs)
    if (outcome === SUCCEEDED) {
      environments.release(environment)
    } else {
      meter.errors.add(1)
      if (outcome === HANDLER_ERROR) environments.release(environment)
      else environments.reset(environment)
    }
    this.origins[store.origin[slot]!]!.onEnded(slot, outcome, store.delayUs[slot]! + durationUs)
    store.give(slot)
  }

  private refuse(slot: number, target: LambdaFunction, cause: number, nowUs: number): void {
    target.meter.throttle(cause, nowUs)
    this.refusalCause = cause
    this.announce(REFUSED, slot, nowUs)
    this.origins[this.store.origin[slot]!]!.onRefused(slot, cause)
    this.store.give(slot)
  }

  private wait(slot: number, target: LambdaFunction, pool: EnvironmentPool, nowUs: number): void {
    const { store } = this
    store.handedOver[slot] = 0
    store.placementUs[slot] = 0
    store.initUs[slot] = 0
    target.meter.coldStarts.add(1)
    this.announce(WAITING, slot, nowUs)
    store.environment[slot] = this.environments.create(pool, slot)
    if (this.mayHandOver(pool)) this.addWaiting(pool, slot)
  }

  /** The function's code starts on this environment. */
  private begin(slot: number, environment: number, target: LambdaFunction, nowUs: number): void {
    const { store, environments } = this
    store.environment[slot] = environment
    environments.store.state[environment] = BUSY
    let durationUs = store.durationUs[slot]!
    let outcome = SUCCEEDED
    if (store.failureDraw[slot]! < target.failureShare) {
      outcome = failureOf(target.failures, store.failureDraw[slot]!)
      if (outcome === TIMED_OUT) durationUs = Number.POSITIVE_INFINITY
    }
    if (environments.store.needs[environment] !== 0) {
      const prelude = environments.prelude(environment)
      if (prelude.initFails) {
        outcome = INIT_ERROR
        durationUs = prelude.durationUs
      } else durationUs += prelude.durationUs
    }
    if (durationUs > target.timeoutUs) {
      durationUs = target.timeoutUs
      outcome = TIMED_OUT
    }
    store.durationUs[slot] = durationUs
    store.outcome[slot] = outcome
    target.meter.invocations.add(1)
    if (store.spillover[slot] !== NOT_SPILLED) this.countSpillover(slot, target)
    this.announce(STARTED, slot, nowUs)
    this.simulator.schedule(Math.round(nowUs + durationUs), RANK_RELEASE, INVOCATION_ENDED, slot)
  }

  private countSpillover(slot: number, target: LambdaFunction): void {
    if (this.store.spillover[slot] === SPILLED_ALLOCATING) return
    target.qualifiers[this.store.qualifier[slot]!]!.provisioned!.countSpillover()
  }

  /** Whole milliseconds on the bill: rounded up once, over all that is billed. */
  private billedMs(target: LambdaFunction, slot: number, durationUs: number): number {
    const { incrementMs, isInitBilled } = target.settings.billing
    const initUs = isInitBilled && this.store.start[slot] === COLD ? this.store.initUs[slot]! : 0
    return Math.ceil((durationUs + initUs) / (1_000 * incrementMs)) * incrementMs
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
    if (pool.provisioned !== null) {
      pool.provisioned.leave(nowUs)
      return
    }
    target.onDemandInFlight--
    if (target.reservedConcurrency === null) this.account.leaveUnreserved(nowUs)
  }

  private mayHandOver(pool: EnvironmentPool): boolean {
    return pool.function.settings.coldStart.handOver !== 'never'
  }

  private addWaiting(pool: EnvironmentPool, slot: number): void {
    const { store } = this
    store.next[slot] = -1
    store.previous[slot] = pool.waitingTail
    if (pool.waitingTail < 0) pool.waitingHead = slot
    else store.next[pool.waitingTail] = slot
    pool.waitingTail = slot
  }

  private removeWaiting(pool: EnvironmentPool, slot: number): void {
    const next = this.store.next[slot]!
    const previous = this.store.previous[slot]!
    if (previous < 0) pool.waitingHead = next
    else this.store.next[previous] = next
    if (next < 0) pool.waitingTail = previous
    else this.store.previous[next] = previous
  }

  private announce(code: number, slot: number, nowUs: number): void {
    const { store } = this
    const origin = this.origins[store.origin[slot]!]!
    this.transitions.announce(code, nowUs, origin.hash, store.ordinal[slot]!, slot)
  }
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
