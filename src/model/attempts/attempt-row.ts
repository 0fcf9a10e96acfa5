import type { Attempt, GivenUpBy } from './attempt.ts'
import type { InvocationFacts } from './invocation-facts.ts'

/** An attempt, its fate and where its time went. */
export interface AttemptRow extends InvocationFacts {
  readonly replication: number
  /** When it was made. */
  readonly arrivedUs: number
  readonly producer: string
  readonly request: number
  /** Its number among the attempts of its request, event or message, from 1. */
  readonly attempt: number
  /** Whether it is the last one of its request; null: that is not known (events, messages, calls). */
  readonly isLast: boolean | null
  /** HTTP code that its front door answered; null: there is none, or no answer. */
  readonly status: number | null
  /** Who did not wait for its end. */
  readonly givenUpBy: GivenUpBy
  /**
   * Where the time of whoever waited went: whole microseconds, which add up to `callerUs`. What each
   * is, `partNames` says, which is the same in all rows of a scenario.
   */
  readonly parts: readonly number[]
  readonly partNames: readonly string[]
  /** From the end of the attempt before, or from the birth of the request. */
  readonly callerUs: number
  /** From the birth of the request: the `callerUs` of its attempts so far, added. */
  readonly elapsedUs: number
  /** How long it went on when nobody waited any more, until the end of the run at most. */
  readonly abandonedUs: number
}

/** What a row says beside what is known of its attempt and invocation. */
interface Told {
  readonly replication: number
  readonly parts: readonly number[]
  readonly partNames: readonly string[]
  readonly nowUs: number
}

/** Written out: spreading an object costs microseconds, and there are many rows. */
export function rowOf(
  attempt: Attempt,
  facts: InvocationFacts,
  { replication, parts, partNames, nowUs }: Told,
): AttemptRow {
  const { beganUs, status, totalUs, wantedUs } = attempt
  return {
    replication,
    arrivedUs: attempt.madeUs,
    producer: attempt.producer,
    request: attempt.request,
    attempt: attempt.number,
    isLast: attempt.isLast,
    status: status === 0 ? null : status,
    givenUpBy: attempt.givenUpBy,
    parts,
    partNames,
    callerUs: totalUs,
    elapsedUs: wantedUs - beganUs + totalUs,
    abandonedUs: attempt.abandonedUs(nowUs),
    functionName: facts.functionName,
    version: facts.version,
    outcome: facts.outcome,
    reason: facts.reason,
    start: facts.start,
    spilloverReason: facts.spilloverReason,
    environment: facts.environment,
    waitUs: facts.waitUs,
    placementUs: facts.placementUs,
    initUs: facts.initUs,
    restoreUs: facts.restoreUs,
    durationUs: facts.durationUs,
    callUs: facts.callUs,
    latencyUs: facts.latencyUs,
  }
}
