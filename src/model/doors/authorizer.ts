/**
 * The Lambda authorizer of a door: asked for each request whose identity it has not judged lately.
 * Source: Amazon API Gateway developer guide, "Use API Gateway Lambda authorizers".
 */
import { hashName } from '../../kernel/generator.ts'
import type { Qualifier } from '../compute/lambda-function.ts'
import { SUCCEEDED } from '../invocation/outcome.ts'
import { NONE } from '../messages/message-store.ts'
import { Timeouts } from '../timeouts.ts'
import type { World } from '../world.ts'
import type { DoorCalls } from './door-calls.ts'
import { ACCESS_DENIED, ANSWERED, AUTHORIZER_FAILED, type Fate, UNAUTHORIZED } from './fate.ts'
import { Invoker } from './invoker.ts'
import type { AuthorizerConfig } from './protocol.ts'
import type { Visitor } from './visitor.ts'

const IDENTITY = hashName('identity')
const UNAUTHENTICATED = hashName('unauthenticated')

/** How long a door waits for its authorizer. */
const TIMEOUT_US = 10_000_000

export class Authorizer {
  private readonly config: AuthorizerConfig
  private readonly world: World
  private readonly calls: DoorCalls
  private readonly visitors: readonly Visitor[]
  /** The authorizer's decision on a call that waited for it. */
  private readonly onDecision: (call: number, fate: Fate) => void
  private readonly timeouts: Timeouts
  /** Until when the last decision on an identity holds. */
  private readonly holdsUntilUs: Float64Array
  private qualifier: Qualifier | null = null

  constructor(
    config: AuthorizerConfig,
    calls: DoorCalls,
    visitors: readonly Visitor[],
    onDecision: (call: number, fate: Fate) => void,
    world: World,
  ) {
    this.config = config
    this.calls = calls
    this.visitors = visitors
    this.onDecision = onDecision
    this.world = world
    this.holdsUntilUs = new Float64Array(config.identities).fill(Number.NEGATIVE_INFINITY)
    this.timeouts = new Timeouts(TIMEOUT_US, world, (call) => this.onTimeout(call))
  }

  connect(): void {
    this.qualifier = this.world.qualifier(this.config.function)
    this.qualifier.isCalled = true
  }

  /** Whose requests it judges: asking for one is an invocation of its own. */
  invokerFor(name: string, streamName: string): Invoker {
    const onDone = (call: number, outcome: number): void => this.onDone(call, outcome)
    return new Invoker(`${name}/authorizer`, `${streamName}/authorizer`, onDone, null, this.world)
  }

  /** The decision on a call; null: it comes later, by `onDecision`. */
  ask(call: number): Fate | null {
    const { calls, config, world } = this
    const visitor = this.visitors[calls.visitor[call]!]!
    const ordinal = calls.ordinal[call]!
    const { unauthenticated } = config
    if (unauthenticated > 0 && visitor.drawOf(ordinal, UNAUTHENTICATED) < unauthenticated) {
      return UNAUTHORIZED
    }
    const identity = this.identityOf(call)
    if (world.simulator.nowUs < this.holdsUntilUs[identity]!) return this.decisionOn(identity)
    const attempt = calls.attempt[call]!
    const invocation = visitor.authorizing!.invoke(this.qualifier!, call, ordinal, attempt)
    if (invocation === NONE) return AUTHORIZER_FAILED
    calls.invocation[call] = invocation
    this.timeouts.start(call)
    return null
  }

  private onDone(call: number, outcome: number): void {
    this.timeouts.cancel(call)
    this.calls.invocation[call] = NONE
    if (outcome !== SUCCEEDED) {
      this.onDecision(call, AUTHORIZER_FAILED)
      return
    }
    const identity = this.identityOf(call)
    const { authorizerResultTtl = 0 } = this.config
    this.holdsUntilUs[identity] = this.world.simulator.nowUs + authorizerResultTtl
    this.onDecision(call, this.decisionOn(identity))
  }

  private onTimeout(call: number): void {
    const { calls } = this
    this.visitors[calls.visitor[call]!]!.authorizing!.abandon(calls.invocation[call]!)
    calls.invocation[call] = NONE
    this.onDecision(call, AUTHORIZER_FAILED)
  }

  private identityOf(call: number): number {
    const { identities } = this.config
    if (identities === 1) return 0
    const visitor = this.visitors[this.calls.visitor[call]!]!
    return Math.floor(visitor.drawOf(this.calls.ordinal[call]!, IDENTITY) * identities)
  }

  /** The first so many identities are those that it denies. */
  private decisionOn(identity: number): Fate {
    const { denied, identities } = this.config
    return identity < Math.round(denied * identities) ? ACCESS_DENIED : ANSWERED
  }
}
