/**
 * The way from a handler to a downstream and back: a connection with its ports, the time that
 * messages travel, the bytes. What is behind it does not know of it.
 */
import { Generator, hashName } from '../../kernel/generator.ts'
import { RANK_RELEASE } from '../../kernel/order.ts'
import { grownFloat64, grownInt32 } from '../../kernel/slot-pool.ts'
import type { Distribution } from '../distributions/distribution.ts'
import { CALL_FAILED, type CallOutcome, type CallOwner } from '../downstream/calls.ts'
import type { Downstream } from '../downstream/downstream.ts'
import type { World } from '../world.ts'
import { type Connections, NO_CONNECTION } from './connections.ts'
import type { NatMeter } from './nat-meter.ts'

export interface RouteSettings {
  /** The way there and back; null: no time. */
  readonly roundTrip: Distribution | null
  /** null: it takes no port anywhere. */
  readonly connections: Connections | null
  /** How long a call that gets no port waits before it has failed. */
  readonly connectTimeoutUs: number
  /** null: through no NAT gateway. */
  readonly nat: NatMeter | null
  readonly requestBytes: number
  readonly responseBytes: number
}

// Where a call is: on its way, there, on its way back, or failing for want of a port.
const OUTBOUND = 1
const THERE = 2
const INBOUND = 3
const FAILING = 4
/** Added to these: its caller does not wait any more. */
const FOR_NOBODY = 10

export class Route implements Downstream, CallOwner {
  readonly path: string
  private readonly settings: RouteSettings
  private readonly behind: Downstream
  private readonly world: World
  private readonly owner: number
  private readonly purpose: number
  private readonly generator = new Generator()
  private readonly arrives: number
  private readonly returns: number
  // By call: its connection, the call behind, its outcome, and its way back, us.
  private connection = new Int32Array(0)
  private inner = new Int32Array(0)
  private outcome = new Int32Array(0)
  private backUs = new Float64Array(0)

  constructor(behind: Downstream, settings: RouteSettings, world: World) {
    this.path = behind.path
    this.behind = behind
    this.settings = settings
    this.world = world
    this.owner = world.calls.addOwner(this)
    this.purpose = hashName(`${behind.path}/round-trip`)
    this.arrives = world.addEventKind((call) => this.arrive(call))
    this.returns = world.addEventKind((call) => this.finish(call))
  }

  begin(call: number): void {
    const { connections, connectTimeoutUs, nat, requestBytes, roundTrip } = this.settings
    const { calls, transitions } = this.world
    if (call >= this.inner.length) this.grow(calls.state.length)
    transitions.timeParts?.callEnters(call, this.path, 'network')
    if (connections !== null) {
      const connection = connections.take(calls.environment[call]!)
      this.connection[call] = connection
      if (connection === NO_CONNECTION) {
        this.outcome[call] = CALL_FAILED
        this.travel(call, FAILING, connectTimeoutUs, this.returns)
        return
      }
    }
    nat?.send(requestBytes)
    if (roundTrip === null) {
      this.backUs[call] = 0
      this.arrive(call, OUTBOUND)
      return
    }
    const draw = calls.drawFor(call, this.purpose, this.generator)
    const wholeUs = Math.floor(roundTrip.sample(draw) + 0.5)
    const outUs = Math.floor(wholeUs / 2)
    this.backUs[call] = wholeUs - outUs
    this.travel(call, OUTBOUND, outUs, this.arrives)
  }

  /** Its client closes the connection; what is on its way arrives all the same. */
  abandon(call: number): void {
    const { calls, transitions } = this.world
    const state = calls.state[call]!
    transitions.timeParts?.callLeaves(call)
    if (state !== FAILING) this.settings.connections?.close(this.connection[call]!)
    if (state === THERE) {
      this.behind.abandon(this.inner[call]!)
      calls.give(call)
    } else calls.state[call] = state + FOR_NOBODY
  }

  onAnswer(inner: number, outcome: CallOutcome): void {
    const { calls, transitions } = this.world
    const call = calls.subject[inner]!
    calls.give(inner)
    transitions.timeParts?.callEnters(call, this.path, 'network')
    this.outcome[call] = outcome
    this.settings.nat?.receive(this.settings.responseBytes)
    const backUs = this.backUs[call]!
    if (backUs === 0) this.finish(call, INBOUND)
    else this.travel(call, INBOUND, backUs, this.returns)
  }

  onInvocationEnd(environment: number): void {
    this.behind.onInvocationEnd?.(environment)
  }

  onEnvironmentGone(environment: number): void {
    this.settings.connections?.orphan(environment)
    this.behind.onEnvironmentGone?.(environment)
  }

  private travel(call: number, state: number, lengthUs: number, kind: number): void {
    const { calls, simulator } = this.world
    calls.state[call] = state
    simulator.schedule(simulator.nowUs + lengthUs, RANK_RELEASE, kind, call)
  }

  /** The call has come to what is behind. */
  private arrive(call: number, state = this.world.calls.state[call]!): void {
    const { calls, transitions } = this.world
    const inner = calls.openFor(call, this.owner, call)
    this.inner[call] = inner
    calls.state[call] = THERE
    if (state === OUTBOUND) transitions.timeParts?.callPassesOn(call, inner)
    this.behind.begin(inner)
    if (state !== OUTBOUND + FOR_NOBODY) return
    this.behind.abandon(inner)
    calls.give(call)
  }

  /** The call is back at its caller, who may have gone. */
  private finish(call: number, state = this.world.calls.state[call]!): void {
    const { calls } = this.world
    if (state >= FOR_NOBODY) {
      calls.give(call)
      return
    }
    if (state === INBOUND) this.settings.connections?.release(this.connection[call]!)
    calls.answer(call, this.outcome[call]! as CallOutcome)
  }

  private grow(capacity: number): void {
    this.connection = grownInt32(this.connection, capacity)
    this.inner = grownInt32(this.inner, capacity)
    this.outcome = grownInt32(this.outcome, capacity)
    this.backUs = grownFloat64(this.backUs, capacity)
  }
}
