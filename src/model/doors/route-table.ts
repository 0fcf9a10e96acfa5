import { invariant } from '../../kernel/invariant.ts'
import type { Qualifier } from '../compute/lambda-function.ts'
import type { Distribution } from '../distributions/distribution.ts'
import { createDistribution, type DistributionChoice } from '../distributions/index.ts'
import type { RateLimit } from './gates.ts'
import type { Integration } from './integration.ts'
import type { RouteConfig } from './protocol.ts'
import { NO_ROUTE } from './visitor.ts'

/** Route keys of a WebSocket API that no message takes. */
export const CONNECTION_ROUTES: readonly string[] = ['$connect', '$disconnect']

/** A way from a door to a function, or to a service. */
interface Route {
  /** `functions.FUNCTION.events.NAME`, `stateMachines.NAME.events.NAME`. */
  readonly path: string
  /** One of the two is null. */
  readonly qualifier: Qualifier | null
  readonly integration: Integration | null
  readonly weight: number
  readonly routeKey: string | undefined
  /** Infinity: the function is waited for as long as it takes. */
  readonly timeoutUs: number
  readonly isAuthorized: boolean
  readonly requestSize: Distribution | null
  readonly responseSize: Distribution | null
  /** Limit of its own; undefined: it has that of the stage. */
  throttle: RateLimit | undefined
}

/** The routes of one door. */
export class Routes {
  /** Requests whose draw is below it, and not below that of the route before, take a route. */
  upTo: readonly number[] = []
  private readonly routes: Route[] = []
  private readonly timeoutUs: number

  /** `timeoutUs` is that of routes without one of their own. */
  constructor(timeoutUs: number) {
    this.timeoutUs = timeoutUs
  }

  add(
    path: string,
    config: RouteConfig,
    { qualifier = null, integration = null }: Partial<Pick<Route, 'qualifier' | 'integration'>>,
  ): void {
    const { routeKey, throttle, authorizationType, integrationTimeout } = config
    const isOfMessages = !CONNECTION_ROUTES.includes(routeKey ?? '')
    this.routes.push({
      path,
      qualifier,
      integration,
      weight: isOfMessages ? config.weight : 0,
      routeKey,
      timeoutUs: integrationTimeout ?? this.timeoutUs,
      isAuthorized: authorizationType !== 'NONE',
      requestSize: distributionOf(config.requestSize),
      responseSize: distributionOf(config.responseSize),
      throttle,
    })
  }

  /** All have been added. */
  start(): void {
    const whole = this.routes.reduce((sum, { weight }) => sum + weight, 0)
    let sum = 0
    this.upTo = this.routes.map(({ weight }) => {
      sum += weight
      return sum / whole
    })
  }

  at(index: number): Route {
    return this.routes[index]!
  }

  indexOf(path: string): number {
    const index = this.routes.findIndex((route) => route.path === path)
    invariant(index >= 0, () => `there is no route ${path}`)
    return index
  }

  /** The route with this key, or NO_ROUTE. */
  keyed(routeKey: string): number {
    const index = this.routes.findIndex((route) => route.routeKey === routeKey)
    return index < 0 ? NO_ROUTE : index
  }
}

function distributionOf(choice: DistributionChoice | undefined): Distribution | null {
  return choice === undefined ? null : createDistribution(choice)
}
