import type { RateLimit } from './limits.ts'

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

export function accountLimit(region: string): RateLimit {
  return SMALLER_REGIONS.includes(region) ? SMALLER : GENERAL
}
