/**
 * Who wants to know where the time of each attempt goes. A run has such a listener only where
 * somebody asked for rows of attempts (`transitions.timeParts`); else what would tell it passes one
 * branch. Callers, doors, programs of handlers and calls are known by the object and its number
 * for the thing.
 */
export interface TimeParts {
  /** A request's attempt is about to be made. */
  attemptBegins(caller: RequestOwner, request: number, number: number): void
  /** Its client does not let this one go, for a reason in the words of its scenario. */
  attemptRejected(caller: RequestOwner, request: number, number: number, reason: string): void
  /** The same of one that would have followed at once, after so long since the caller first wanted it. */
  retryRejected(
    caller: RequestOwner,
    request: number,
    number: number,
    reason: string,
    latencyUs: number,
  ): void
  /** Nobody waits for the attempt any more, because it was answered or given up. */
  attemptEnds(caller: RequestOwner, request: number, isGivenUp: boolean): void
  /** Its last attempt has ended, or was rejected; so long after the caller first wanted it. */
  requestEnds(caller: RequestOwner, request: number, latencyUs: number): void
  /** The request's current attempt invokes a function itself, or enters a front door. */
  callerInvokes(caller: RequestOwner, request: number, invocation: number): void
  callerEnters(caller: object, request: number, door: object, call: number): void
  doorInvokes(door: object, call: number, invocation: number): void
  /** A service that is no function, at this path, works on it from now on. */
  serviceBegins(door: object, call: number, path: string): void
  /**
   * With this status code (0: there is none), whether or not anybody still waits for it. Where no
   * function was invoked, it ended so.
   */
  doorAnswers(door: object, call: number, status: number, outcome: UninvokedOutcome): void
  /** The handler that invoked it does not wait any more. */
  invocationGivenUp(invocation: number): void
  /** What comes before the handler's own time within the invocation. */
  invocationPrepares(invocation: number, initUs: number, firstInvocationUs: number): void
  /** The handler's first own time is over: from now on its program says what it waits for. */
  handlerCalls(program: object, progress: number, invocation: number): void
  branchBegins(program: object, branch: number): void
  /** The branch decides when its parent goes on: the parent's wait was spent as the branch's. */
  branchDecides(program: object, branch: number, parent: number): void
  handlerWaits(program: object, progress: number, what: HandlerWait): void
  callBegins(call: number, program: object, progress: number): void
  /** What becomes of the call is what becomes of another one that stands for it. */
  callPassesOn(call: number, inner: number): void
  callEnters(call: number, downstream: string, phase: CallPhase): void
  /** Nobody waits for it any more. */
  callLeaves(call: number): void
}

/** What became of an attempt without a function. */
export type UninvokedOutcome = 'succeeded' | 'failed' | 'timedOut' | 'refused'

/** What a handler does, other than wait for a downstream. */
export type HandlerWait = 'compute' | 'call' | 'backOff'

/** Where in a downstream a call is. */
export type CallPhase = 'network' | 'wait' | 'connection' | 'service'

/** Whose requests they are. */
export interface RequestOwner {
  readonly name: string
  ordinalOf(request: number): number
  /** When its caller first wanted it. */
  beganUs(request: number): number
}
