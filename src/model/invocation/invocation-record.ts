/** Fields of an attempt in flight (see RecordStore). The first cache line: doubles 0-4, int32s 10-15. */

/** Ordinal of the request at its origin. */
export const ORDINAL = 0
export const ARRIVED_US = 1
/** Time before its code started: placement, init or waiting, carried with its fraction. */
export const DELAY_US = 2
/** First the handler's own time, from the start on all that `Duration` covers. */
export const DURATION_US = 3
/** The request's failure draw in [0, 1). */
export const FAILURE_DRAW = 4

/** Index of the origin. */
export const ORIGIN = 10
/** Index of the qualifier by which the function was called. */
export const QUALIFIER = 11
/** Why provisioned concurrency did not serve it. */
export const SPILLOVER = 12
/** The environment that runs it or is being initialised for it. */
export const ENVIRONMENT = 13
/** WARM, COLD, PROVISIONED or HANDED_OVER. */
export const START = 14
export const OUTCOME = 15

/** The second line, written only where it means something. */
/** Of a cold start. */
export const PLACEMENT_US = 8
export const INIT_US = 9
/** Neighbours in its pool's list of waiting attempts; -1 at the ends. */
export const NEXT = 21
export const PREVIOUS = 22
