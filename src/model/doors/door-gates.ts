/** All limits of one door: of its stage, its routes, its client keys, and those of the account. */
import type { LimitUse } from '../part.ts'
import type { World } from '../world.ts'
import { type Gate, QuotaGate, RateGate, type RateLimit } from './gates.ts'
import type { DoorConfig } from './protocol.ts'

/** What the gates of a request depend on. */
export interface GatedRoute {
  /** `functions.FUNCTION.events.NAME`. */
  readonly path: string
  readonly throttle: RateLimit | undefined
}

export class DoorGates {
  private readonly name: string
  private readonly world: World
  private readonly countsForAccount: boolean
  private config: DoorConfig
  /** By the setting and whom it is for: also those that a change has taken away. */
  private readonly known = new Map<string, Gate>()
  /** By client, then by path of the route, as they are now. */
  private current = new Map<string, Map<string, readonly Gate[]>>()

  constructor(name: string, config: DoorConfig, countsForAccount: boolean, world: World) {
    this.name = name
    this.config = config
    this.countsForAccount = countsForAccount
    this.world = world
  }

  /** In AWS's order: usage plan, method or stage, account. */
  of(client: string, route: GatedRoute): readonly Gate[] {
    let routes = this.current.get(client)
    if (routes === undefined) {
      routes = new Map()
      this.current.set(client, routes)
    }
    const known = routes.get(route.path)
    if (known !== undefined) return known
    const gates = this.compose(client, route)
    routes.set(route.path, gates)
    return gates
  }

  /** What new connections have to pass. */
  ofConnections(): readonly Gate[] {
    const { connections } = this.world.gateway
    this.known.set('connections', connections)
    return [connections]
  }

  change(config: DoorConfig): void {
    this.config = config
    this.forget()
  }

  /** A limit has changed: what applies is put together anew. */
  forget(): void {
    this.current = new Map()
  }

  uses(): readonly LimitUse[] {
    return [...this.known.values()].flatMap((gate) => (gate.isTold(this) ? [gate.use()] : []))
  }

  private compose(client: string, { path, throttle }: GatedRoute): readonly Gate[] {
    const { usagePlan, throttle: stage } = this.config
    const { name, world } = this
    const gates: Gate[] = []
    const setting = `apis.${name}`
    if (usagePlan?.throttle !== undefined) {
      const limit = `usage plan of ${client}`
      gates.push(this.rate(limit, `${setting}.usagePlan.throttle`, usagePlan.throttle))
    }
    if (usagePlan?.quota !== undefined) {
      const limit = `quota of ${client}`
      const called = { scope: 'api', name, limit, setting: `${setting}.usagePlan.quota` } as const
      const { quota } = usagePlan
      gates.push(this.gate(limit, () => new QuotaGate(called, quota, world.settings.startsAtMs)))
    }
    if (throttle !== undefined) {
      const [, owner, , event] = path.split('.')
      gates.push(this.rate(`route ${owner}.${event}`, `${path}.throttle`, throttle))
    } else if (stage !== undefined) gates.push(this.rate('stage', `${setting}.throttle`, stage))
    if (this.countsForAccount) gates.push(this.gate('account', () => world.gateway.requests))
    return gates
  }

  /** A bucket that is there already goes on with another rate. */
  private rate(limit: string, setting: string, rate: RateLimit): Gate {
    const called = { scope: 'api', name: this.name, limit, setting } as const
    const gate = this.gate(limit, () => new RateGate(called, rate)) as RateGate
    gate.change(this.world.simulator.nowUs, rate)
    return gate
  }

  private gate(key: string, create: () => Gate): Gate {
    let gate = this.known.get(key)
    if (gate === undefined) {
      gate = create()
      this.known.set(key, gate)
    }
    return gate
  }
}
