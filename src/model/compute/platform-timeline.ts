/**
 * AWS's behaviour by month: what a scenario's `platform` selects.
 * Sources: Lambda developer guide, "Document history"; where another holds, the entry names it.
 */
import type { BillingRule, ScalingRule } from '../compiled-scenario.ts'

/** A month as a number that orders: year x 12 + (month - 1). */
export type PlatformMonth = number

export function platformMonth(year: number, month: number): PlatformMonth {
  return year * 12 + month - 1
}

/** `2026-11` as a number; NaN for anything that is no month. */
export function parsePlatformMonth(text: string): PlatformMonth {
  const match = /^(\d{4})-(0[1-9]|1[0-2])$/.exec(text)
  return match === null ? Number.NaN : platformMonth(Number(match[1]), Number(match[2]))
}

export function formatPlatformMonth(month: PlatformMonth): string {
  const inYear = (month % 12) + 1
  return `${Math.floor(month / 12)}-${inYear < 10 ? '0' : ''}${inYear}`
}

export const EARLIEST_PLATFORM = platformMonth(2017, 1)
export const LATEST_PLATFORM = platformMonth(2026, 11)

/** The first month of a feature that a scenario may use. */
export const FEATURES = {
  provisionedConcurrency: { since: platformMonth(2019, 12), name: 'provisioned concurrency' },
  largeMemory: { since: platformMonth(2020, 12), name: 'memory above 3008 MB' },
  containerImages: { since: platformMonth(2020, 12), name: 'packageType Image' },
  managedInstances: { since: platformMonth(2025, 12), name: 'a capacity provider' },
  tenantIsolation: { since: platformMonth(2025, 11), name: 'tenant isolation' },
  arm64: { since: platformMonth(2021, 9), name: 'architecture arm64' },
} as const

/** Before `largeMemory`. */
export const FORMER_MAXIMUM_MEMORY_MB = 3_008

const PER_FUNCTION_SCALING_SINCE = platformMonth(2023, 11)
const REGIONAL_BURST_PER_MINUTE = 500
const REGIONAL_BURSTS: Readonly<Record<string, number>> = {
  'us-west-2': 3_000,
  'us-east-1': 3_000,
  'eu-west-1': 3_000,
  'ap-northeast-1': 1_000,
  'eu-central-1': 1_000,
  'us-east-2': 1_000,
}
const REGIONAL_BURST_ELSEWHERE = 500

/**
 * How fast environments may be added: since November 2023 each function for itself; before, one
 * burst of the region and 500 a minute more for all functions together.
 * Source: Lambda developer guide, "Lambda scaling behavior", and its edition of 2022, "Lambda
 * function scaling".
 */
export function scalingRule(platform: PlatformMonth, region: string): ScalingRule {
  if (platform >= PER_FUNCTION_SCALING_SINCE) return { kind: 'per-function' }
  return {
    kind: 'regional-burst',
    burst: REGIONAL_BURSTS[region] ?? REGIONAL_BURST_ELSEWHERE,
    perMinute: REGIONAL_BURST_PER_MINUTE,
  }
}

const MILLISECOND_BILLING_SINCE = platformMonth(2020, 12)
const INIT_BILLED_SINCE = platformMonth(2025, 8)

/**
 * Which time is billed. Since 2020-12 in steps of 1 ms, before of 100 ms; init since 2025-08 for
 * every configuration, before only for container images and OS-only runtimes.
 * Source: AWS Compute blog, "AWS Lambda standardizes billing for INIT Phase"; Lambda pricing page.
 */
export function billingRule(
  platform: PlatformMonth,
  packageType: 'Zip' | 'Image',
  runtime: string,
): BillingRule {
  const isCustom = packageType === 'Image' || runtime.startsWith('provided')
  return {
    incrementMs: platform >= MILLISECOND_BILLING_SINCE ? 1 : 100,
    isInitBilled: platform >= INIT_BILLED_SINCE || isCustom,
  }
}

/** Recursive loop detection (Lambda developer guide, "Document history"). */
export const RECURSION_DETECTED_SINCE = platformMonth(2023, 7)

/**
 * Functions share the network interfaces of a VPC (Hyperplane); before, each set of environments
 * had one of its own. Source: AWS Compute blog, "Announcing improved VPC networking for AWS Lambda
 * functions".
 */
const SHARED_INTERFACES_SINCE = platformMonth(2019, 9)

export function sharesInterfaces(platform: PlatformMonth): boolean {
  return platform >= SHARED_INTERFACES_SINCE
}

/** The month in 2026 is assumed. */
const MORE_INTERFACES_SINCE = platformMonth(2026, 1)

/** Network interfaces that Lambda may have in a VPC (Lambda developer guide, "Lambda quotas"). */
export function networkInterfaceQuota(platform: PlatformMonth): number {
  return platform >= MORE_INTERFACES_SINCE ? 500 : 250
}

/** Between two editions of the developer guide, the last stored one of 2022-11; the month is assumed. */
const SHORTER_VPC_IDLE_SINCE = platformMonth(2023, 1)

/**
 * After how many days without an invocation a function in a VPC becomes Inactive, and how long it
 * takes to be Active, seconds. Source: Lambda developer guide, "Giving Lambda functions access to
 * resources in an Amazon VPC": several minutes (3 are assumed), in the edition of 2022 about 90 s.
 */
export function vpcStateTimes(platform: PlatformMonth): {
  readonly idleDays: number
  readonly pendingSeconds: number
} {
  return platform >= SHORTER_VPC_IDLE_SINCE
    ? { idleDays: 14, pendingSeconds: 180 }
    : { idleDays: 30, pendingSeconds: 90 }
}

const KILOBYTE = 1_024

/** What one invocation is called with at most, however long ago (Lambda developer guide, "Lambda quotas"). */
export const LARGEST_INVOCATION_BYTES = 6 * 1_024 * KILOBYTE

/** The largest payload of a service, bytes: before a month, and from then on. */
interface PayloadLimit {
  readonly before: number
  readonly since: PlatformMonth
  readonly bytes: number
}

/**
 * Sources: Lambda developer guide, "Lambda quotas" and "Document history"; Amazon SNS developer
 * guide, "Publishing messages"; Amazon EventBridge user guide, "Quotas" (the month in 2026 is
 * assumed).
 */
const PAYLOAD_LIMITS = {
  asynchronous: {
    before: 256 * KILOBYTE,
    since: platformMonth(2025, 10),
    bytes: 1_024 * KILOBYTE,
  },
  topic: { before: 256 * KILOBYTE, since: EARLIEST_PLATFORM, bytes: 256 * KILOBYTE },
  bus: { before: 256 * KILOBYTE, since: platformMonth(2026, 1), bytes: 1_024 * KILOBYTE },
} satisfies Record<string, PayloadLimit>

/** What a service takes at most, bytes: anything larger is rejected. */
export function payloadLimit(
  service: keyof typeof PAYLOAD_LIMITS,
  platform: PlatformMonth,
): number {
  const { before, since, bytes } = PAYLOAD_LIMITS[service]
  return platform >= since ? bytes : before
}
