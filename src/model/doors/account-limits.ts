import type { RateLimit } from './gates.ts'

/** Quotas of API Gateway that all APIs of an account share in a Region. */
export interface GatewayQuotas {
  /** Requests to all REST, HTTP and WebSocket APIs together. */
  readonly requests: RateLimit
  /** New connections a second to all WebSocket APIs together. */
  readonly connectionsPerSecond: number
}

/**
 * Requests that all REST, HTTP and WebSocket APIs of an account share, by Region. A Region that is
 * not listed has the general quota.
 * Source: Amazon API Gateway developer guide, "Amazon API Gateway quotas".
 */
const GENERAL: RateLimit = { rate: 10_000, burst: 5_000 }
const SMALLER: RateLimit = { rate: 2_500, burst: 1_250 }

const SMALLER_REGIONS: readonly string[] = [
  'af-south-1',
  'eu-south-1',
  'ap-southeast-3',
  'me-central-1',
  'ap-south-2',
  'ap-southeast-4',
  'eu-south-2',
  'eu-central-2',
  'il-central-1',
  'ca-west-1',
  'ap-southeast-5',
  'ap-southeast-7',
  'mx-central-1',
]

/**
 * Source: Amazon API Gateway developer guide, "Quotas for configuring and running a WebSocket API in
 * API Gateway".
 */
const CONNECTIONS_PER_SECOND = 500

/** What AWS has given the account; left out: what its Region has. */
interface OwnQuotas {
  readonly rate?: number | undefined
  readonly burst?: number | undefined
  readonly newConnections?: number | undefined
}

/** What the account has, where it says something else than its Region. */
export function gatewayQuotas(region: string, own: OwnQuotas = {}): GatewayQuotas {
  const { rate, burst } = SMALLER_REGIONS.includes(region) ? SMALLER : GENERAL
  return {
    requests: { rate: own.rate ?? rate, burst: own.burst ?? burst },
    connectionsPerSecond: own.newConnections ?? CONNECTIONS_PER_SECOND,
  }
}
