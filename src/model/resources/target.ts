import type { Scope } from '../metrics/catalogue-entry.ts'

/** The target has the message now. */
export const ACCEPTED = 0
/** Over a rate: a sender that retries may succeed. */
export const THROTTLED = 1
/** Never: too large, or the target is gone. A retry would meet the same. */
export const REJECTED = 2
/** The service does not answer at the moment. */
export const UNAVAILABLE = 3

export type Acceptance = 0 | 1 | 2 | 3

/**
 * Takes what others send: a queue, a topic, a bus, a stream, a table, a bucket, or a function's
 * asynchronous events. The sender does not know which.
 */
export interface Target {
  readonly scope: Scope
  readonly name: string
  /** Takes the message over, or says why not: then it stays the sender's to keep or to give up. */
  accept(message: number): Acceptance
}
