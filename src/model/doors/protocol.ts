import type { z } from 'zod'
import type { Assumption } from '../compiled-scenario.ts'
import type { DistributionChoice } from '../distributions/index.ts'
import type { Charge } from '../pricing/charge.ts'
import type { Door } from './door.ts'
import type { Answers, Fate } from './fate.ts'
import type { RateLimit, UsagePlan } from './limits.ts'

/** What all protocols may have in a scenario; which keys one has, its schema says. */
export interface DoorConfig {
  readonly protocol: string
  readonly latency?: DistributionChoice | undefined
  /** us. */
  readonly integrationTimeout?: number | undefined
  readonly throttle?: RateLimit | undefined
  readonly usagePlan?: UsagePlan | undefined
}

/** What all routes may have. */
export interface RouteConfig {
  readonly type: string
  readonly api: string
  readonly qualifier?: string | undefined
  readonly weight: number
  readonly throttle?: RateLimit | undefined
}

/** How CloudWatch counts what comes to a door. */
export interface DoorMetrics {
  readonly requests: string
  /** Counters of the requests that ended so. */
  readonly fates: readonly { readonly metric: string; readonly of: readonly Fate[] }[]
  /** From the request to the answer; null: there is no such metric. */
  readonly latency: string | null
  /** From the door's invoke to the function's answer. */
  readonly integrationLatency: string | null
}

/** A kind of front door: what one file exports and `index.ts` lists. */
export interface DoorProtocol {
  /** The value of `protocol`, and of `type` of the events that are its routes. */
  readonly kind: string
  /** Sentences for the reference pages: of the api, and of its routes. */
  readonly summary: string
  readonly routeSummary: string
  /** The YAML keys as a strict object, `protocol` included. */
  readonly schema: z.ZodObject<z.ZodRawShape>
  /** The keys of its routes beside `api` and `weight`. */
  readonly routeKeys: z.ZodRawShape
  readonly answers: Answers
  readonly metrics: DoorMetrics
  /** How long it waits for the function, placement and init included, us; Infinity: as long as it takes. */
  integrationTimeoutUs(config: DoorConfig): number
  /** What a door of the kind is charged for; left out: nothing. */
  readonly bill?: readonly Charge<Door>[]
  /** Whether its requests count against the account's rate of API Gateway. */
  readonly countsForAccount: boolean
  /** Whether it leads to one function, which has one such door for each alias or version. */
  readonly isOfOneFunction: boolean
  assumptions(config: DoorConfig): readonly Assumption[]
}
