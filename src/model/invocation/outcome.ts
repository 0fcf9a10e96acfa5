/** How an attempt ended; everything but SUCCEEDED is a function error. */
export const SUCCEEDED = 0
export const HANDLER_ERROR = 1
export const CRASHED = 2
export const OUT_OF_MEMORY = 3
export const TIMED_OUT = 4
export const INIT_ERROR = 5

/** The names of `failures` in a scenario, by outcome. */
export const OUTCOME_REASONS: readonly string[] = [
  '',
  'error',
  'crash',
  'outOfMemory',
  'timeout',
  'initError',
]

/** What served an admitted request. */
export const WARM = 1
export const COLD = 2
export const PROVISIONED = 3
/** Begun as a cold start, but another environment became free first. */
export const HANDED_OVER = 4

export const NOT_SPILLED = 0
export const SPILLED_BUSY = 1
export const SPILLED_RATE = 2
/** Configured but not ready yet: no spillover in CloudWatch's sense, but worth saying. */
export const SPILLED_ALLOCATING = 3

export const SPILLOVER_REASONS: readonly string[] = ['', 'busy', 'rate', 'allocating']
