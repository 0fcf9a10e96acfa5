import { Attempt } from './attempts/attempt.ts'
import { type AttemptRow, rowOf } from './attempts/attempt-row.ts'
import { EventWaits } from './attempts/event-waits.ts'
import { HandlerThreads } from './attempts/handler-threads.ts'
import {
  ended,
  type InvocationFacts,
  refused,
  unfinished,
  uninvoked,
} from './attempts/invocation-facts.ts'
import { PartColumns } from './attempts/part-columns.ts'
import { ORDINAL, ORIGIN } from './invocation/invocation-store.ts'
import type { Origin } from './invocation/origin.ts'
import { NONE } from './messages/message-store.ts'
import type { Simulation } from './simulation.ts'
import type {
  CallPhase,
  HandlerWait,
  RequestOwner,
  TimeParts,
  UninvokedOutcome,
} from './time-parts.ts'
import { ARRIVED, ENDED, REFUSED, STARTED, type TransitionView } from './transitions.ts'

export type { AttemptRow }

/** Why a front door refused it: the reason phrases of HTTP. */
const REASON_PHRASES: Readonly<Record<number, string>> = {
  400: 'Bad Request',
  401: 'Unauthorized',
  403: 'Forbidden',
  413: 'Content Too Large',
  429: 'Too Many Requests',
  500: 'Internal Server Error',
  502: 'Bad Gateway',
  503: 'Service Unavailable',
  504: 'Gateway Timeout',
}

/** Tells of every attempt when its fate is known and nobody waits for it any more. */
export class AttemptLog implements TransitionView, TimeParts {
  private readonly simulation: Simulation
  private readonly replication: number
  private readonly onAttempt: (row: AttemptRow) => void
  private readonly columns: PartColumns
  private readonly partNames: readonly string[]
  private readonly threads: HandlerThreads
  private readonly waits: EventWaits
  private readonly bySlot = new Map<number, Attempt>()
  /** The last attempt of each request, and what is in a door. */
  private readonly byRequest = new Map<object, Map<number, Attempt>>()
  private readonly byDoorCall = new Map<object, Map<number, Attempt>>()

  constructor(simulation: Simulation, replication: number, onAttempt: (row: AttemptRow) => void) {
    this.simulation = simulation
    this.replication = replication
    this.onAttempt = onAttempt
    this.columns = new PartColumns(simulation.scenario)
    this.partNames = this.columns.all.map(({ name }) => name)
    this.threads = new HandlerThreads(this.columns)
    this.waits = new EventWaits(simulation.messages)
  }

  onTransition(code: number, subject: number): void {
    if (code === ARRIVED) this.arrived(subject)
    else if (code === STARTED) this.bySlot.get(subject)!.isStarted = true
    else if (code === REFUSED) this.served(subject, refused(this.simulation))
    else if (code === ENDED) this.served(subject, ended(this.simulation, subject))
  }

  /** The run is over: tells of what clients have given up and is still under way. */
  close(): void {
    for (const requests of this.byRequest.values()) {
      for (const attempt of requests.values()) this.decide(attempt, false)
    }
    for (const attempt of this.bySlot.values()) this.tellUnserved(attempt)
    for (const calls of this.byDoorCall.values()) {
      for (const attempt of calls.values()) if (attempt.slot === NONE) this.tellUnserved(attempt)
    }
  }

  attemptBegins(caller: RequestOwner, request: number, number: number): void {
    this.next(caller, request, number)
  }

  attemptRejected(caller: RequestOwner, request: number, number: number, reason: string): void {
    const attempt = this.next(caller, request, number)
    attempt.rejection = reason
    attempt.end(this.nowUs, null)
  }

  retryRejected(
    caller: RequestOwner,
    request: number,
    number: number,
    reason: string,
    latencyUs: number,
  ): void {
    const before = this.of(this.byRequest, caller).get(request)!
    // What ends with it is measured as the last attempt would have been.
    before.totalUs = metered(latencyUs) - (before.wantedUs - before.beganUs)
    this.attemptRejected(caller, request, number, reason)
  }

  attemptEnds(caller: RequestOwner, request: number, isGivenUp: boolean): void {
    const attempt = this.of(this.byRequest, caller).get(request)!
    const calls = this.threads.spent(attempt.slot, this.nowUs)
    if (isGivenUp) attempt.giveUp('client', this.nowUs, calls)
    else attempt.end(this.nowUs, calls)
  }

  requestEnds(caller: RequestOwner, request: number, latencyUs: number): void {
    const requests = this.of(this.byRequest, caller)
    const attempt = requests.get(request)!
    requests.delete(request)
    attempt.totalUs = metered(latencyUs) - (attempt.wantedUs - attempt.beganUs)
    attempt.isLast = true
    this.tellIfOver(attempt)
  }

  callerInvokes(caller: RequestOwner, request: number, invocation: number): void {
    this.invokes(this.of(this.byRequest, caller).get(request)!, invocation)
  }

  callerEnters(caller: object, request: number, door: object, call: number): void {
    const attempt = this.of(this.byRequest, caller).get(request)
    if (attempt === undefined) return
    attempt.hasDoor = true
    attempt.isInDoor = true
    this.of(this.byDoorCall, door).set(call, attempt)
  }

  doorInvokes(door: object, call: number, invocation: number): void {
    const attempt = this.of(this.byDoorCall, door).get(call)
    if (attempt !== undefined) this.invokes(attempt, invocation)
  }

  serviceBegins(door: object, call: number, path: string): void {
    const attempt = this.of(this.byDoorCall, door).get(call)
    if (attempt === undefined) return
    attempt.servicePart = this.columns.of(path, 'service')
    attempt.invokedUs = this.nowUs
  }

  doorAnswers(door: object, call: number, status: number, outcome: UninvokedOutcome): void {
    const calls = this.of(this.byDoorCall, door)
    const attempt = calls.get(call)
    if (attempt === undefined) return
    calls.delete(call)
    attempt.isInDoor = false
    if (attempt.goneUs === Number.POSITIVE_INFINITY) attempt.status = status
    if (attempt.slot === NONE) {
      attempt.servedUs = this.nowUs
      const reason = outcome === 'refused' ? (REASON_PHRASES[status] ?? '') : ''
      attempt.facts = uninvoked(outcome, reason)
      if (outcome === 'timedOut') attempt.giveUp('api', this.nowUs, null)
    } else if (attempt.facts === null) {
      attempt.giveUp('api', this.nowUs, this.threads.spent(attempt.slot, this.nowUs))
    }
    this.tellIfOver(attempt)
  }

  invocationGivenUp(invocation: number): void {
    const attempt = this.bySlot.get(invocation)!
    attempt.giveUp('function', this.nowUs, this.threads.spent(invocation, this.nowUs))
    attempt.totalUs = this.nowUs - attempt.wantedUs
  }

  invocationPrepares(invocation: number, initUs: number, firstInvocationUs: number): void {
    const attempt = this.bySlot.get(invocation)!
    attempt.suppressedInitUs = initUs
    attempt.firstInvocationUs = firstInvocationUs
  }

  handlerCalls(program: object, progress: number, invocation: number): void {
    this.threads.begin(program, progress, invocation, this.nowUs)
  }

  branchBegins(program: object, branch: number): void {
    this.threads.fork(program, branch, this.nowUs)
  }

  branchDecides(program: object, branch: number, parent: number): void {
    this.threads.join(program, branch, parent, this.nowUs)
  }

  handlerWaits(program: object, progress: number, what: HandlerWait): void {
    this.threads.wait(program, progress, what, this.nowUs)
  }

  callBegins(call: number, program: object, progress: number): void {
    this.threads.beginCall(call, program, progress)
  }

  callPassesOn(call: number, inner: number): void {
    this.threads.passOn(call, inner)
  }

  callEnters(call: number, downstream: string, phase: CallPhase): void {
    this.threads.enter(call, downstream, phase, this.nowUs)
  }

  callLeaves(call: number): void {
    this.threads.leave(call)
  }

  private get nowUs(): number {
    return this.simulation.simulator.nowUs
  }

  private of(all: Map<object, Map<number, Attempt>>, owner: object): Map<number, Attempt> {
    let own = all.get(owner)
    if (own === undefined) {
      own = new Map()
      all.set(owner, own)
    }
    return own
  }

  /** The request's next attempt; the one before was not its last. */
  private next(caller: RequestOwner, request: number, number: number): Attempt {
    const requests = this.of(this.byRequest, caller)
    const before = requests.get(request)
    if (before !== undefined) this.decide(before, false)
    const beganUs = caller.beganUs(request)
    const wantedUs = before === undefined ? beganUs : before.wantedUs + before.totalUs
    const isAtOnce = before?.goneUs === this.nowUs
    const madeUs = isAtOnce ? wantedUs : this.nowUs
    const attempt = new Attempt(caller.name, caller.ordinalOf(request), number, wantedUs, madeUs)
    attempt.owner = caller
    attempt.beganUs = beganUs
    requests.set(request, attempt)
    return attempt
  }

  private invokes(attempt: Attempt, slot: number): void {
    attempt.slot = slot
    this.bySlot.set(slot, attempt)
  }

  private arrived(slot: number): void {
    const attempt = this.bySlot.get(slot) ?? this.unowned(slot)
    attempt.invokedUs = this.nowUs
  }

  /** An attempt of who does not try again, of a handler or an authorizer, or with an event. */
  private unowned(slot: number): Attempt {
    const { origins, store } = this.simulation.invocations
    const origin = origins[store.shorts[16 * slot + ORIGIN]!]!
    const ordinal = store.reals[4 * slot + ORDINAL]!
    const attempt = this.eventOf(origin, slot, ordinal) ?? this.callOf(origin, slot, ordinal)
    this.invokes(attempt, slot)
    return attempt
  }

  /** Who numbers its attempts may make another one, and does not tell. */
  private callOf(origin: Origin, slot: number, ordinal: number): Attempt {
    const number = origin.attemptOf?.(slot)
    const attempt = new Attempt(origin.name, ordinal, number ?? 1, this.nowUs, this.nowUs)
    attempt.isLast = number === undefined ? true : null
    return attempt
  }

  private eventOf(origin: Origin, slot: number, ordinal: number): Attempt | null {
    if (origin.forEachMessage === undefined) return null
    const { waits, nowUs } = this
    const first = waits.firstOf(origin, slot)
    const number = first === NONE ? 1 : waits.attempts(first) + 1
    const wantedUs = first === NONE ? nowUs : waits.sinceUs(first)
    const attempt = new Attempt(origin.name, ordinal, number, wantedUs, nowUs)
    attempt.isEvent = true
    attempt.beganUs = first === NONE ? nowUs : waits.enteredUs(first)
    return attempt
  }

  private served(slot: number, facts: InvocationFacts): void {
    const { nowUs, threads } = this
    const attempt = this.bySlot.get(slot)!
    this.bySlot.delete(slot)
    if (attempt.goneUs === Number.POSITIVE_INFINITY) attempt.calls = threads.spent(slot, nowUs)
    threads.end(slot)
    attempt.facts = facts
    attempt.servedUs = nowUs
    if (attempt.isEvent) this.waitsAgain(slot)
    if (attempt.owner === null) this.decideUnowned(attempt, facts)
    this.tellIfOver(attempt)
  }

  private waitsAgain(slot: number): void {
    const { origins, store } = this.simulation.invocations
    const origin = origins[store.shorts[16 * slot + ORIGIN]!]!
    this.waits.attempted(origin, slot, this.nowUs)
  }

  private decideUnowned(attempt: Attempt, { latencyUs }: InvocationFacts): void {
    if (attempt.isDecided) return
    attempt.goneUs = this.nowUs
    const { wantedUs } = attempt
    attempt.totalUs = attempt.isEvent ? this.nowUs - wantedUs : metered(latencyUs)
  }

  /** Of an attempt of a client: whether it was the last one; nothing while it is waited for. */
  private decide(attempt: Attempt, isLast: boolean): void {
    if (attempt.goneUs === Number.POSITIVE_INFINITY) return
    if (!attempt.isDecided) attempt.totalUs = attempt.goneUs - attempt.wantedUs
    attempt.isLast = isLast
    this.tellIfOver(attempt)
  }

  private tellIfOver(attempt: Attempt): void {
    if (!attempt.isDecided || !attempt.isServed || attempt.isTold) return
    this.tell(attempt, attempt.facts ?? uninvoked('rejected', attempt.rejection))
  }

  private tellUnserved(attempt: Attempt): void {
    if (!attempt.isDecided || attempt.owner === null) return
    const { isStarted, slot } = attempt
    const facts =
      slot === NONE ? uninvoked('inFlight', '') : unfinished(this.simulation, slot, isStarted)
    this.tell(attempt, facts)
  }

  private tell(attempt: Attempt, facts: InvocationFacts): void {
    attempt.isTold = true
    const { columns, nowUs, partNames, replication } = this
    const parts = attempt.parts(columns.all.length, facts)
    this.onAttempt(rowOf(attempt, facts, { replication, parts, partNames, nowUs }))
  }
}

/** As histograms of latencies round it. */
function metered(latencyUs: number): number {
  return Math.floor(latencyUs + 0.5)
}
