import type { DoorCalls } from './door-calls.ts'
import { ANSWERED, type Fate, RESPONSE_TOO_LARGE } from './fate.ts'
import type { PayloadLimits } from './protocol.ts'
import type { Routes } from './route-table.ts'
import { NO_ROUTE, type Visitor } from './visitor.ts'

/** How large what goes through a door is, and whether it goes through. */
export class Payloads {
  private readonly limits: PayloadLimits
  private readonly calls: DoorCalls
  private readonly routes: Routes
  private readonly visitors: readonly Visitor[]

  constructor(
    limits: PayloadLimits,
    calls: DoorCalls,
    routes: Routes,
    visitors: readonly Visitor[],
  ) {
    this.limits = limits
    this.calls = calls
    this.routes = routes
    this.visitors = visitors
  }

  /** A request comes in; false: it is too large. */
  takes(call: number): boolean {
    const { calls } = this
    const route = calls.route[call]!
    if (route === NO_ROUTE) return true
    const visitor = this.visitors[calls.visitor[call]!]!
    const { requestSize } = this.routes.at(route)
    const bytes = visitor.requestBytes(calls.ordinal[call]!, calls.attempt[call]!, requestSize)
    calls.bytes[call] = bytes
    return bytes <= this.limits.request
  }

  /** A function has answered. */
  fateOfResponse(call: number): Fate {
    const { calls } = this
    const { responseSize } = this.routes.at(calls.route[call]!)
    if (responseSize === null) return ANSWERED
    const visitor = this.visitors[calls.visitor[call]!]!
    const bytes = visitor.responseBytes(calls.ordinal[call]!, calls.attempt[call]!, responseSize)
    if (bytes > this.limits.response) return RESPONSE_TOO_LARGE
    calls.responseBytes[call] = bytes
    return ANSWERED
  }
}
