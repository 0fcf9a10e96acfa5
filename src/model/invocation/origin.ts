/**
 * Who made an attempt and is told its fate: a producer of traffic, later an event source or a
 * state machine. The invocation does not know which.
 */
export interface Origin {
  readonly name: string
  /** Hash of the name, for the fingerprint. */
  readonly hash: number
  /** It tries again what was refused for concurrency or rate: such throttles lose nothing. */
  readonly retriesThrottles?: boolean
  /** Refused at admission; `cause` as in throttle-cause.ts. */
  onRefused(invocation: number, cause: number): void
  /** The attempt ended with this outcome. Only integers: a double is allocated at such a call. */
  onEnded(invocation: number, outcome: number): void
  /** The number of the attempt among those of its request, from 1; left out: it is the only one. */
  attemptOf?(invocation: number): number
  /**
   * The messages, events or records that the handler processed: those of the invocation without
   * those that it reports as failed. Left out: it works on a plain request.
   */
  forEachMessage?(invocation: number, visit: (message: number) => void): void
  /**
   * All that the invocation was made with and still holds, first the one that it is named by. Left
   * out: the same as above.
   */
  forEachDelivered?(invocation: number, visit: (message: number) => void): void
}
