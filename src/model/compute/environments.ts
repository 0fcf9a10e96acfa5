/**
 * The life of execution environments: placement, init, invoke, idle, reset, retirement.
 * Source: Lambda developer guide, "Understanding the Lambda execution environment lifecycle".
 */
import { Generator, hashName, rekey } from '../../kernel/generator.ts'
import { RANK_EXPIRY, RANK_RELEASE } from '../../kernel/order.ts'
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
  foldOrdinal,
  type Transitions,
} from '../transitions.ts'
import { billedMs } from './billed-time.ts'
import type { EnvironmentPool } from './environment-pool.ts'
import {
  BUSY,
  EnvironmentStore,
  IDLE,
  IDLE_SINCE_US,
  INITIALISING,
  IS_MORTAL,
  IS_PROACTIVE,
  IS_REPLACED_AHEAD,
  IS_TIMED,
  IS_UNUSED,
  NEEDS,
  NEEDS_FIRST_INVOCATION,
  NEEDS_INIT,
  ORDINAL,
  POOL,
  RESETTING,
  RESTORE_FAILED,
  RETIRED,
  STATE,
  TRAITS,
} from './environment-store.ts'
import type { EnvironmentCache } from './keep-alive/policy.ts'
import type { LambdaFunction } from './lambda-function.ts'
import type { RestoreSettings } from './snap-start.ts'

/**
 * An on-demand init that takes longer is abandoned and run again within the first invocation. A
 * restore that takes longer fails its request (SnapStartTimeoutException).
 */
export const ON_DEMAND_INIT_LIMIT_US = 10 * MICROSECONDS_PER_SECOND

const PLACEMENT = hashName('placement')
const ATTACHMENT = hashName('interface-attachment')
/** Its network interface was attached before anybody waited for it. */
const AHEAD = () => 0
const INIT = hashName('init')
const RESTORE = hashName('restore')
const RESTORE_HOOKS = hashName('restore-hooks')
const PROACTIVE = hashName('proactive')
const PROVISIONED_LIFETIME = hashName('provisioned-lifetime')
const INIT_FAILURE = hashName('init-failure')
const FIRST_INVOCATION = hashName('first-invocation')

/** The lives of provisioned environments, in parts of their mean; assumed. */
const SHORTEST_LIFE = 0.75
const LIFE_SPAN = 0.5

/** Serves waiting attempts on environments that become free; the invocations implement it. */
export interface HandOver {
  /** An environment that would go idle: true when a waiting attempt took it. */
  offer(environment: number, pool: EnvironmentPool, isUnused: boolean): boolean
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

  poolOf(environment: number): EnvironmentPool {
    return this.pools[this.store.ints[8 * environment + POOL]!]!
  }

  /** Begins an on-demand environment because a request found none; it is ready after placement and init. */
  create(pool: EnvironmentPool, owner: number): number {
    const { simulator } = this
    const environment = this.add(pool, pool.function.onDemandCreated++)
    const { store } = this
    const { interfaces, settings } = pool.function
    const { placement, init } = settings.coldStart
    let placementUs = this.draw(environment, PLACEMENT, 0, placement)
    if (interfaces !== null) {
      placementUs += interfaces.attach((from) => this.draw(environment, ATTACHMENT, 0, from))
    }
    const { restore } = pool
    const isRestored = restore !== null
    const initUs =
      restore === null
        ? this.draw(environment, INIT, 0, init)
        : this.drawRestore(environment, restore)
    this.initialising[pool.function.index] = this.initialisingCount(pool.function.index) + 1
    store.bytes[32 * environment + STATE] = INITIALISING
    store.owner[environment] = owner
    if (initUs > ON_DEMAND_INIT_LIMIT_US || (!isRestored && this.initFails(environment, 0))) {
      store.bytes[32 * environment + NEEDS]! |= isRestored ? RESTORE_FAILED : NEEDS_INIT
    }
    const spentUs = Math.min(initUs, ON_DEMAND_INIT_LIMIT_US)
    if (!isRestored) store.billedInitUs[environment] = spentUs
    store.placementUs[environment] = placementUs
    store.initUs[environment] = spentUs
    const readyUs = Math.round(simulator.nowUs + placementUs + spentUs)
    simulator.schedule(readyUs, RANK_RELEASE, ENVIRONMENT_INITIALISED, environment)
    return environment
  }

  /** After `asked` was begun for a request: the environments that Lambda begins unasked with it. */
  createProactive(pool: EnvironmentPool, asked: number): void {
    const share = pool.function.settings.coldStart.proactiveShare
    const ordinal = this.store.ints[8 * asked + ORDINAL]!
    const stream = pool.function.environmentStream
    for (let more = 0; ; more++) {
      const draw = rekey(this.generator, stream, ordinal, PROACTIVE, more).nextUniform()
      if (draw >= share) return
      const environment = this.create(pool, -1)
      this.store.bytes[32 * environment + TRAITS]! |= IS_PROACTIVE
      pool.function.meter.proactiveInits!.add(1)
    }
  }

  /** An environment that is initialised already: at the start, provisioned, or replaced ahead. */
  createReady(pool: EnvironmentPool): number {
    const owner = pool.function
    const ordinal = pool.provisioned === null ? owner.onDemandCreated++ : owner.provisionedCreated++
    const environment = this.add(pool, ordinal)
    owner.interfaces?.attach(AHEAD)
    this.announce(ENVIRONMENT_READY, environment)
    return environment
  }

  /** Lambda initialises a provisioned environment before it is ready, and bills that. */
  billInit(environment: number): void {
    const { function: owner } = this.poolOf(environment)
    const initUs = this.draw(environment, INIT, 0, owner.settings.coldStart.init)
    owner.meter.provisionedInits!.add(billedMs(owner, initUs))
  }

  /** An init whose request another environment has served, or that none asked for (billed as any other: inferred). */
  billUnattendedInit(environment: number): void {
    const { function: owner, restore } = this.poolOf(environment)
    // Hooks of a restore are billed whenever it was.
    if (!owner.settings.billing.isInitBilled && restore === null) return
    owner.unattendedInitMs += billedMs(owner, this.store.billedInitUs[environment]!)
  }

  /** Init is over; the caller starts the owner on it or lets it become idle. */
  finishInit(environment: number): void {
    const { store } = this
    const { restore, function: owner } = this.poolOf(environment)
    const { meter, index } = owner
    this.initialising[index]!--
    meter.placementDuration.record(store.placementUs[environment]!)
    if (restore !== null) owner.snapStart!.restored(store.initUs[environment]!)
    else if ((store.bytes[32 * environment + NEEDS]! & NEEDS_INIT) === 0) {
      meter.initDuration.record(store.initUs[environment]!)
    }
    this.announce(ENVIRONMENT_READY, environment)
  }

  /**
   * What an invocation on this environment does beside its handler: a failed or lost init is run
   * again within the invocation, and the first invocation after an init takes longer.
   */
  prelude(environment: number): { durationUs: number; initUs: number; initFails: boolean } {
    const { store } = this
    const needs = store.bytes[32 * environment + NEEDS]!
    const { init, firstInvocation } = this.poolOf(environment).function.settings.coldStart
    store.bytes[32 * environment + NEEDS] = 0
    if ((needs & RESTORE_FAILED) !== 0) return { durationUs: 0, initUs: 0, initFails: true }
    let initUs = 0
    let durationUs = 0
    if ((needs & NEEDS_INIT) !== 0) {
      const attempt = store.inits[environment]!
      store.inits[environment] = attempt + 1
      initUs = this.draw(environment, INIT, attempt, init)
      durationUs = initUs
      if (this.initFails(environment, attempt)) return { durationUs, initUs, initFails: true }
    }
    if ((needs & NEEDS_FIRST_INVOCATION) !== 0) {
      const inits = store.inits[environment]!
      durationUs += this.draw(environment, FIRST_INVOCATION, inits, firstInvocation)
    }
    return { durationUs, initUs, initFails: false }
  }

  /** After an invocation, or after an init that nobody waits for. */
  release(environment: number): void {
    const pool = this.poolOf(environment)
    if (!pool.isOnDemand && this.releaseApart(environment, pool)) return
    if (pool.isClosed) {
      this.retire(environment, pool)
    } else if (this.isPastLife(environment)) {
      this.endLife(environment, pool)
    } else {
      this.becomeIdle(environment, pool)
    }
  }

  /** False: it goes back to the idle ones like any other. */
  private releaseApart(environment: number, pool: EnvironmentPool): boolean {
    const { managed, provisioned } = pool
    if (managed !== null) {
      managed.add(environment)
      return true
    }
    if (provisioned === null || pool.size <= provisioned.ready) return false
    this.retire(environment, pool)
    return true
  }

  /** After a crash or timeout: the runtime shuts down, then the environment is idle again. */
  reset(environment: number): void {
    const { bytes } = this.store
    const owner = this.poolOf(environment).function
    const { shutdown, index } = owner
    for (const listener of owner.environmentListeners) listener.onEnvironmentGone(environment)
    bytes[32 * environment + NEEDS] = NEEDS_FIRST_INVOCATION | NEEDS_INIT
    if (shutdown.lengthUs === 0) {
      this.release(environment)
      return
    }
    bytes[32 * environment + STATE] = RESETTING
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
    const { bytes, timerUs } = this.store
    const { nowUs } = this.simulator
    const isTimed = (bytes[32 * environment + TRAITS]! & IS_TIMED) !== 0
    if (!isTimed || timerUs[environment] !== nowUs) return
    bytes[32 * environment + TRAITS]! &= ~IS_TIMED
    if (bytes[32 * environment + STATE] !== IDLE) return
    const dueUs = this.dueUs(environment)
    if (dueUs > nowUs) {
      this.arm(environment, dueUs)
      return
    }
    const pool = this.poolOf(environment)
    pool.idle.remove(environment)
    if (this.isPastLife(environment)) this.endLife(environment, pool)
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
    owner.idleSinceUs = nowUs
    const prewarming = owner.keepAlive.prewarming?.() ?? null
    owner.prewarmAtUs = Number.POSITIVE_INFINITY
    if (prewarming !== null) {
      owner.prewarmAtUs = Math.round(nowUs + prewarming.afterUs)
      owner.prewarmedUntilUs = Math.round(nowUs + prewarming.untilUs)
    }
    const isEarlier = prewarming !== null && owner.idleUntilUs < owner.idleTimerAtUs
    if (owner.isIdleTimerArmed && !isEarlier) return
    this.armFunction(owner)
  }

  /** A request comes to a function that was idle, whose policy learns from it. */
  onFunctionBusy(owner: LambdaFunction): void {
    if (owner.idleSpells > 0) owner.keepAlive.learn!(this.simulator.nowUs - owner.idleSinceUs)
  }

  /** A function's idle timer: it may have been used since, then the timer moves on. */
  onFunctionTimer(functionIndex: number): void {
    const owner = this.functions[functionIndex]!
    const { nowUs } = this.simulator
    if (owner.idleTimerAtUs !== nowUs) return
    owner.isIdleTimerArmed = false
    if (owner.inFlight > 0) return
    if (owner.idleUntilUs > nowUs) {
      this.armFunction(owner)
      return
    }
    if (owner.prewarmAtUs <= nowUs) {
      this.prewarm(owner)
      return
    }
    for (const pool of this.pools) {
      if (pool.function === owner && pool.provisioned === null) this.retireIdle(pool, pool.size)
    }
    if (owner.prewarmAtUs === Number.POSITIVE_INFINITY) return
    owner.idleUntilUs = owner.prewarmAtUs
    this.armFunction(owner)
  }

  /** One environment is made ready, for requests that are likely to come soon. */
  private prewarm(owner: LambdaFunction): void {
    owner.prewarmAtUs = Number.POSITIVE_INFINITY
    owner.idleUntilUs = owner.prewarmedUntilUs
    const { pool } = owner.qualifiers[0]!.routes[0]!
    // Whose request comes next is not known.
    if (pool.tenants === null) this.create(pool, -1)
    this.armFunction(owner)
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
    pool.managed?.close()
    this.retireIdle(pool, pool.size)
    for (const tenant of pool.tenants ?? []) this.close(tenant)
  }

  private add(pool: EnvironmentPool, ordinal: number): number {
    const environment = this.store.take()
    const { store } = this
    store.ints[8 * environment + ORDINAL] = ordinal
    store.endOfLifeUs[environment] = Number.POSITIVE_INFINITY
    store.ints[8 * environment + POOL] = pool.index
    store.bytes[32 * environment + STATE] = BUSY
    store.bytes[32 * environment + NEEDS] = NEEDS_FIRST_INVOCATION
    store.bytes[32 * environment + TRAITS] = IS_UNUSED
    store.idleTimeoutUs[environment] = Number.POSITIVE_INFINITY
    store.owner[environment] = -1
    store.inits[environment] = 1
    if (pool.provisioned === null) this.grantLease(environment, pool.function)
    else this.limitProvisioned(environment, pool.function)
    pool.size++
    pool.function.meter.environments.add(1)
    if (pool.isOfTenant) pool.function.meter.tenantEnvironments!.add(1)
    this.announce(ENVIRONMENT_CREATED, environment)
    const { cache } = pool.function.keepAlive
    if (cache !== undefined && pool.provisioned === null) {
      cache.created()
      this.evictFrom(cache)
    }
    return environment
  }

  private grantLease(environment: number, owner: LambdaFunction): void {
    const { store } = this
    const lease = owner.keepAlive.admit((purpose, distribution) =>
      this.draw(environment, hashName(purpose), 0, distribution),
    )
    store.idleTimeoutUs[environment] = lease.idleTimeoutUs
    const endUs = Math.round(this.simulator.nowUs + lease.lifetimeUs)
    store.endOfLifeUs[environment] = endUs
    if (endUs < Number.POSITIVE_INFINITY) store.bytes[32 * environment + TRAITS]! |= IS_MORTAL
    if (lease.replacedAhead) store.bytes[32 * environment + TRAITS]! |= IS_REPLACED_AHEAD
  }

  /** A provisioned environment is replaced by a ready one when it is recycled. */
  private limitProvisioned(environment: number, owner: LambdaFunction): void {
    const meanUs = owner.settings.provisionedLifetimeUs
    if (meanUs === Number.POSITIVE_INFINITY) return
    const draw = this.keyed(environment, PROVISIONED_LIFETIME, 0).nextUniform()
    const lifetimeUs = meanUs * (SHORTEST_LIFE + draw * LIFE_SPAN)
    this.store.endOfLifeUs[environment] = Math.round(this.simulator.nowUs + lifetimeUs)
    this.store.bytes[32 * environment + TRAITS]! |= IS_MORTAL | IS_REPLACED_AHEAD
  }

  private becomeIdle(environment: number, pool: EnvironmentPool): void {
    const { bytes, reals } = this.store
    const traits = bytes[32 * environment + TRAITS]!
    if (pool.waitingHead >= 0) {
      if (this.handOver!.offer(environment, pool, (traits & IS_UNUSED) !== 0)) return
    }
    bytes[32 * environment + STATE] = IDLE
    reals[4 * environment + IDLE_SINCE_US] = this.simulator.nowUs
    if ((traits & IS_UNUSED) === 0) pool.idle.add(environment)
    else pool.idle.addUnused(environment)
    this.announce(ENVIRONMENT_IDLE, environment)
    if ((traits & IS_TIMED) === 0) {
      const dueUs = this.dueUs(environment)
      if (dueUs < Number.POSITIVE_INFINITY) this.arm(environment, dueUs)
      else if (pool.function.keepAlive.cache !== undefined) this.keepInCache(environment, pool)
    }
  }

  private keepInCache(environment: number, pool: EnvironmentPool): void {
    if (pool.provisioned !== null) return
    const cache = pool.function.keepAlive.cache!
    cache.becameIdle(environment, this.simulator.nowUs, this.isIdleSince)
    this.evictFrom(cache)
  }

  private evictFrom(cache: EnvironmentCache): void {
    while (cache.isExceeded) {
      const environment = cache.victim(this.isIdleSince)
      if (environment < 0) return
      const pool = this.poolOf(environment)
      pool.idle.remove(environment)
      this.retire(environment, pool)
    }
  }

  private readonly isIdleSince = (environment: number, sinceUs: number): boolean => {
    const { bytes, reals } = this.store
    return (
      bytes[32 * environment + STATE] === IDLE && reals[4 * environment + IDLE_SINCE_US] === sinceUs
    )
  }

  /** Its time is over: Lambda recycles it, and may have a replacement ready. */
  private endLife(environment: number, pool: EnvironmentPool): void {
    const isReplaced = (this.store.bytes[32 * environment + TRAITS]! & IS_REPLACED_AHEAD) !== 0
    this.retire(environment, pool)
    if (!isReplaced) return
    const replacement = this.createReady(pool)
    if (pool.provisioned !== null) this.billInit(replacement)
    this.becomeIdle(replacement, pool)
  }

  /** It is gone; nothing runs on it and it is not among the idle ones. */
  retire(environment: number, pool: EnvironmentPool): void {
    const { store } = this
    store.bytes[32 * environment + STATE] = RETIRED
    pool.size--
    const owner = pool.function
    owner.meter.environments.add(-1)
    if (pool.provisioned === null) owner.keepAlive.cache?.retired()
    for (const listener of owner.environmentListeners) listener.onEnvironmentGone(environment)
    owner.interfaces?.detach()
    this.announce(ENVIRONMENT_RETIRED, environment)
    store.give(environment)
  }

  private isPastLife(environment: number): boolean {
    const { bytes, endOfLifeUs } = this.store
    if ((bytes[32 * environment + TRAITS]! & IS_MORTAL) === 0) return false
    return this.simulator.nowUs >= endOfLifeUs[environment]!
  }

  /** When an environment that is idle now ends if nothing happens. */
  private dueUs(environment: number): number {
    const { reals, idleTimeoutUs, endOfLifeUs } = this.store
    const idleEndUs = Math.round(
      reals[4 * environment + IDLE_SINCE_US]! + idleTimeoutUs[environment]!,
    )
    return Math.min(idleEndUs, endOfLifeUs[environment]!)
  }

  private arm(environment: number, dueUs: number): void {
    this.store.timerUs[environment] = dueUs
    this.store.bytes[32 * environment + TRAITS]! |= IS_TIMED
    this.simulator.scheduleLater(dueUs, RANK_EXPIRY, ENVIRONMENT_TIMER, environment)
  }

  private armFunction(owner: LambdaFunction): void {
    owner.isIdleTimerArmed = true
    owner.idleTimerAtUs = owner.idleUntilUs
    this.simulator.scheduleLater(owner.idleUntilUs, RANK_EXPIRY, FUNCTION_TIMER, owner.index)
  }

  private armShutdown(functionIndex: number): void {
    const { shutdown } = this.functions[functionIndex]!
    if (shutdown.isArmed || shutdown.headDueUs === Number.POSITIVE_INFINITY) return
    shutdown.isArmed = true
    this.simulator.schedule(shutdown.headDueUs, RANK_RELEASE, SHUTDOWN_LANE, functionIndex)
  }

  /** Hooks are billed, the rest is not; where it is too long nothing is known to have been billed. */
  private drawRestore(environment: number, { time, hooks }: RestoreSettings): number {
    const hooksUs = this.draw(environment, RESTORE_HOOKS, 0, hooks)
    this.store.billedInitUs[environment] = hooksUs
    return this.draw(environment, RESTORE, 0, time) + hooksUs
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
    const ordinal = this.store.ints[8 * environment + ORDINAL]!
    return rekey(this.generator, stream, ordinal, purpose, index)
  }

  private announce(code: number, environment: number): void {
    const { hash } = this.poolOf(environment).function
    const ordinal = foldOrdinal(this.store.ints[8 * environment + ORDINAL]!)
    this.transitions.announce(code, hash, ordinal, environment)
  }
}
