import { hashName } from '../../kernel/generator.ts'
import { AttemptDraws } from '../clients/attempt-draws.ts'
import type { Qualifier } from '../compute/lambda-function.ts'
import { Router } from '../compute/router.ts'
import { DURATION_US } from '../invocation/invocation-store.ts'
import type { Origin } from '../invocation/origin.ts'
import { NONE } from '../messages/message-store.ts'
import type { World } from '../world.ts'

/** Invokes functions for what comes to a door from one producer, and passes on how they ended. */
export class Invoker implements Origin {
  readonly name: string
  readonly hash: number
  private readonly world: World
  /** Whose calls it makes, for who wants to know where their time goes. */
  private readonly door: object | null
  private readonly draws: AttemptDraws
  private readonly streamName: string
  private readonly origin: number
  private readonly onDone: (call: number, outcome: number, invocation: number) => void
  /** By index of the qualifier. */
  private readonly routers: Router[] = []
  /** Invocations that nobody waits for any more. */
  private abandoned = 0
  private wasRefused = false

  /**
   * `onDone` is told the call of an invocation that has ended, unless it was abandoned; `door` is
   * null where an invocation is only part of what the door does for a call.
   */
  constructor(
    name: string,
    streamName: string,
    onDone: (call: number, outcome: number, invocation: number) => void,
    door: object | null,
    world: World,
  ) {
    this.name = name
    this.hash = hashName(name)
    this.world = world
    this.door = door
    this.streamName = streamName
    this.draws = new AttemptDraws(streamName)
    this.onDone = onDone
    this.origin = world.invocations.addOrigin(this)
  }

  /** Those in flight that somebody waits for. */
  get awaited(): number {
    return this.world.invocations.inFlightOf[this.origin]! - this.abandoned
  }

  /** The invocation, or NONE where Lambda refuses it. */
  invoke(qualifier: Qualifier, call: number, ordinal: number, attempt: number): number {
    const { invocations } = this.world
    const { store } = invocations
    const target = qualifier.function
    const slot = invocations.open(this.origin, ordinal)
    store.cause[slot] = call
    store.attempt[slot] = attempt
    store.reals[4 * slot + DURATION_US] = this.draws.durationUs(target, ordinal, attempt)
    if (target.drawsFailures) store.failureDraw[slot] = this.draws.failureDraw(ordinal, attempt)
    if (this.door !== null) {
      this.world.transitions.timeParts?.doorInvokes(this.door, call, slot)
    }
    this.wasRefused = false
    this.routers[qualifier.index] ??= new Router(qualifier, this.streamName)
    const pool = this.routers[qualifier.index]!.poolOf(ordinal)
    invocations.attempt(slot, qualifier, pool)
    return this.wasRefused ? NONE : slot
  }

  /** It runs on and is billed, and nobody is told how it ends. */
  abandon(invocation: number): void {
    this.world.invocations.store.cause[invocation] = NONE
    this.abandoned++
  }

  onRefused(): void {
    this.wasRefused = true
  }

  onEnded(invocation: number, outcome: number): void {
    const call = this.world.invocations.store.cause[invocation]!
    if (call === NONE) this.abandoned--
    else this.onDone(call, outcome, invocation)
  }

  attemptOf(invocation: number): number {
    return this.world.invocations.store.attempt[invocation]!
  }
}
