import type { Origin } from '../invocation/origin.ts'
import { BIRTH, ENTERED_US, type Messages, NONE, ORDINAL } from '../messages/message-store.ts'

/** When a message was last done with by an attempt, and how many attempts it has had. */
interface Delivery {
  /** Which message was in the slot, and since when in its place. */
  readonly birth: number
  readonly ordinal: number
  readonly enteredUs: number
  readonly endedUs: number
  readonly attempts: number
}

/** How long events and messages have waited since they entered, or since their last attempt. */
export class EventWaits {
  private readonly messages: Messages
  private readonly deliveries: (Delivery | undefined)[] = []

  constructor(messages: Messages) {
    this.messages = messages
  }

  /** The one that an attempt is named by. */
  firstOf(origin: Origin, invocation: number): number {
    let first = NONE
    this.forEach(origin, invocation, (message) => {
      if (first === NONE) first = message
    })
    return first
  }

  /** An attempt with these is over. */
  attempted(origin: Origin, invocation: number, nowUs: number): void {
    this.forEach(origin, invocation, (message) => this.note(message, nowUs))
  }

  /** Whole: the age of what is there at the start may have a fraction. */
  enteredUs(message: number): number {
    return -Math.floor(0.5 - this.messages.reals[4 * message + ENTERED_US]!)
  }

  /** Since when it waits for its next attempt. */
  sinceUs(message: number): number {
    return this.of(message)?.endedUs ?? this.enteredUs(message)
  }

  attempts(message: number): number {
    return this.of(message)?.attempts ?? 0
  }

  private note(message: number, nowUs: number): void {
    this.deliveries[message] = {
      birth: this.birthOf(message),
      ordinal: this.ordinalOf(message),
      enteredUs: this.enteredUs(message),
      endedUs: nowUs,
      attempts: this.attempts(message) + 1,
    }
  }

  /** Not what was in the slot before it, nor what happened to it in the place it was in before. */
  private of(message: number): Delivery | undefined {
    const delivery = this.deliveries[message]
    const isSame =
      delivery?.enteredUs === this.enteredUs(message) &&
      delivery.ordinal === this.ordinalOf(message) &&
      delivery.birth === this.birthOf(message)
    return isSame ? delivery : undefined
  }

  private forEach(origin: Origin, invocation: number, visit: (message: number) => void): void {
    if (origin.forEachDelivered !== undefined) origin.forEachDelivered(invocation, visit)
    else origin.forEachMessage!(invocation, visit)
  }

  private birthOf(message: number): number {
    return this.messages.shorts[16 * message + BIRTH]!
  }

  private ordinalOf(message: number): number {
    return this.messages.reals[4 * message + ORDINAL]!
  }
}
