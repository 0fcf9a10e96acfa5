import { Fingerprint } from '../kernel/fingerprint.ts'
import type { Simulator } from '../kernel/simulator.ts'
import type { TimeParts } from './time-parts.ts'

/** The closed list of what can happen to a request or an environment. */
export const ARRIVED = 1
export const REFUSED = 2
/** Admitted, and waits for an environment to be initialised. */
export const WAITING = 3
/** The function's code begins. */
export const STARTED = 4
export const ENDED = 5
export const ENVIRONMENT_CREATED = 6
export const ENVIRONMENT_READY = 7
export const ENVIRONMENT_IDLE = 8
export const ENVIRONMENT_RETIRED = 9
/** A message is sent to a node that takes it, or does not. */
export const MESSAGE_SENT = 10
export const MESSAGE_REFUSED = 11
/** A message is handed to a function or a poller, comes back, or is done with. */
export const MESSAGE_RECEIVED = 12
export const MESSAGE_RETURNED = 13
export const MESSAGE_ENDED = 14
/** A caller's own timeout strikes; the attempt goes on without it. */
export const CALLER_GAVE_UP = 15
/** A client refuses a request or an attempt by itself. */
export const NOT_CALLED = 16
/** An execution of a state machine. */
export const EXECUTION_STARTED = 17
export const STATE_ENTERED = 18
export const EXECUTION_ENDED = 19

/** Sees every transition; `subject` is the slot of the invocation, environment, message or request. */
export interface TransitionView {
  onTransition(code: number, subject: number): void
}

/**
 * The one place that every transition passes. The fingerprint always listens; a view, when there
 * is one, costs one predictable branch.
 */
export class Transitions {
  readonly fingerprint = new Fingerprint()
  view: TransitionView | null = null
  /** Told where time goes, by those who know; null: nobody asks. */
  timeParts: TimeParts | null = null
  private readonly simulator: Simulator

  constructor(simulator: Simulator) {
    this.simulator = simulator
  }

  /**
   * `entity` is the hash of the producer's or function's name, `ordinal` the request's or
   * environment's. Only int32s: a double would be allocated anew wherever this is not inlined.
   */
  announce(code: number, entity: number, ordinal: number, subject: number): void {
    this.fingerprint.mix(code, this.simulator.nowUs, entity, ordinal)
    if (this.view !== null) this.view.onTransition(code, subject)
  }
}

/** An ordinal of up to 53 bits as an int32. */
export function foldOrdinal(ordinal: number): number {
  return ordinal ^ (ordinal * 2.3283064365386963e-10)
}
