import { hashName } from '../../kernel/generator.ts'
import { invariant } from '../../kernel/invariant.ts'
import type { Qualifier } from '../compute/lambda-function.ts'
import { Router } from '../compute/router.ts'
import { CALL_FAILED, CALL_SUCCEEDED, CALL_THROTTLED } from '../downstream/calls.ts'
import type { CallTarget } from '../downstream/downstream.ts'
import { ImmediateAnswers } from '../downstream/immediate-answers.ts'
import { DURATION_US } from '../invocation/invocation-store.ts'
import type { Origin } from '../invocation/origin.ts'
import { SUCCEEDED } from '../invocation/outcome.ts'
import { NONE } from '../messages/message-store.ts'
import type { CallSite } from './call-site.ts'

const DURATION = hashName('duration')
const FAILURE = hashName('failure')

/** The function answers some time. */
const AT_WORK = 0

/**
 * A function that a handler invokes synchronously, as what answers its calls. Who gives up on it
 * tells it nothing: it runs on and is billed.
 * Source: Lambda developer guide, "Invoke a Lambda function synchronously".
 */
export class InvokedFunction implements CallTarget, Origin {
  readonly name: string
  readonly hash: number
  private readonly site: CallSite
  private readonly origin: number
  private readonly debtor: number
  private readonly answers: ImmediateAnswers
  private qualifier: Qualifier | null = null
  private router: Router | null = null
  /** Attempts whose caller waits for them, and those whose caller has given up. */
  private waitedFor = 0
  private abandoned = 0

  constructor(site: CallSite) {
    const { world } = site
    this.site = site
    this.name = `${site.function.name}.calls`
    this.hash = hashName(this.name)
    this.origin = world.invocations.addOrigin(this)
    this.debtor = world.calls.addDebtor()
    this.answers = new ImmediateAnswers(world, (call, outcome) => {
      world.calls.settle(call)
      world.calls.answer(call, outcome)
    })
  }

  /** All functions exist. */
  connect(): CallTarget {
    const { settings, streamName, world } = this.site
    this.qualifier = world.qualifier(settings.to)
    this.qualifier.isCalled = true
    this.router = new Router(this.qualifier, streamName)
    return this
  }

  begin(call: number): void {
    const { site } = this
    const { calls, invocations } = site.world
    const { store } = invocations
    const qualifier = this.qualifier!
    const ordinal = calls.ordinal[call]!
    const attempt = calls.attempt[call]!
    const slot = invocations.open(this.origin, ordinal)
    store.cause[slot] = call
    store.attempt[slot] = attempt + 1
    const { settings, drawsFailures } = qualifier.function
    const { duration } = settings.handler
    store.reals[4 * slot + DURATION_US] = duration.sample(site.drawFor(ordinal, DURATION, attempt))
    if (drawsFailures) {
      store.failureDraw[slot] = site.drawFor(ordinal, FAILURE, attempt).nextUniform()
    }
    calls.owe(call, this.debtor)
    calls.state[call] = AT_WORK
    calls.next[call] = slot
    this.waitedFor++
    site.world.transitions.timeParts?.callEnters(call, this.name, 'service')
    invocations.attempt(slot, qualifier, this.router!.poolOf(ordinal))
  }

  abandon(call: number): void {
    const { calls, invocations, transitions } = this.site.world
    calls.settle(call)
    transitions.timeParts?.callLeaves(call)
    if (this.answers.withhold(call)) return
    transitions.timeParts?.invocationGivenUp(calls.next[call]!)
    invocations.store.cause[calls.next[call]!] = NONE
    this.waitedFor--
    this.abandoned++
    calls.give(call)
  }

  onRefused(slot: number, _cause: number): void {
    this.waitedFor--
    this.answers.soon(this.site.world.invocations.store.cause[slot]!, CALL_THROTTLED)
  }

  onEnded(slot: number, outcome: number): void {
    const call = this.site.world.invocations.store.cause[slot]!
    if (call === NONE) {
      this.abandoned--
      return
    }
    this.waitedFor--
    this.answers.soon(call, outcome === SUCCEEDED ? CALL_SUCCEEDED : CALL_FAILED)
  }

  attemptOf(slot: number): number {
    return this.site.world.invocations.store.attempt[slot]!
  }

  checkBooks(): void {
    const inFlight = this.site.world.invocations.inFlightOf[this.origin]!
    invariant(
      inFlight === this.waitedFor + this.abandoned,
      () =>
        `${this.name}: ${inFlight} attempts in flight, ${this.waitedFor} waited for, ${this.abandoned} given up`,
    )
  }
}
