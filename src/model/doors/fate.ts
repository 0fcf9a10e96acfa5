/** What becomes of a request that comes to a front door. */
export const ANSWERED = 0
/** Over a rate or quota of the door itself. */
export const REFUSED_BY_DOOR = 1
/** Lambda refused the invocation for concurrency or rate. */
export const REFUSED_BY_LAMBDA = 2
/** The function failed: exception, crash, out of memory, failed init. */
export const FUNCTION_FAILED = 3
export const FUNCTION_TIMED_OUT = 4
/** The door did not wait longer; the function runs on and is billed. */
export const INTEGRATION_TIMED_OUT = 5

export type Fate = 0 | 1 | 2 | 3 | 4 | 5

/** HTTP status codes by fate: what the client is answered. */
export type Answers = readonly [number, number, number, number, number, number]

export const THROTTLING_CODE = 429

const FATES: readonly Fate[] = [
  ANSWERED,
  REFUSED_BY_DOOR,
  REFUSED_BY_LAMBDA,
  FUNCTION_FAILED,
  FUNCTION_TIMED_OUT,
  INTEGRATION_TIMED_OUT,
]

/** The fates whose code begins with this digit. */
export function fatesOf(answers: Answers, firstDigit: number): readonly Fate[] {
  return FATES.filter((fate) => Math.floor(answers[fate]! / 100) === firstDigit)
}
