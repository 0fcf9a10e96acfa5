import type { z } from 'zod'
import type { Assumption } from '../compiled-scenario.ts'
import type { DistributionChoice } from '../distributions/index.ts'
import type { CheckContext } from '../entry.ts'
import type { Charge } from '../pricing/charge.ts'
import type { Door } from './door.ts'
import type { Fate, StatusCodes } from './fate.ts'
import type { RateLimit, UsagePlan } from './gates.ts'
import type { UsageRules } from './usage.ts'

/** Who says whether a request may pass. */
export interface AuthorizerConfig {
  readonly function: string
  /** us; 0: nothing is cached. */
  readonly authorizerResultTtl?: number | undefined
  readonly identities: number
  /** Shares: of the identities, and of the requests. */
  readonly denied: number
  readonly unauthenticated: number
}

/** What all protocols may have in a scenario; which keys one has, its schema says. */
export interface DoorConfig {
  readonly protocol: string
  readonly latency?: DistributionChoice | undefined
  /** us. */
  readonly integrationTimeout?: number | undefined
  readonly throttle?: RateLimit | undefined
  readonly usagePlan?: UsagePlan | undefined
  readonly authorizer?: AuthorizerConfig | undefined
  /** Codes by type of gateway response. */
  readonly gatewayResponses?: Readonly<Record<string, { readonly statusCode: number } | undefined>>
  readonly endpointConfiguration?: { readonly type: string } | undefined
  /** us. */
  readonly idleTimeout?: number | undefined
  readonly rules?: number | undefined
}

/** What all routes may have. */
export interface RouteConfig {
  readonly type: string
  readonly api: string
  readonly qualifier?: string | undefined
  readonly weight: number
  readonly throttle?: RateLimit | undefined
  readonly path?: string | undefined
  readonly method?: string | undefined
  readonly routeKey?: string | undefined
  /** us. */
  readonly integrationTimeout?: number | undefined
  readonly authorizationType?: 'NONE' | undefined
  readonly requestSize?: DistributionChoice | undefined
  readonly responseSize?: DistributionChoice | undefined
}

/** How CloudWatch counts what comes to a door. */
export interface DoorMetrics {
  readonly requests: string
  /** Of a door with connections: what opens and closes them, which are no requests. */
  readonly connects?: string
  readonly disconnects?: string
  /** How many there are, and what ended them beside their clients. */
  readonly connections?: {
    readonly active: string
    readonly expired: string
    readonly idle: string
  }
  /** Counters of the requests that ended so: by their fate, or by the first digit of their code. */
  readonly errors: readonly { readonly metric: string; readonly of: readonly Fate[] | number }[]
  /** From the request to the answer; left out: there is no such metric. */
  readonly latency?: string
  /** From the door's invoke to the function's answer. */
  readonly integrationLatency?: string
}

/** What goes through a door at most, bytes. */
export interface PayloadLimits {
  readonly request: number
  readonly response: number
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
  /** The keys of its routes beside `api`, `weight` and the sizes. */
  readonly routeKeys: z.ZodRawShape
  readonly statusCodes: StatusCodes
  /** The codes of a door whose configuration changes them. */
  statusCodesFor?(config: DoorConfig): StatusCodes
  readonly metrics: DoorMetrics
  readonly payload: PayloadLimits
  /** How long it waits for the function, placement and init included, us; left out: as long as it takes. */
  integrationTimeoutUs?(config: DoorConfig): number
  /** What a door of the kind is charged for; left out: nothing. */
  readonly bill?: readonly Charge<Door>[]
  /** Whether its requests count against the account's rate of API Gateway; false where left out. */
  readonly countsForAccount?: boolean
  /** Whether its routes may lead to services that are no functions. */
  readonly integratesServices?: boolean
  /** Whether clients hold connections, and messages on them are the requests. */
  readonly hasConnections?: boolean
  /** A client that gives up within this time is noticed, us; left out: never. */
  noticesClosedClientsUs?(config: DoorConfig): number
  /** Whether it leads to one function, which has one such door for each alias or version. */
  readonly isOfOneFunction?: boolean
  /** What two routes of one door must not share; undefined: nothing. */
  routeIdentity?(route: RouteConfig): string | undefined
  /** What is wrong with an integration timeout that the schema allows, of the api or a route. */
  timeoutFault?(
    timeoutUs: number,
    config: DoorConfig,
    context: Pick<CheckContext, 'platform' | 'gatewayTimeoutUs'>,
  ): string | undefined
  /** What a price list counts in. */
  usage?(config: DoorConfig): UsageRules
  /** Beside what all doors assume. */
  assumptions?(config: DoorConfig): readonly Assumption[]
}
