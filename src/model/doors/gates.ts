/**
 * What a door lets through: token buckets that start full, and the quota of a usage plan.
 * Source: Amazon API Gateway developer guide, "Throttle requests to your REST APIs for better
 * throughput in API Gateway"; the order of application is documented there.
 */
import { TokenBucket } from '../compute/token-bucket.ts'
import type { LimitUse, Place } from '../part.ts'
import type { GatewayQuotas } from './account-limits.ts'
import { type Fate, OVER_QUOTA, OVER_RATE } from './fate.ts'

export interface RateLimit {
  /** Per second. */
  readonly rate: number
  readonly burst: number
}

type QuotaPeriod = 'DAY' | 'WEEK' | 'MONTH'

export interface QuotaLimit {
  readonly limit: number
  readonly period: QuotaPeriod
}

/** What each client key may do. */
export interface UsagePlan {
  readonly throttle?: RateLimit | undefined
  readonly quota?: QuotaLimit | undefined
}

/** What a limit is called, and which setting it is. */
export interface GateName extends Place {
  readonly limit: string
  /** `apis.shop.throttle`. */
  readonly setting: string
}

/** A limit that requests have to pass, and what it refused. */
export abstract class Gate {
  /** What becomes of a request that it refuses. */
  abstract readonly fate: Fate
  private readonly called: GateName
  private refused = 0
  private firstUs = Number.NaN
  private lastUs = Number.NaN
  /** Who tells of it: a limit of the account is told once. */
  private teller: unknown = null

  constructor(called: GateName) {
    this.called = called
  }

  abstract hasRoom(nowUs: number): boolean
  /** Only after `hasRoom` at the same instant. */
  abstract take(nowUs: number): void
  protected abstract closest(): Pick<LimitUse, 'used' | 'available'>

  refuse(nowUs: number): void {
    if (this.refused++ === 0) this.firstUs = nowUs
    this.lastUs = nowUs
  }

  /** Whether this one is to tell of it: the first that asks. */
  isTold(teller: unknown): boolean {
    this.teller ??= teller
    return this.teller === teller
  }

  use(): LimitUse {
    const { refused: count, firstUs, lastUs } = this
    const { scope, name, limit, setting } = this.called
    const refusals = count === 0 ? {} : { refusals: { count, firstUs, lastUs, setting } }
    return { scope, name, limit, ...this.closest(), ...refusals }
  }
}

/** A token bucket. */
export class RateGate extends Gate {
  readonly fate = OVER_RATE
  private readonly bucket: TokenBucket
  private mostUsed = 0

  constructor(called: GateName, { rate, burst }: RateLimit) {
    super(called)
    this.bucket = new TokenBucket(rate, burst)
  }

  hasRoom(nowUs: number): boolean {
    return this.bucket.hasToken(nowUs)
  }

  take(nowUs: number): void {
    const { bucket } = this
    bucket.take()
    const used = bucket.capacityTokens - Math.floor(bucket.tokens(nowUs))
    if (used > this.mostUsed) this.mostUsed = used
  }

  change(nowUs: number, { rate, burst }: RateLimit): void {
    this.bucket.setRate(nowUs, rate, burst)
  }

  protected closest() {
    const available = this.bucket.capacityTokens
    return { used: Math.min(this.mostUsed, available), available }
  }
}

const DAY_MS = 86_400_000
/** 1 January 1970 was a Thursday; weeks are taken to begin on Mondays. */
const DAYS_SINCE_MONDAY = 3

/** So many requests in a period of the calendar. */
export class QuotaGate extends Gate {
  readonly fate = OVER_QUOTA
  private readonly quota: QuotaLimit
  private readonly startsAtMs: number
  private period = Number.NaN
  private used = 0
  private mostUsed = 0

  constructor(called: GateName, quota: QuotaLimit, startsAtMs: number) {
    super(called)
    this.quota = quota
    this.startsAtMs = startsAtMs
  }

  hasRoom(nowUs: number): boolean {
    const period = periodAt(this.quota.period, this.startsAtMs + nowUs / 1_000)
    if (period !== this.period) {
      this.period = period
      this.used = 0
    }
    return this.used < this.quota.limit
  }

  take(): void {
    this.used++
    if (this.used > this.mostUsed) this.mostUsed = this.used
  }

  protected closest() {
    return { used: this.mostUsed, available: this.quota.limit }
  }
}

/** The number of a period in UTC. */
function periodAt(period: QuotaPeriod, atMs: number): number {
  const day = Math.floor(atMs / DAY_MS)
  if (period === 'DAY') return day
  if (period === 'WEEK') return Math.floor((day + DAYS_SINCE_MONDAY) / 7)
  const date = new Date(day * DAY_MS)
  return date.getUTCFullYear() * 12 + date.getUTCMonth()
}

/** What the account's APIs of API Gateway share. */
export function gatewayGates({ requests, connectionsPerSecond }: GatewayQuotas) {
  const called = (limit: string, setting: string): GateName => ({
    scope: 'account',
    name: 'account',
    limit,
    setting: `account.apiGateway${setting}`,
  })
  const burst = Math.max(1, connectionsPerSecond)
  return {
    requests: new RateGate(called('API Gateway requests', ''), requests),
    connections: new RateGate(called('new WebSocket connections', '.newConnections'), {
      rate: connectionsPerSecond,
      burst,
    }),
  }
}

export type GatewayGates = ReturnType<typeof gatewayGates>

/** The first gate that refuses; null: all let it through. Where one refuses, none is used up. */
export function refusingGate(gates: readonly Gate[], nowUs: number): Gate | null {
  for (const gate of gates) {
    if (gate.hasRoom(nowUs)) continue
    gate.refuse(nowUs)
    return gate
  }
  for (const gate of gates) gate.take(nowUs)
  return null
}
