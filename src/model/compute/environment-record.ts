/** Fields of an execution environment (see RecordStore). The first cache line: doubles 0-4, int32s 10-15. */

export const ORDINAL = 0
export const IDLE_SINCE_US = 1
export const IDLE_TIMEOUT_US = 2
export const END_OF_LIFE_US = 3
/** When its timer will fire; Infinity when none is armed. */
export const TIMER_US = 4

/** Index of its pool. */
export const POOL = 10
/** One of the states below. */
export const STATE = 11
/** NEEDS_* flags. */
export const NEEDS = 12
/** HAS_* flags. */
export const TRAITS = 13

/** The second line. */
/** Of the init under way or past. */
export const PLACEMENT_US = 8
export const INIT_US = 9
/** While initialising: the attempt it was begun for, -1 when that was served elsewhere. */
export const OWNER = 20
/** How many inits it has been through: the next draw's index. */
export const INITS = 21

/** What an environment is doing. */
export const INITIALISING = 1
export const BUSY = 2
export const IDLE = 3
/** Its runtime is being shut down after a crash or timeout; it will be idle again. */
export const RESETTING = 4
export const RETIRED = 5

/** Why an invocation on this environment needs more than the handler's time. */
export const NEEDS_FIRST_INVOCATION = 1
export const NEEDS_INIT = 2

/** Initialised ahead of any request. */
export const IS_PROACTIVE = 1
/** Lambda replaces it ahead of the end of its life. */
export const IS_REPLACED_AHEAD = 2
/** No invocation has run on it yet. */
export const IS_UNUSED = 4
