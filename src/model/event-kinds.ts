/** The kinds of event that the simulation schedules; one switch in simulation.ts dispatches them. */
export const INVOCATION_ENDED = 1
export const ENVIRONMENT_INITIALISED = 2
export const ENVIRONMENT_TIMER = 3
export const SHUTDOWN_LANE = 4
export const ALLOCATION_COMPLETE = 5
export const PERIOD_ENDS = 6
export const WARM_UP_ENDS = 7
export const TIMELINE_STEP = 8
export const DEPLOYMENT_SHIFT = 9
export const USER_WAKES = 10
export const RUN_ENDS = 11
export const FUNCTION_TIMER = 12
export const BACKLOG_SAMPLE_DUE = 13
export const DRAIN_ENDS = 14
/** Kinds from here on belong to parts, one after the other. */
export const FIRST_PART_KIND = 64
