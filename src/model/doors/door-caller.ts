import { invariant } from '../../kernel/invariant.ts'
import {
  Caller,
  type CallerOptions,
  FAILED,
  THROTTLED,
  TIMED_OUT_BEHIND,
} from '../clients/caller.ts'
import type { World } from '../world.ts'
import type { ConnectionSettings, Connections } from './connections.ts'
import type { Door } from './door.ts'
import {
  ANSWERED,
  type Fate,
  isTimeout,
  REFUSED_BY_SERVICE,
  SERVICE_FAILED,
  THROTTLING_CODE,
} from './fate.ts'
import type { DoorClient, Visitor } from './visitor.ts'

export interface DoorCallerOptions extends CallerOptions {
  /** `apis.shop`. */
  readonly doorPath: string
  /** `functions.checkout.events.orders`; null: by all routes. */
  readonly routePath: string | null
  /** Its requests open connections of this sort, whose messages take the route; null: they do not. */
  readonly connection: ConnectionSettings | null
}

/**
 * A caller that goes through a front door and sees its HTTP codes: to a retrying client 429 is
 * throttling, and 5xx transient; a service's ThrottlingException, which the body of a 400 names, is
 * throttling as well.
 * Source: AWS SDKs and tools reference guide, "Retry behavior".
 */
export class DoorCaller extends Caller implements DoorClient {
  private readonly options: DoorCallerOptions
  private door: Door | null = null
  private visitor: Visitor | null = null
  private connections: Connections | null = null
  private isAnswered = false

  constructor(options: DoorCallerOptions, world: World) {
    super(options, world)
    this.options = options
  }

  connect(): void {
    const { connection, doorPath, routePath, streamName } = this.options
    const door = this.world.part(doorPath) as Door
    this.door = door
    if (connection === null) {
      this.visitor = door.admit(this, streamName, routePath)
      return
    }
    const admitted = door.admitConnections(this, streamName, routePath, connection)
    this.visitor = admitted.visitor
    this.connections = admitted.connections
  }

  onAdmitted(request: number): void {
    this.admitted(request)
  }

  onAnswer(call: number, fate: Fate, doorUs: number): void {
    const door = this.door!
    const request = door.calls.request[call]!
    this.isAnswered = true
    this.cancelTimeout(request)
    const latencyUs = door.calls.arrivedUs[call]! - this.requests.beganUs[request]! + doorUs
    if (fate === ANSWERED) {
      this.connections?.open(this.requests.ordinal[request]!)
      this.ended(request, 0, latencyUs)
    } else if (fate === SERVICE_FAILED) {
      // To a client it is a success, because the code says so.
      this.ended(request, FAILED, latencyUs)
    } else if (door.statusCodes[fate] === THROTTLING_CODE || fate === REFUSED_BY_SERVICE) {
      this.requests.throttles[request]!++
      this.failed(request, THROTTLED, latencyUs)
    } else {
      this.failed(request, isTimeout(fate) ? TIMED_OUT_BEHIND : FAILED, latencyUs)
    }
  }

  protected dispatch(request: number, number: number): void {
    const { requests } = this
    const door = this.door!
    const call = door.open(this.visitor!, request, requests.ordinal[request]!, number)
    requests.await(request, call)
    this.isAnswered = false
    door.enter(call)
    if (!this.isAnswered) this.startTimeout(request)
  }

  protected disown(call: number): void {
    this.door!.disown(call)
  }

  protected checkAttempts(awaited: number): void {
    const { awaited: inDoor } = this.visitor!
    invariant(
      awaited === inDoor,
      () => `${this.path}: ${awaited} attempts waited for, ${inDoor} in the door`,
    )
  }
}
