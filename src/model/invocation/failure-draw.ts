import type { FailureShares } from '../compiled-scenario.ts'
import { CRASHED, HANDLER_ERROR, OUT_OF_MEMORY, TIMED_OUT } from './outcome.ts'

/** Which failure a draw below the sum of the shares means. */
export function failureOf(failures: FailureShares, draw: number): number {
  let bound = failures.error
  if (draw < bound) return HANDLER_ERROR
  bound += failures.crash
  if (draw < bound) return CRASHED
  bound += failures.outOfMemory
  return draw < bound ? OUT_OF_MEMORY : TIMED_OUT
}
