import { Generator, hashName, rekey } from '../../kernel/generator.ts'
import type { Distribution } from '../distributions/distribution.ts'
import type { World } from '../world.ts'
import type { Authorizer } from './authorizer.ts'
import type { Fate } from './fate.ts'
import { Invoker } from './invoker.ts'

const DOOR_ROUTE = hashName('door-route')
const DOOR_LATENCY = hashName('door-latency')
const REQUEST_SIZE = hashName('request-size')
const RESPONSE_SIZE = hashName('response-size')

/** Whoever sends requests to a door and is told the answers. */
export interface DoorClient {
  readonly name: string
  /** An attempt of this request has been admitted by Lambda. */
  onAdmitted(request: number): void
  /** The door's answer to `call`, so long after the call came to it. */
  onAnswer(call: number, fate: Fate, latencyUs: number): void
}

/** What a visitor comes for. */
export type Purpose = 'request' | 'connect' | 'disconnect' | 'message'

/** What opens and closes connections is no request. */
export function isCharged(purpose: Purpose): boolean {
  return purpose === 'request' || purpose === 'message'
}

export interface VisitorOptions {
  /** Its place among the visitors of the door. */
  readonly index: number
  /** `seed/replication/producer`. */
  readonly streamName: string
  readonly purpose: Purpose
  /** The only route that its requests take, NO_ROUTE: none; null: they spread over all. */
  readonly route: number | null
  /** Which door it is. */
  readonly door: object
}

/** Nobody is behind the door, and it answers by itself. */
export const NO_ROUTE = -1

/** What a door knows of one producer. The invocations are the producer's own, as if it had called. */
export class Visitor {
  readonly name: string
  readonly client: DoorClient
  readonly index: number
  readonly purpose: Purpose
  readonly invoker: Invoker
  /** Asks the authorizer in its name; null: there is none to ask. */
  readonly authorizing: Invoker | null
  /** Its calls that it waits for. */
  awaited = 0
  /** Of all draws. */
  readonly stream: number
  private readonly route: number | null
  private readonly generator = new Generator()

  constructor(
    client: DoorClient,
    options: VisitorOptions,
    onDone: (call: number, outcome: number, invocation: number) => void,
    authorizer: Authorizer | null,
    world: World,
  ) {
    const { door, index, purpose, route, streamName } = options
    this.name = client.name
    this.client = client
    this.index = index
    this.purpose = purpose
    this.route = route
    this.stream = hashName(streamName)
    this.invoker = new Invoker(client.name, streamName, onDone, door, world)
    this.authorizing = authorizer?.invokerFor(client.name, streamName) ?? null
  }

  /**
   * Attempts of a request take the same route, and another weight moves only what it must; each
   * message of a connection has a route of its own. `upTo` are cumulative shares.
   */
  routeOf(ordinal: number, attempt: number, upTo: readonly number[]): number {
    if (this.route !== null) return this.route
    if (upTo.length === 1) return 0
    const draw = this.of(ordinal, DOOR_ROUTE, this.purpose === 'message' ? attempt - 1 : 0)
    const uniform = draw.nextUniform()
    const index = upTo.findIndex((bound) => uniform < bound)
    return index < 0 ? upTo.lastIndexOf(1) : index
  }

  latencyUs(ordinal: number, attempt: number, latency: Distribution): number {
    return Math.round(latency.sample(this.of(ordinal, DOOR_LATENCY, attempt - 1)))
  }

  requestBytes(ordinal: number, attempt: number, of: Distribution | null): number {
    return of === null ? 0 : Math.round(of.sample(this.sizeOf(ordinal, attempt, REQUEST_SIZE)))
  }

  responseBytes(ordinal: number, attempt: number, of: Distribution | null): number {
    return of === null ? 0 : Math.round(of.sample(this.sizeOf(ordinal, attempt, RESPONSE_SIZE)))
  }

  /** In [0, 1), for all attempts of a request. */
  drawOf(ordinal: number, purpose: number): number {
    return this.of(ordinal, purpose, 0).nextUniform()
  }

  /** A request has its size however often it is tried; messages of a connection have one each. */
  private sizeOf(ordinal: number, attempt: number, purpose: number): Generator {
    return this.of(ordinal, purpose, this.purpose === 'message' ? attempt - 1 : 0)
  }

  private of(ordinal: number, purpose: number, index: number): Generator {
    return rekey(this.generator, this.stream, ordinal, purpose, index)
  }
}
