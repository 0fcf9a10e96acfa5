/** What the shell is told. 99 is k6's number for the same thing, so habits of pipelines carry over. */
export const EXIT_FINE = 0
/** A defect of the simulator. */
export const EXIT_DEFECT = 1
/** Invalid scenario, file or usage. */
export const EXIT_INVALID = 2
/** A threshold was crossed. */
export const EXIT_THRESHOLD = 99
/** Ctrl-C; what was finished is kept. */
export const EXIT_INTERRUPTED = 130
