/**
 * A front door: it takes requests, invokes the function behind their route, and answers with a code.
 * Where it does not wait for a function any longer, the function runs on and is billed.
 * Source: Amazon API Gateway developer guide, "Amazon API Gateway quotas": the integration timeout.
 */
import { invariant } from '../../kernel/invariant.ts'
import { RANK_ARRIVAL } from '../../kernel/order.ts'
import type { Qualifier } from '../compute/lambda-function.ts'
import type { Distribution } from '../distributions/distribution.ts'
import { createDistribution } from '../distributions/index.ts'
import { NONE } from '../messages/message-store.ts'
import { type Book, Ledger } from '../metrics/ledger.ts'
import type { LimitUse, Part } from '../part.ts'
import type { World } from '../world.ts'
import { Authorizer } from './authorizer.ts'
import { type ConnectionSettings, Connections } from './connections.ts'
import { DoorCalls } from './door-calls.ts'
import { DoorGates } from './door-gates.ts'
import { DoorMeter } from './door-meter.ts'
import {
  ANSWERED,
  CLIENT_CLOSED,
  type Fate,
  isRefusal,
  REQUEST_TOO_LARGE,
  type StatusCodes,
  uninvokedOutcome,
} from './fate.ts'
import { type Gate, refusingGate } from './gates.ts'
import type { Integration } from './integration.ts'
import { IntegrationCalls } from './integration-calls.ts'
import { Payloads } from './payloads.ts'
import type { DoorConfig, DoorProtocol, RouteConfig } from './protocol.ts'
import { Routes } from './route-table.ts'
import { type DoorUsage, UsageMeter } from './usage.ts'
import { type DoorClient, isCharged, NO_ROUTE, type Purpose, Visitor } from './visitor.ts'

const NO_GATES: readonly Gate[] = []
/** In place of the request of a call whose client is gone, which the door has noticed. */
const CLOSED = -2

export class Door implements Part {
  readonly name: string
  readonly path: string
  readonly statusCodes: StatusCodes
  readonly meter: DoorMeter
  readonly usageMeter: UsageMeter
  private readonly protocol: DoorProtocol
  private readonly world: World
  readonly calls: DoorCalls
  private readonly gates: DoorGates
  private readonly integrations: IntegrationCalls
  private readonly authorizer: Authorizer | null
  private readonly latency: Distribution | null
  private readonly noticesClosedUs: number
  private readonly proceedKind: number
  private readonly routes: Routes
  private readonly payloads: Payloads
  private readonly visitors: Visitor[] = []
  private readonly connections: Connections[] = []
  /** What becomes of the messages on connections. */
  private readonly messages: Ledger

  constructor(name: string, protocol: DoorProtocol, config: DoorConfig, world: World) {
    this.name = name
    this.path = `apis.${name}`
    this.protocol = protocol
    this.statusCodes = protocol.statusCodesFor?.(config) ?? protocol.statusCodes
    this.world = world
    this.messages = new Ledger('api', name)
    this.calls = new DoorCalls(this.path)
    this.meter = new DoorMeter(world.recorder, name, protocol.metrics, this.statusCodes)
    this.usageMeter = new UsageMeter(protocol.kind, protocol.usage?.(config) ?? {})
    this.gates = new DoorGates(name, config, protocol.countsForAccount === true, world)
    const timeoutUs = protocol.integrationTimeoutUs?.(config) ?? Number.POSITIVE_INFINITY
    this.routes = new Routes(timeoutUs)
    this.payloads = new Payloads(protocol.payload, this.calls, this.routes, this.visitors)
    const { calls, payloads, routes, visitors } = this
    this.integrations = new IntegrationCalls(
      { door: this, calls, routes, visitors, payloads },
      (call, latencyUs, fate) => this.integrated(call, latencyUs, fate),
      world,
    )
    const { authorizer, latency } = config
    const onDecision = (call: number, fate: Fate): void => this.onDecision(call, fate)
    this.authorizer =
      authorizer === undefined
        ? null
        : new Authorizer(authorizer, this.calls, this.visitors, onDecision, world)
    this.latency = latency === undefined ? null : createDistribution(latency)
    this.noticesClosedUs = protocol.noticesClosedClientsUs?.(config) ?? 0
    this.proceedKind = world.addEventKind((call) => this.proceed(call))
  }

  addRoute(path: string, qualifier: Qualifier, config: RouteConfig): void {
    qualifier.isCalled = true
    this.routes.add(path, config, { qualifier })
  }

  addIntegration(path: string, integration: Integration, config: RouteConfig): void {
    this.routes.add(path, config, { integration })
  }

  /** What an integration does for a call is over. */
  onServed(call: number, isSuccess: boolean): void {
    this.integrations.onServed(call, isSuccess)
  }

  changeRoute(path: string, { throttle }: RouteConfig): void {
    this.routes.at(this.routes.indexOf(path)).throttle = throttle
    this.gates.forget()
  }

  connect(): void {
    this.authorizer?.connect()
  }

  start(): void {
    this.routes.start()
  }

  reconfigure(config: unknown): void {
    this.gates.change(config as DoorConfig)
  }

  silence(): void {
    for (const each of this.connections) each.silence()
  }

  /** Somebody will come, all by the route at this path, or, for null, by any. */
  admit(
    client: DoorClient,
    streamName: string,
    routePath: string | null,
    purpose: Purpose = 'request',
  ): Visitor {
    const route = routePath === null ? null : this.routes.indexOf(routePath)
    return this.admitBy(client, streamName, route, purpose)
  }

  /** Somebody will open connections: whom their messages and ends come from. */
  admitConnections(
    client: DoorClient,
    streamName: string,
    routePath: string | null,
    settings: ConnectionSettings,
  ): { readonly visitor: Visitor; readonly connections: Connections } {
    const connections = new Connections(
      this,
      client.name,
      streamName,
      settings,
      this.messages,
      this.world,
    )
    const message = routePath === null ? null : this.routes.indexOf(routePath)
    const admit = (purpose: 'message' | 'disconnect', route: number | null): Visitor =>
      this.admitBy(connections.clientOf(purpose), `${streamName}/${purpose}`, route, purpose)
    connections.messages = admit('message', message)
    connections.disconnects = admit('disconnect', this.routes.keyed('$disconnect'))
    this.connections.push(connections)
    const visitor = this.admitBy(client, streamName, this.routes.keyed('$connect'), 'connect')
    return { visitor, connections }
  }

  /** A call that is about to be made by `enter`. */
  open(visitor: Visitor, request: number, ordinal: number, attempt: number): number {
    const { calls } = this
    const call = calls.take()
    calls.visitor[call] = visitor.index
    calls.request[call] = request
    calls.ordinal[call] = ordinal
    calls.attempt[call] = attempt
    calls.arrivedUs[call] = this.world.simulator.nowUs
    calls.route[call] = visitor.routeOf(ordinal, attempt, this.routes.upTo)
    visitor.awaited++
    this.world.transitions.timeParts?.callerEnters(visitor.client, request, this, call)
    return call
  }

  /** The call comes in; it may be answered before this returns. */
  enter(call: number): void {
    const { calls, latency } = this
    const { nowUs } = this.world.simulator
    const visitor = this.visitors[calls.visitor[call]!]!
    const index = calls.route[call]!
    this.meter.begin(visitor.purpose)
    if (isCharged(visitor.purpose)) this.usageMeter.begin(nowUs)
    const refusing = refusingGate(this.gatesOf(visitor, index), nowUs)
    if (refusing !== null) {
      this.answer(call, refusing.fate, 0)
      return
    }
    if (!this.payloads.takes(call)) {
      this.answer(call, REQUEST_TOO_LARGE, 0)
      return
    }
    if (latency === null) {
      this.proceed(call)
      return
    }
    const delayUs = visitor.latencyUs(calls.ordinal[call]!, calls.attempt[call]!, latency)
    this.world.simulator.schedule(nowUs + delayUs, RANK_ARRIVAL, this.proceedKind, call)
  }

  /** Its client does not wait any longer; the door does. */
  disown(call: number): void {
    const { calls } = this
    this.visitors[calls.visitor[call]!]!.awaited--
    calls.request[call] = NONE
    const waitedUs = this.world.simulator.nowUs - calls.arrivedUs[call]!
    if (waitedUs >= this.noticesClosedUs) return
    this.meter.end(CLIENT_CLOSED, waitedUs)
    calls.request[call] = CLOSED
  }

  pending(): number {
    return this.calls.used
  }

  limitUses(): readonly LimitUse[] {
    return this.gates.uses()
  }

  /** What a price list needs, of the whole run. */
  usage(): DoorUsage {
    return this.usageMeter.read(this.world.simulator.nowUs)
  }

  closeBooks(): readonly Book[] {
    const { used } = this.calls
    const invoked = this.visitors.reduce(
      (sum, { authorizing, invoker }) => sum + invoker.awaited + (authorizing?.awaited ?? 0),
      this.integrations.serving,
    )
    invariant(
      invoked <= used && (this.latency !== null || invoked === used),
      () => `${this.path}: ${invoked} invocations waited for, ${used} calls`,
    )
    if (this.connections.length === 0) return []
    const inFlight = this.connections.reduce((sum, { messages }) => sum + messages!.awaited, 0)
    this.messages.close(0, inFlight)
    return [this.messages]
  }

  private admitBy(
    client: DoorClient,
    streamName: string,
    route: number | null,
    purpose: Purpose,
  ): Visitor {
    const options = { index: this.visitors.length, streamName, purpose, route, door: this }
    const isAsked = purpose === 'request' ? !this.hasConnections : purpose === 'connect'
    const onDone = (call: number, outcome: number, invocation: number): void =>
      this.integrations.onDone(call, outcome, invocation)
    const authorizer = isAsked ? this.authorizer : null
    const visitor = new Visitor(client, options, onDone, authorizer, this.world)
    this.visitors.push(visitor)
    return visitor
  }

  private get hasConnections(): boolean {
    return this.protocol.hasConnections === true
  }

  private gatesOf({ name, purpose }: Visitor, route: number): readonly Gate[] {
    if (purpose === 'disconnect') return NO_GATES
    if (purpose === 'connect') return this.gates.ofConnections()
    return this.gates.of(name, this.routes.at(route))
  }

  /** The door has let it in: the authorizer is asked, where there is one. */
  private proceed(call: number): void {
    const { calls, authorizer } = this
    const { authorizing } = this.visitors[calls.visitor[call]!]!
    const route = calls.route[call]!
    const isAsked =
      authorizing !== null && (route === NO_ROUTE || this.routes.at(route).isAuthorized)
    const decision = isAsked ? authorizer!.ask(call) : ANSWERED
    if (decision !== null) this.onDecision(call, decision)
  }

  private onDecision(call: number, fate: Fate): void {
    const { calls } = this
    if (fate === ANSWERED && calls.route[call] !== NO_ROUTE) this.integrations.begin(call)
    else this.answer(call, fate, this.world.simulator.nowUs - calls.arrivedUs[call]!)
  }

  private integrated(call: number, latencyUs: number, fate: Fate): void {
    const { arrivedUs, invokedUs } = this.calls
    this.meter.integrated(latencyUs)
    this.answer(call, fate, invokedUs[call]! - arrivedUs[call]! + latencyUs)
  }

  private answer(call: number, fate: Fate, latencyUs: number): void {
    const { calls } = this
    const request = calls.request[call]!
    const visitor = this.visitors[calls.visitor[call]!]!
    if (isCharged(visitor.purpose)) {
      const [taken, given] = [calls.bytes[call]!, calls.responseBytes[call]!]
      this.usageMeter.end(isRefusal(fate), taken, given, latencyUs, this.world.simulator.nowUs)
    }
    if (request !== CLOSED) this.meter.end(fate, latencyUs)
    const { timeParts } = this.world.transitions
    timeParts?.doorAnswers(this, call, this.statusCodes[fate]!, uninvokedOutcome(fate))
    if (request >= 0) {
      visitor.awaited--
      visitor.client.onAnswer(call, fate, latencyUs)
    }
    calls.give(call)
  }
}
