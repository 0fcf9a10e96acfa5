import { SUCCEEDED, TIMED_OUT } from '../invocation/outcome.ts'
import { NONE } from '../messages/message-store.ts'
import type { World } from '../world.ts'
import type { DoorCalls } from './door-calls.ts'
import {
  ANSWERED,
  type Fate,
  FUNCTION_FAILED,
  FUNCTION_TIMED_OUT,
  INTEGRATION_TIMED_OUT,
  REFUSED_BY_LAMBDA,
  REFUSED_BY_SERVICE,
  SERVICE_FAILED,
} from './fate.ts'
import type { Integration } from './integration.ts'
import { IntegrationTimeouts } from './integration-timeouts.ts'
import type { Payloads } from './payloads.ts'
import type { Routes } from './route-table.ts'
import type { Visitor } from './visitor.ts'

/** What a door has its calls from. */
interface DoorState {
  readonly door: object
  readonly calls: DoorCalls
  readonly routes: Routes
  readonly visitors: readonly Visitor[]
  readonly payloads: Payloads
}

/**
 * The calls of a door that are with what is behind their routes, until it answers or the door does
 * not wait any longer.
 */
export class IntegrationCalls {
  /** With services that are no functions. */
  serving = 0
  private readonly state: DoorState
  private readonly world: World
  private readonly timeouts: IntegrationTimeouts
  private readonly onIntegrated: (call: number, latencyUs: number, fate: Fate) => void

  constructor(
    state: DoorState,
    onIntegrated: (call: number, latencyUs: number, fate: Fate) => void,
    world: World,
  ) {
    this.state = state
    this.world = world
    this.onIntegrated = onIntegrated
    this.timeouts = new IntegrationTimeouts(world, (call) => this.onTimeout(call))
  }

  begin(call: number): void {
    const { calls, routes, visitors } = this.state
    const visitor = visitors[calls.visitor[call]!]!
    const { integration, qualifier, timeoutUs } = routes.at(calls.route[call]!)
    const [ordinal, attempt] = [calls.ordinal[call]!, calls.attempt[call]!]
    calls.invokedUs[call] = this.world.simulator.nowUs
    if (integration !== null) {
      this.beginService(call, integration, visitor, timeoutUs)
      return
    }
    const invocation = visitor.invoker.invoke(qualifier!, call, ordinal, attempt)
    if (invocation === NONE) {
      this.onIntegrated(call, 0, REFUSED_BY_LAMBDA)
      return
    }
    this.await(call, invocation, visitor, timeoutUs)
  }

  /** An invocation has ended. */
  onDone(call: number, outcome: number, invocation: number): void {
    this.stopTimeout(call)
    this.onIntegrated(
      call,
      this.world.invocations.latencyUs(invocation),
      outcome === SUCCEEDED
        ? this.state.payloads.fateOfResponse(call)
        : outcome === TIMED_OUT
          ? FUNCTION_TIMED_OUT
          : FUNCTION_FAILED,
    )
  }

  /** What a service has done for a call is over. */
  onServed(call: number, isSuccess: boolean): void {
    this.serving--
    this.stopTimeout(call)
    const fate = isSuccess ? this.state.payloads.fateOfResponse(call) : SERVICE_FAILED
    this.onIntegrated(call, this.waitedUs(call), fate)
  }

  private beginService(
    call: number,
    integration: Integration,
    visitor: Visitor,
    timeoutUs: number,
  ): void {
    const { calls, door } = this.state
    const [ordinal, attempt] = [calls.ordinal[call]!, calls.attempt[call]!]
    const begun = integration.begin(call, visitor.stream, ordinal, attempt)
    if (begun === NONE) {
      this.onIntegrated(call, 0, REFUSED_BY_SERVICE)
      return
    }
    this.world.transitions.timeParts?.serviceBegins(door, call, integration.servicePath)
    if (integration.answersAtOnce) {
      const request = calls.request[call]!
      if (request >= 0) visitor.client.onAdmitted(request)
      this.onIntegrated(call, 0, ANSWERED)
      return
    }
    this.serving++
    this.await(call, begun, visitor, timeoutUs)
  }

  private await(call: number, begun: number, { client }: Visitor, timeoutUs: number): void {
    const { calls } = this.state
    calls.invocation[call] = begun
    this.timeouts.start(call, timeoutUs)
    const request = calls.request[call]!
    if (request >= 0) client.onAdmitted(request)
  }

  /** The integration timeout strikes. */
  private onTimeout(call: number): void {
    const { calls, routes, visitors } = this.state
    const { integration } = routes.at(calls.route[call]!)
    const begun = calls.invocation[call]!
    if (integration === null) visitors[calls.visitor[call]!]!.invoker.abandon(begun)
    else {
      integration.abandon(begun)
      this.serving--
    }
    this.onIntegrated(call, this.waitedUs(call), INTEGRATION_TIMED_OUT)
  }

  private stopTimeout(call: number): void {
    const { calls, routes } = this.state
    this.timeouts.cancel(call, routes.at(calls.route[call]!).timeoutUs)
  }

  private waitedUs(call: number): number {
    return this.world.simulator.nowUs - this.state.calls.invokedUs[call]!
  }
}
