/**
 * Whether an attempt may run, and on what: the limits of an account in the order in which this
 * model checks them. AWS documents the limits but not their order, which is assumed.
 * Source of the limits: Lambda developer guide, "Understanding Lambda function scaling".
 */
import type { Simulator } from '../../kernel/simulator.ts'
import {
  NOT_SPILLED,
  SPILLED_ALLOCATING,
  SPILLED_BUSY,
  SPILLED_RATE,
} from '../invocation/outcome.ts'
import type { Account } from './account.ts'
import type { EnvironmentPool } from './environment-pool.ts'
import type { LambdaFunction, Qualifier } from './lambda-function.ts'
import type { ManagedFunction } from './managed-instances/managed-function.ts'
import type { ProvisionedConcurrency } from './provisioned-concurrency.ts'
import {
  ACCOUNT_CONCURRENCY,
  ACCOUNT_RATE,
  ADMITTED,
  RESERVED_CONCURRENCY,
  RESERVED_RATE,
} from './throttle-cause.ts'

export class Admission {
  /** Of the last decision: the idle environment to use, or -1 to create one in `pool`. */
  environment = -1
  pool: EnvironmentPool | null = null
  /** Of the last decision: why provisioned concurrency did not serve, if there is any. */
  spillover = NOT_SPILLED

  private readonly account: Account
  private readonly simulator: Simulator

  constructor(account: Account, simulator: Simulator) {
    this.account = account
    this.simulator = simulator
  }

  /**
   * Decides on an attempt and takes what it needs; returns ADMITTED or the cause. An asynchronous
   * event has no request-rate limit, only concurrency (Lambda developer guide, "Lambda quotas").
   */
  admit(qualifier: Qualifier, pool: EnvironmentPool, isEvent: boolean): number {
    const target = qualifier.function
    if (target.managed !== null) return this.admitManaged(target.managed, pool)
    const nowUs = this.simulator.nowUs
    const cause = this.decide(qualifier, pool, isEvent)
    if (!isEvent && !precedesTokens(cause, target)) this.takeRequestToken(target)
    if (cause !== ADMITTED) return cause
    const chosen = this.pool!
    this.environment = chosen.idle.take()
    if (chosen.provisioned !== null) {
      chosen.provisioned.requestRate.take()
      return ADMITTED
    }
    if (target.scalingRate !== null) {
      if (this.environment < 0) target.scalingRate.take(nowUs)
      target.scalingRate.countRequest(nowUs)
    }
    return ADMITTED
  }

  /** Names what would refuse the next request to the function, whoever makes it. */
  bindingCause(target: LambdaFunction): number {
    for (const qualifier of target.qualifiers) {
      if (!qualifier.isCalled) continue
      const { pool } = qualifier.routes[0]!
      const cause = target.managed?.refusal(pool) ?? this.decide(qualifier, pool, false)
      if (cause !== ADMITTED) return cause
    }
    return ADMITTED
  }

  /** Managed instances have no limit but what is there (quotas of their own: inferred). */
  private admitManaged(managed: ManagedFunction, pool: EnvironmentPool): number {
    const cause = managed.refusal(pool)
    if (cause !== ADMITTED) return cause
    this.spillover = NOT_SPILLED
    this.pool = pool
    this.environment = pool.idle.take()
    return ADMITTED
  }

  /** The limits in their order; where they admit, `pool` is where the attempt would run. */
  private decide(qualifier: Qualifier, pool: EnvironmentPool, isEvent: boolean): number {
    const target = qualifier.function
    const nowUs = this.simulator.nowUs
    if (target.refusal !== ADMITTED) return target.refusal
    if (!isEvent) {
      if (!this.account.requestRate.hasToken(nowUs)) return ACCOUNT_RATE
      if (target.reservedRate !== null && !target.reservedRate.hasToken(nowUs)) return RESERVED_RATE
    }
    this.spillover = NOT_SPILLED
    const provisioned = qualifier.provisioned
    if (provisioned !== null && pool === qualifier.routes[0]!.pool && provisioned.target > 0) {
      this.spillover = whySpilled(provisioned, nowUs)
      this.pool = provisioned.pool
      if (this.spillover === NOT_SPILLED) return ADMITTED
    }
    this.pool = pool
    if (!this.hasRoom(target)) {
      return target.isReserved ? RESERVED_CONCURRENCY : ACCOUNT_CONCURRENCY
    }
    if (pool.idle.size > 0) return ADMITTED
    if (target.interfaces !== null) {
      const cause = target.interfaces.refusal()
      if (cause !== ADMITTED) return cause
    }
    return target.scalingRate === null ? ADMITTED : target.scalingRate.refusal(nowUs)
  }

  private takeRequestToken(target: LambdaFunction): void {
    this.account.requestRate.take()
    if (target.reservedRate !== null) target.reservedRate.take()
  }

  private hasRoom(target: LambdaFunction): boolean {
    const reserved = target.reservedConcurrency
    return reserved === null ? this.account.hasUnreservedRoom() : target.reservedInUse < reserved
  }
}

/** Refused before any token was taken. */
function precedesTokens(cause: number, { refusal }: LambdaFunction): boolean {
  if (cause === ADMITTED) return false
  return cause === refusal || cause === ACCOUNT_RATE || cause === RESERVED_RATE
}

function whySpilled(provisioned: ProvisionedConcurrency, nowUs: number): number {
  if (provisioned.ready === 0) return SPILLED_ALLOCATING
  if (provisioned.pool.idle.size === 0) return SPILLED_BUSY
  return provisioned.requestRate.hasToken(nowUs) ? NOT_SPILLED : SPILLED_RATE
}
