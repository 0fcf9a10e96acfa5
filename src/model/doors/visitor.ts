import { Generator, hashName, rekey } from '../../kernel/generator.ts'
import { AttemptDraws } from '../clients/attempt-draws.ts'
import { Router } from '../compute/router.ts'
import type { Distribution } from '../distributions/distribution.ts'
import type { Origin } from '../invocation/origin.ts'
import type { World } from '../world.ts'
import type { Door, Route } from './door.ts'
import type { Fate } from './fate.ts'
import type { UsageKey } from './limits.ts'

const DOOR_ROUTE = hashName('door-route')
const DOOR_LATENCY = hashName('door-latency')

/** Whoever sends requests to a door and is told the answers. */
export interface DoorClient {
  readonly name: string
  /** An attempt of this request has been admitted by Lambda. */
  onAdmitted(request: number): void
  /** The door's answer to `call`, so long after the call came to it. */
  onAnswer(call: number, fate: Fate, latencyUs: number): void
}

export interface VisitorOptions {
  /** Its place among the visitors of the door. */
  readonly index: number
  /** `seed/replication/producer`. */
  readonly streamName: string
  /** The only route that its requests take; null: they spread over all. */
  readonly route: number | null
  readonly usage: UsageKey | null
}

/** What a door knows of one producer. The invocations are the producer's own, as if it had called. */
export class Visitor implements Origin {
  readonly name: string
  readonly hash: number
  readonly index: number
  readonly client: DoorClient
  readonly draws: AttemptDraws
  readonly usage: UsageKey | null
  readonly origin: number
  /** Its calls that it waits for. */
  awaited = 0
  private readonly door: Door
  private readonly world: World
  private readonly options: VisitorOptions
  private readonly stream: number
  private readonly generator = new Generator()
  private readonly routers: Router[] = []

  constructor(door: Door, client: DoorClient, options: VisitorOptions, world: World) {
    this.door = door
    this.client = client
    this.options = options
    this.index = options.index
    this.world = world
    this.name = client.name
    this.hash = hashName(client.name)
    this.draws = new AttemptDraws(options.streamName)
    this.stream = hashName(options.streamName)
    this.usage = options.usage
    this.origin = world.invocations.addOrigin(this)
  }

  onRefused(invocation: number, _cause: number): void {
    this.door.onRefused(invocation)
  }

  onEnded(invocation: number, outcome: number): void {
    this.door.onEnded(invocation, outcome)
  }

  attemptOf(invocation: number): number {
    return this.world.invocations.store.attempt[invocation]!
  }

  /** Attempts of a request take the same route, and another weight moves only what it must. */
  routeOf(ordinal: number, routes: readonly Route[]): number {
    if (this.options.route !== null) return this.options.route
    if (routes.length === 1) return 0
    const draw = rekey(this.generator, this.stream, ordinal, DOOR_ROUTE, 0).nextUniform()
    const index = routes.findIndex(({ upTo }) => draw < upTo)
    return index < 0 ? routes.length - 1 : index
  }

  routerOf(index: number, { qualifier }: Route): Router {
    this.routers[index] ??= new Router(qualifier, this.options.streamName)
    return this.routers[index]
  }

  latencyUs(ordinal: number, attempt: number, latency: Distribution): number {
    const generator = rekey(this.generator, this.stream, ordinal, DOOR_LATENCY, attempt - 1)
    return Math.round(latency.sample(generator))
  }
}
