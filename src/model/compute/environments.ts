/**
 * The life of execution environments: placement, init, invoke, idle, reset, retirement.
 * Source: Lambda developer guide, "Understanding the Lambda execution environment lifecycle".
 */
import { Generator, hashName, rekey } from '../../kernel/generator.ts'
import { RANK_EXPIRY, RANK_RELEASE } from '../../kernel/order.ts'
import type { Simulator } from '../../kernel/simulator.ts'
import { MICROSECONDS_PER_SECOND } from '../../kernel/time.ts'
import type { Distribution } from '../distributions/distribution.ts'
import { ENVIRONMENT_INITIALISED, ENVIRONMENT_TIMER, SHUTDOWN_LANE } from '../event-kinds.ts'
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
  EnvironmentStore,
  IDLE,
  INITIALISING,
  NEEDS_FIRST_INVOCATION,
  NEEDS_INIT,
  RESETTING,
  RETIRED,
} from './environment-store.ts'
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
  readonly store = new EnvironmentStore()
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

  /** Begins an on-demand environment because a request found none; it is ready after placement and init. */
  create(pool: EnvironmentPool, owner: number): number {
    const { store, simulator } = this
    const environment = this.add(pool, pool.function.onDemandCreated++)
    const { placement, init } = pool.function.settings.coldStart
    store.state[environment] = INITIALISING
    this.initialising[pool.function.index] = this.initialisingCount(pool.function.index) + 1
    store.owner[environment] = owner
    store.placementUs[environment] = this.draw(environment, PLACEMENT, 0, placement)
    const initUs = this.draw(environment, INIT, 0, init)
    store.inits[environment] = 1
    if (initUs > ON_DEMAND_INIT_LIMIT_US || this.initFails(environment, 0)) {
      store.needs[environment] = NEEDS_FIRST_INVOCATION | NEEDS_INIT
    }
    store.initUs[environment] = Math.min(initUs, ON_DEMAND_INIT_LIMIT_US)
    const readyUs = Math.round(
      simulator.nowUs + store.placementUs[environment]! + store.initUs[environment]!,
    )
    simulator.schedule(readyUs, RANK_RELEASE, ENVIRONMENT_INITIALISED, environment)
    return environment
  }

  /** An environment that is initialised already: at the start, provisioned, or replaced ahead. */
  createReady(pool: EnvironmentPool): number {
    const owner = pool.function
    const ordinal = pool.provisioned === null ? owner.onDemandCreated++ : owner.provisionedCreated++
    const environment = this.add(pool, ordinal)
    this.store.inits[environment] = 1
    this.store.proactive[environment] = 1
    this.announce(ENVIRONMENT_READY, environment)
    return environment
  }

  /** Init is over; the caller starts the owner on it or lets it become idle. */
  finishInit(environment: number): void {
    const { store } = this
    const { meter, index } = this.pools[store.pool[environment]!]!.function
    this.initialising[index]!--
    meter.placementDuration.record(store.placementUs[environment]!)
    if ((store.needs[environment]! & NEEDS_INIT) === 0) {
      meter.initDuration.record(store.initUs[environment]!)
    }
    this.announce(ENVIRONMENT_READY, environment)
  }

  /**
   * What an invocation on this environment does beside its handler: a failed or lost init is run
   * again within the invocation, and the first invocation after an init takes longer.
   */
  prelude(environment: number): { durationUs: number; initFails: boolean } {
    const { store } = this
    const needs = store.needs[environment]!
    const { init, firstInvocation } =
      this.pools[store.pool[environment]!]!.function.settings.coldStart
    store.needs[environment] = 0
    let durationUs = 0
    if ((needs & NEEDS_INIT) !== 0) {
      const attempt = store.inits[environment]!
      store.inits[environment] = attempt + 1
      durationUs = this.draw(environment, INIT, attempt, init)
      if (this.initFails(environment, attempt)) return { durationUs, initFails: true }
    }
    if ((needs & NEEDS_FIRST_INVOCATION) !== 0) {
      durationUs += this.draw(
        environment,
        FIRST_INVOCATION,
        store.inits[environment]!,
        firstInvocation,
      )
    }
    return { durationUs, initFails: false }
  }

  /** After an invocation, or after an init that nobody waits for. */
  release(environment: number): void {
    const { store, simulator } = this
    const pool = this.pools[store.pool[environment]!]!
    const nowUs = simulator.nowUs
    const isWithdrawn = pool.provisioned !== null && pool.size > pool.provisioned.ready
    if (pool.isClosed || isWithdrawn) {
      this.retire(environment)
    } else if (nowUs >= store.endOfLifeUs[environment]!) {
      this.endLife(environment, pool)
    } else {
      this.becomeIdle(environment, pool, nowUs)
    }
  }

  /** After a crash or timeout: the runtime shuts down, then the environment is idle again. */
  reset(environment: number): void {
    const { store, simulator } = this
    store.needs[environment] = NEEDS_FIRST_INVOCATION | NEEDS_INIT
    const { shutdown, index } = this.pools[store.pool[environment]!]!.function
    if (shutdown.lengthUs === 0) {
      this.release(environment)
      return
    }
    store.state[environment] = RESETTING
    shutdown.start(environment, simulator.nowUs)
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
    const { store, simulator } = this
    if (store.timerUs[environment] !== simulator.nowUs) return
    store.timerUs[environment] = Number.POSITIVE_INFINITY
    if (store.state[environment] !== IDLE) return
    const dueUs = this.dueUs(environment)
    if (dueUs > simulator.nowUs) {
      this.arm(environment, dueUs)
      return
    }
    const pool = this.pools[store.pool[environment]!]!
    pool.idle.remove(environment)
    if (simulator.nowUs >= store.endOfLifeUs[environment]!) this.endLife(environment, pool)
    else this.retire(environment)
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
      this.retire(environment)
    }
  }

  /** No request will come to this pool any more. */
  close(pool: EnvironmentPool): void {
    pool.isClosed = true
    this.retireIdle(pool, pool.size)
  }

  private add(pool: EnvironmentPool, ordinal: number): number {
    const { store, simulator } = this
    const environment = store.take()
    store.pool[environment] = pool.index
    store.ordinal[environment] = ordinal
    store.state[environment] = BUSY
    store.needs[environment] = NEEDS_FIRST_INVOCATION
    store.owner[environment] = -1
    store.proactive[environment] = 0
    store.replacedAhead[environment] = 0
    store.timerUs[environment] = Number.POSITIVE_INFINITY
    store.idleTimeoutUs[environment] = Number.POSITIVE_INFINITY
    store.endOfLifeUs[environment] = Number.POSITIVE_INFINITY
    if (pool.provisioned === null) this.grantLease(environment, pool.function)
    pool.size++
    pool.function.meter.environments.add(simulator.nowUs, 1)
    this.announce(ENVIRONMENT_CREATED, environment)
    return environment
  }

  private grantLease(environment: number, owner: LambdaFunction): void {
    const { store } = this
    const lease = owner.keepAlive.admit((purpose, distribution) =>
      this.draw(environment, hashName(purpose), 0, distribution),
    )
    store.idleTimeoutUs[environment] = lease.idleTimeoutUs
    store.endOfLifeUs[environment] = this.simulator.nowUs + lease.lifetimeUs
    store.replacedAhead[environment] = lease.replacedAhead ? 1 : 0
  }

  private becomeIdle(environment: number, pool: EnvironmentPool, nowUs: number): void {
    const { store } = this
    if (
      this.handOver !== null &&
      pool.waitingHead >= 0 &&
      this.handOver.offer(environment, pool, store.proactive[environment] === 1)
    ) {
      return
    }
    store.state[environment] = IDLE
    store.idleSinceUs[environment] = nowUs
    pool.idle.add(environment)
    this.announce(ENVIRONMENT_IDLE, environment)
    if (store.timerUs[environment] === Number.POSITIVE_INFINITY) {
      const dueUs = this.dueUs(environment)
      if (dueUs < Number.POSITIVE_INFINITY) this.arm(environment, dueUs)
    }
  }

  /** Its time is over: Lambda recycles it, and may have a replacement ready. */
  private endLife(environment: number, pool: EnvironmentPool): void {
    const isReplaced = this.store.replacedAhead[environment] === 1
    this.retire(environment)
    if (isReplaced) this.becomeIdle(this.createReady(pool), pool, this.simulator.nowUs)
  }

  private retire(environment: number): void {
    const { store, simulator } = this
    const pool = this.pools[store.pool[environment]!]!
    store.state[environment] = RETIRED
    store.timerUs[environment] = Number.POSITIVE_INFINITY
    pool.size--
    pool.function.meter.environments.add(simulator.nowUs, -1)
    this.announce(ENVIRONMENT_RETIRED, environment)
    store.give(environment)
  }

  private dueUs(environment: number): number {
    const { store } = this
    const idleEndUs = Math.round(
      store.idleSinceUs[environment]! + store.idleTimeoutUs[environment]!,
    )
    return Math.min(idleEndUs, Math.round(store.endOfLifeUs[environment]!))
  }

  private arm(environment: number, dueUs: number): void {
    this.store.timerUs[environment] = dueUs
    this.simulator.scheduleLater(dueUs, RANK_EXPIRY, ENVIRONMENT_TIMER, environment)
  }

  private armShutdown(functionIndex: number): void {
    const { shutdown } = this.functions[functionIndex]!
    if (shutdown.isArmed || shutdown.headDueUs === Number.POSITIVE_INFINITY) return
    shutdown.isArmed = true
    this.simulator.schedule(shutdown.headDueUs, RANK_RELEASE, SHUTDOWN_LANE, functionIndex)
  }

  private initFails(environment: number, attempt: number): boolean {
    const pool = this.pools[this.store.pool[environment]!]!
    const share = pool.function.failures.initError
    if (share === 0) return false
    return this.keyed(environment, INIT_FAILURE, attempt).nextUniform() < share
  }

  private draw(environment: number, purpose: number, index: number, from: Distribution): number {
    return from.sample(this.keyed(environment, purpose, index))
  }

  /** The generator of one occasion of one environment: keyed by function and ordinal. */
  private keyed(environment: number, purpose: number, index: number): Generator {
    const { store } = this
    const pool = this.pools[store.pool[environment]!]!
    const stream =
      pool.provisioned === null ? pool.function.environmentStream : pool.function.provisionedStream
    return rekey(this.generator, stream, store.ordinal[environment]!, purpose, index)
  }

  private announce(code: number, environment: number): void {
    const { store, simulator } = this
    const { hash } = this.pools[store.pool[environment]!]!.function
    this.transitions.announce(code, simulator.nowUs, hash, store.ordinal[environment]!, environment)
  }
}
