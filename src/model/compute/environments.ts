/**
 * The life of execution environments: placement, init, invoke, idle, reset, retirement.
 * Source: Lambda developer guide, "Understanding the Lambda execution environment lifecycle".
 */
import { Generator, hashName, rekey } from '../../kernel/generator.ts'
import { RANK_EXPIRY, RANK_RELEASE } from '../../kernel/order.ts'
import { intAt, RecordStore, realAt } from '../../kernel/record-store.ts'
import type { Simulator } from '../../kernel/simulator.ts'
import { MICROSECONDS_PER_SECOND } from '../../kernel/time.ts'
import type { Distribution } from '../distributions/distribution.ts'
import {
  ENVIRONMENT_INITIALISED,
  ENVIRONMENT_TIMER,
  FUNCTION_TIMER,
  SHUTDOWN_LANE,
} from '../event-kinds.ts'
import {
  ENVIRONMENT_CREATED,
  ENVIRONMENT_IDLE,
  ENVIRONMENT_READY,
  ENVIRONMENT_RETIRED,
  type Transitions,
} from '../transitions.ts'
import type { EnvironmentPool } from './environment-pool.ts'
import {
  BUSY,
  END_OF_LIFE_US,
  IDLE,
  IDLE_SINCE_US,
  IDLE_TIMEOUT_US,
  INIT_US,
  INITIALISING,
  INITS,
  IS_PROACTIVE,
  IS_REPLACED_AHEAD,
  IS_UNUSED,
  NEEDS,
  NEEDS_FIRST_INVOCATION,
  NEEDS_INIT,
  ORDINAL,
  OWNER,
  PLACEMENT_US,
  POOL,
  RESETTING,
  RETIRED,
  STATE,
  TIMER_US,
  TRAITS,
} from './environment-record.ts'
import type { LambdaFunction } from './lambda-function.ts'

/** An on-demand init that takes longer is abandoned and run again within the first invocation. */
export const ON_DEMAND_INIT_LIMIT_US = 10 * MICROSECONDS_PER_SECOND

const PLACEMENT = hashName('placement')
const INIT = hashName('init')
const INIT_FAILURE = hashName('init-failure')
const FIRST_INVOCATION = hashName('first-invocation')

/** Serves waiting attempts on environments that become free; the invocations implement it. */
export interface HandOver {
  /** An environment that would go idle: true when a waiting attempt took it. */
  offer(environment: number, pool: EnvironmentPool, isProactive: boolean): boolean
}

export class Environments {
  readonly store = new RecordStore('execution environments')
  readonly pools: EnvironmentPool[] = []
  private readonly functions: readonly LambdaFunction[]
  private readonly simulator: Simulator
  private readonly transitions: Transitions
  private readonly generator = new Generator()
  private handOver: HandOver | null = null
  /** By function. */
  private readonly initialising: number[] = []

  constructor(
    functions: readonly LambdaFunction[],
    simulator: Simulator,
    transitions: Transitions,
  ) {
    this.functions = functions
    this.simulator = simulator
    this.transitions = transitions
  }

  connect(handOver: HandOver): void {
    this.handOver = handOver
  }

  poolOf(environment: number): EnvironmentPool {
    return this.pools[this.store.ints[intAt(environment) + POOL]!]!
  }

  /** Begins an on-demand environment because a request found none; it is ready after placement and init. */
  create(pool: EnvironmentPool, owner: number): number {
    const { simulator } = this
    const environment = this.add(pool, pool.function.onDemandCreated++)
    const { reals, ints } = this.store
    const int = intAt(environment)
    const { placement, init } = pool.function.settings.coldStart
    const placementUs = this.draw(environment, PLACEMENT, 0, placement)
    const initUs = this.draw(environment, INIT, 0, init)
    this.initialising[pool.function.index] = this.initialisingCount(pool.function.index) + 1
    ints[int + STATE] = INITIALISING
    ints[int + OWNER] = owner
    if (initUs > ON_DEMAND_INIT_LIMIT_US || this.initFails(environment, 0)) {
      ints[int + NEEDS] = NEEDS_FIRST_INVOCATION | NEEDS_INIT
    }
    const spentUs = Math.min(initUs, ON_DEMAND_INIT_LIMIT_US)
    reals[realAt(environment) + PLACEMENT_US] = placementUs
    reals[realAt(environment) + INIT_US] = spentUs
    const readyUs = Math.round(simulator.nowUs + placementUs + spentUs)
    simulator.schedule(readyUs, RANK_RELEASE, ENVIRONMENT_INITIALISED, environment)
    return environment
  }

  /** An environment that is initialised already: at the start, provisioned, or replaced ahead. */
  createReady(pool: EnvironmentPool): number {
    const owner = pool.function
    const ordinal = pool.provisioned === null ? owner.onDemandCreated++ : owner.provisionedCreated++
    const environment = this.add(pool, ordinal)
    this.store.ints[intAt(environment) + TRAITS]! |= IS_PROACTIVE
    this.announce(ENVIRONMENT_READY, environment)
    return environment
  }

  /** Init is over; the caller starts the owner on it or lets it become idle. */
  finishInit(environment: number): void {
    const { reals, ints } = this.store
    const { meter, index } = this.poolOf(environment).function
    this.initialising[index]!--
    meter.placementDuration.record(reals[realAt(environment) + PLACEMENT_US]!)
    if ((ints[intAt(environment) + NEEDS]! & NEEDS_INIT) === 0) {
      meter.initDuration.record(reals[realAt(environment) + INIT_US]!)
    }
    this.announce(ENVIRONMENT_READY, environment)
  }

  /**
   * What an invocation on this environment does beside its handler: a failed or lost init is run
   * again within the invocation, and the first invocation after an init takes longer.
   */
  prelude(environment: number): { durationUs: number; initFails: boolean } {
    const { ints } = this.store
    const int = intAt(environment)
    const needs = ints[int + NEEDS]!
    const { init, firstInvocation } = this.poolOf(environment).function.settings.coldStart
    ints[int + NEEDS] = 0
    let durationUs = 0
    if ((needs & NEEDS_INIT) !== 0) {
      const attempt = ints[int + INITS]!
      ints[int + INITS] = attempt + 1
      durationUs = this.draw(environment, INIT, attempt, init)
      if (this.initFails(environment, attempt)) return { durationUs, initFails: true }
    }
    if ((needs & NEEDS_FIRST_INVOCATION) !== 0) {
      durationUs += this.draw(environment, FIRST_INVOCATION, ints[int + INITS]!, firstInvocation)
    }
    return { durationUs, initFails: false }
  }

  /** After an invocation, or after an init that nobody waits for. */
  release(environment: number): void {
    const pool = this.poolOf(environment)
    const nowUs = this.simulator.nowUs
    const isWithdrawn = pool.provisioned !== null && pool.size > pool.provisioned.ready
    if (pool.isClosed || isWithdrawn) {
      this.retire(environment, pool)
    } else if (nowUs >= this.store.reals[realAt(environment) + END_OF_LIFE_US]!) {
      this.endLife(environment, pool)
    } else {
      this.becomeIdle(environment, pool, nowUs)
    }
  }

  /** After a crash or timeout: the runtime shuts down, then the environment is idle again. */
  reset(environment: number): void {
    const { ints } = this.store
    const { shutdown, index } = this.poolOf(environment).function
    ints[intAt(environment) + NEEDS] = NEEDS_FIRST_INVOCATION | NEEDS_INIT
    if (shutdown.lengthUs === 0) {
      this.release(environment)
      return
    }
    ints[intAt(environment) + STATE] = RESETTING
    shutdown.start(environment, this.simulator.nowUs)
    this.armShutdown(index)
  }

  /** The head of a function's shutdown lane is due. */
  onShutdownLane(functionIndex: number): void {
    const { shutdown } = this.functions[functionIndex]!
    shutdown.isArmed = false
    for (;;) {
      const environment = shutdown.takeDue(this.simulator.nowUs)
      if (environment < 0) break
      this.release(environment)
    }
    this.armShutdown(functionIndex)
  }

  /** An environment's timer: it may have been busy or used since, then the timer moves on. */
  onTimer(environment: number): void {
    const { reals, ints } = this.store
    const { nowUs } = this.simulator
    const real = realAt(environment)
    if (reals[real + TIMER_US] !== nowUs) return
    reals[real + TIMER_US] = Number.POSITIVE_INFINITY
    if (ints[intAt(environment) + STATE] !== IDLE) return
    const dueUs = this.dueUs(real)
    if (dueUs > nowUs) {
      this.arm(environment, dueUs)
      return
    }
    const pool = this.poolOf(environment)
    pool.idle.remove(environment)
    if (nowUs >= reals[real + END_OF_LIFE_US]!) this.endLife(environment, pool)
    else this.retire(environment, pool)
  }

  /** The last busy environment of a function ended: its policy may retire all of them later. */
  onFunctionIdle(owner: LambdaFunction): void {
    const { nowUs } = this.simulator
    const spell = owner.idleSpells++
    owner.idleUntilUs = Math.round(
      nowUs +
        owner.keepAlive.wholeFunctionIdleUs!((purpose, distribution) =>
          distribution.sample(
            rekey(this.generator, owner.environmentStream, spell, hashName(purpose), -1),
          ),
        ),
    )
    if (owner.isIdleTimerArmed) return
    this.armFunction(owner)
  }

  /** A function's idle timer: it may have been used since, then the timer moves on. */
  onFunctionTimer(functionIndex: number): void {
    const owner = this.functions[functionIndex]!
    owner.isIdleTimerArmed = false
    if (owner.inFlight > 0) return
    if (owner.idleUntilUs > this.simulator.nowUs) {
      this.armFunction(owner)
      return
    }
    for (const pool of this.pools) {
      if (pool.function === owner && pool.provisioned === null) this.retireIdle(pool, pool.size)
    }
  }

  /** How many environments of a function are being initialised. */
  initialisingCount(functionIndex: number): number {
    return this.initialising[functionIndex] ?? 0
  }

  /** Retires up to `count` idle environments of a pool. */
  retireIdle(pool: EnvironmentPool, count: number): void {
    for (let retired = 0; retired < count; retired++) {
      const environment = pool.idle.anyMember()
      if (environment < 0) return
      pool.idle.remove(environment)
      this.retire(environment, pool)
    }
  }

  /** No request will come to this pool any more. */
  close(pool: EnvironmentPool): void {
    pool.isClosed = true
    this.retireIdle(pool, pool.size)
  }

  private add(pool: EnvironmentPool, ordinal: number): number {
    const environment = this.store.take()
    const { reals, ints } = this.store
    const real = realAt(environment)
    const int = intAt(environment)
    reals[real + ORDINAL] = ordinal
    reals[real + TIMER_US] = Number.POSITIVE_INFINITY
    reals[real + IDLE_TIMEOUT_US] = Number.POSITIVE_INFINITY
    reals[real + END_OF_LIFE_US] = Number.POSITIVE_INFINITY
    ints[int + POOL] = pool.index
    ints[int + STATE] = BUSY
    ints[int + NEEDS] = NEEDS_FIRST_INVOCATION
    ints[int + TRAITS] = IS_UNUSED
    ints[int + OWNER] = -1
    ints[int + INITS] = 1
    if (pool.provisioned === null) this.grantLease(environment, pool.function)
    pool.size++
    pool.function.meter.environments.add(this.simulator.nowUs, 1)
    this.announce(ENVIRONMENT_CREATED, environment)
    return environment
  }

  private grantLease(environment: number, owner: LambdaFunction): void {
    const { reals, ints } = this.store
    const real = realAt(environment)
    const lease = owner.keepAlive.admit((purpose, distribution) =>
      this.draw(environment, hashName(purpose), 0, distribution),
    )
    reals[real + IDLE_TIMEOUT_US] = lease.idleTimeoutUs
    reals[real + END_OF_LIFE_US] = Math.round(this.simulator.nowUs + lease.lifetimeUs)
    if (lease.replacedAhead) ints[intAt(environment) + TRAITS]! |= IS_REPLACED_AHEAD
  }

  private becomeIdle(environment: number, pool: EnvironmentPool, nowUs: number): void {
    const { reals, ints } = this.store
    const int = intAt(environment)
    const real = realAt(environment)
    if (pool.waitingHead >= 0) {
      const isProactive = (ints[int + TRAITS]! & IS_PROACTIVE) !== 0
      if (this.handOver!.offer(environment, pool, isProactive)) return
    }
    ints[int + STATE] = IDLE
    reals[real + IDLE_SINCE_US] = nowUs
    if ((ints[int + TRAITS]! & IS_UNUSED) === 0) pool.idle.add(environment)
    else pool.idle.addUnused(environment)
    this.announce(ENVIRONMENT_IDLE, environment)
    if (reals[real + TIMER_US] === Number.POSITIVE_INFINITY) {
      const dueUs = this.dueUs(real)
      if (dueUs < Number.POSITIVE_INFINITY) this.arm(environment, dueUs)
    }
  }

  /** Its time is over: Lambda recycles it, and may have a replacement ready. */
  private endLife(environment: number, pool: EnvironmentPool): void {
    const isReplaced = (this.store.ints[intAt(environment) + TRAITS]! & IS_REPLACED_AHEAD) !== 0
    this.retire(environment, pool)
    if (isReplaced) this.becomeIdle(this.createReady(pool), pool, this.simulator.nowUs)
  }

  private retire(environment: number, pool: EnvironmentPool): void {
    const { store, simulator } = this
    store.ints[intAt(environment) + STATE] = RETIRED
    store.reals[realAt(environment) + TIMER_US] = Number.POSITIVE_INFINITY
    pool.size--
    pool.function.meter.environments.add(simulator.nowUs, -1)
    this.announce(ENVIRONMENT_RETIRED, environment)
    store.give(environment)
  }

  /** When the environment whose record begins at `real`, idle now, ends if nothing happens. */
  private dueUs(real: number): number {
    const { reals } = this.store
    const idleEndUs = Math.round(reals[real + IDLE_SINCE_US]! + reals[real + IDLE_TIMEOUT_US]!)
    return Math.min(idleEndUs, reals[real + END_OF_LIFE_US]!)
  }

  private arm(environment: number, dueUs: number): void {
    this.store.reals[realAt(environment) + TIMER_US] = dueUs
    this.simulator.scheduleLater(dueUs, RANK_EXPIRY, ENVIRONMENT_TIMER, environment)
  }

  private armFunction(owner: LambdaFunction): void {
    owner.isIdleTimerArmed = true
    this.simulator.scheduleLater(owner.idleUntilUs, RANK_EXPIRY, FUNCTION_TIMER, owner.index)
  }

  private armShutdown(functionIndex: number): void {
    const { shutdown } = this.functions[functionIndex]!
    if (shutdown.isArmed || shutdown.headDueUs === Number.POSITIVE_INFINITY) return
    shutdown.isArmed = true
    this.simulator.schedule(shutdown.headDueUs, RANK_RELEASE, SHUTDOWN_LANE, functionIndex)
  }

  private initFails(environment: number, attempt: number): boolean {
    const share = this.poolOf(environment).function.failures.initError
    if (share === 0) return false
    return this.keyed(environment, INIT_FAILURE, attempt).nextUniform() < share
  }

  private draw(environment: number, purpose: number, index: number, from: Distribution): number {
    return from.sample(this.keyed(environment, purpose, index))
  }

  /** The generator of one occasion of one environment: keyed by function and ordinal. */
  private keyed(environment: number, purpose: number, index: number): Generator {
    const pool = this.poolOf(environment)
    const owner = pool.function
    const stream = pool.provisioned === null ? owner.environmentStream : owner.provisionedStream
    const ordinal = this.store.reals[realAt(environment) + ORDINAL]!
    return rekey(this.generator, stream, ordinal, purpose, index)
  }

  private announce(code: number, environment: number): void {
    const { hash } = this.poolOf(environment).function
    const ordinal = this.store.reals[realAt(environment) + ORDINAL]!
    this.transitions.announce(code, this.simulator.nowUs, hash, ordinal, environment)
  }
}
