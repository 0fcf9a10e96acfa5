/** The visible messages of a queue, and in which order they are received. */
export interface WaitingMessages {
  /** Visible messages. */
  readonly length: number
  /** Which message is received next; NONE when none may be at the moment. */
  next(): number
  /** Becomes visible for the first time. */
  arrive(message: number): void
  /** The one that `next` said is received: no longer visible. */
  take(message: number): void
  /** One call of ReceiveMessage is over. */
  endReceive(): void
  /** Is visible again after its visibility timeout; `toBack`: behind all others. */
  comeBack(message: number, toBack: boolean): void
  /** A received message is gone for good. */
  forget(message: number): void
  /** A visible message leaves the queue. */
  remove(message: number): void
}

/** In `DUE_US` of a visible message, which has nothing due: which list it is in. */
export const VISIBLE = -1
export const VISIBLE_AGAIN = -2
