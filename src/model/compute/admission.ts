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
import {
  ACCOUNT_CONCURRENCY,
  ACCOUNT_RATE,
  ADMITTED,
  RESERVED_CONCURRENCY,
  RESERVED_RATE,
  RESERVED_ZERO,
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

  /** Decides on a synchronous attempt and takes what it needs; returns ADMITTED or the cause. */
  admit(qualifier: Qualifier, pool: EnvironmentPool): number {
    const target = qualifier.function
    const nowUs = this.simulator.nowUs
    if (target.reservedConcurrency === 0) return RESERVED_ZERO
    const refused = this.takeRequestToken(target)
    if (refused !== ADMITTED) return refused
    this.spillover = NOT_SPILLED
    const provisioned = qualifier.provisioned
    if (provisioned !== null && pool === qualifier.routes[0]!.pool && provisioned.target > 0) {
      if (provisioned.ready === 0) this.spillover = SPILLED_ALLOCATING
      else if (provisioned.pool.idle.size === 0) this.spillover = SPILLED_BUSY
      else if (!provisioned.requestRate.hasToken(nowUs)) this.spillover = SPILLED_RATE
      else {
        provisioned.requestRate.take(nowUs)
        this.pool = provisioned.pool
        this.environment = provisioned.pool.idle.take()
        return ADMITTED
      }
    }
    return this.admitOnDemand(target, pool)
  }

  /** Names what would refuse the next request to the bare name, without taking anything. */
  bindingCause(target: LambdaFunction, nowUs: number): number {
    const pool = target.qualifiers[0]!.routes[0]!.pool
    const provisioned = target.qualifiers[0]!.provisioned
    if (target.reservedConcurrency === 0) return RESERVED_ZERO
    if (!this.account.requestRate.hasToken(nowUs)) return ACCOUNT_RATE
    if (target.reservedRate !== null && !target.reservedRate.hasToken(nowUs)) return RESERVED_RATE
    if (provisioned !== null && provisioned.pool.idle.size > 0) return ADMITTED
    if (!this.hasRoom(target)) return this.roomCause(target)
    if (pool.idle.size > 0 || target.scalingRate === null) return ADMITTED
    return target.scalingRate.refusal(nowUs)
  }

  private admitOnDemand(target: LambdaFunction, pool: EnvironmentPool): number {
    if (!this.hasRoom(target)) return this.roomCause(target)
    const nowUs = this.simulator.nowUs
    const scalingRate = target.scalingRate
    const environment = pool.idle.take()
    if (environment < 0 && scalingRate !== null) {
      const refused = scalingRate.refusal(nowUs)
      if (refused !== ADMITTED) return refused
      scalingRate.take(nowUs)
    }
    if (scalingRate !== null) scalingRate.countRequest(nowUs)
    this.environment = environment
    this.pool = pool
    return ADMITTED
  }

  private takeRequestToken(target: LambdaFunction): number {
    const nowUs = this.simulator.nowUs
    const accountRate = this.account.requestRate
    if (!accountRate.hasToken(nowUs)) return ACCOUNT_RATE
    const reservedRate = target.reservedRate
    if (reservedRate !== null) {
      if (!reservedRate.hasToken(nowUs)) return RESERVED_RATE
      reservedRate.take(nowUs)
    }
    accountRate.take(nowUs)
    return ADMITTED
  }

  private hasRoom(target: LambdaFunction): boolean {
    const reserved = target.reservedConcurrency
    return reserved === null
      ? this.account.hasUnreservedRoom()
      : target.onDemandInFlight + target.provisionedConfigured < reserved
  }

  private roomCause(target: LambdaFunction): number {
    return target.isReserved ? RESERVED_CONCURRENCY : ACCOUNT_CONCURRENCY
  }
}
