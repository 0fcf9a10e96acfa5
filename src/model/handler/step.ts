import type { HandlerCall } from '../compiled-scenario.ts'

/** The handler goes on at once. */
export const DONE = 0
/** The handler goes on when it is answered. */
export const WAITING = 1
/** The SDK throws, and so does the handler. */
export const FAILED = 2

export type StepResult = 0 | 1 | 2

/** One step of what a handler does after its own time. The program does not know which kind it is. */
export interface Step {
  readonly settings: HandlerCall
  /** All targets exist. */
  connect(): void
  /**
   * Takes it for one of the items that the invocation works on. WAITING: the step has seen to it
   * that the program is resumed with this `progress`.
   */
  take(progress: number, item: number, repetition: number): StepResult
}
