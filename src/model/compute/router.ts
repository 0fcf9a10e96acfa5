import { Generator, hashName, rekey } from '../../kernel/generator.ts'
import type { EnvironmentPool } from './environment-pool.ts'
import type { Qualifier } from './lambda-function.ts'

/**
 * A request's version under a weighted alias: a draw keyed by the request, so that another weight
 * moves only the requests it must.
 */
export class Router {
  private readonly qualifier: Qualifier
  private readonly stream: number
  private readonly generator = new Generator()

  constructor(qualifier: Qualifier, streamName: string) {
    this.qualifier = qualifier
    this.stream = hashName(streamName)
  }

  poolOf(ordinal: number): EnvironmentPool {
    const pool = this.versionOf(ordinal)
    return pool.tenants === null ? pool : pool.tenants[this.tenantOf(ordinal, pool.tenants.length)]!
  }

  /** Whose request it is; all tenants have equally many. */
  private tenantOf(ordinal: number, tenants: number): number {
    const draw = rekey(this.generator, this.stream, ordinal, TENANT, 0).nextUniform()
    return Math.floor(draw * tenants)
  }

  private versionOf(ordinal: number): EnvironmentPool {
    const { routes } = this.qualifier
    if (routes.length === 1) return routes[0]!.pool
    const draw = rekey(this.generator, this.stream, ordinal, ROUTE, 0).nextUniform()
    let bound = 0
    for (const route of routes) {
      bound += route.weight
      if (draw < bound) return route.pool
    }
    return routes.at(-1)!.pool
  }
}

const ROUTE = hashName('route')
const TENANT = hashName('tenant')
