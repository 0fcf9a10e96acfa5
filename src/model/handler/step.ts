import type { StepSettings } from '../compiled-scenario.ts'
import type { CounterSeries } from '../metrics/series.ts'

/** The handler goes on at once. */
export const DONE = 0
/** The handler goes on when it is answered. */
export const WAITING = 1
/** The SDK throws, and so does the handler. */
export const FAILED = 2

export type StepResult = 0 | 1 | 2

/** One step of what a handler does after its own time. The program does not know which kind it is. */
export interface Step {
  readonly settings: StepSettings
  /** What the handler waits for is its own time, not that of a call. */
  readonly isOwnTime?: boolean
  /** All targets exist. */
  connect?(): void
  /**
   * Takes it for one of the items that the invocation works on. WAITING: the step has seen to it
   * that the program is resumed with this `progress`.
   */
  take(progress: number, item: number, repetition: number): StepResult
  /** The function timeout has struck while the handler waited for this: whom it called runs on, unheard. */
  abandon?(waitingFor: number): void
  /** An invocation that may have taken it is over in this environment. */
  end?(environment: number): void
  /** The run is over: the sums have to be right. */
  checkBooks?(): void
}

/** The program that a step belongs to, as steps see it that make it wait. */
export interface Program {
  /** The execution environment in which `progress` is made. */
  environmentOf(progress: number): number
  /** The handler waits, for something that the step knows by `waitingFor`. */
  wait(progress: number, waitingFor: number): void
  /** The counter of calls that the function's handlers try again. */
  countRetries(): CounterSeries
  /** It waits on, now for this. */
  waitOn(progress: number, waitingFor: number): void
  /** What it waited for is over. Only in an event of its own. */
  resume(progress: number, isGood: boolean): void
}
