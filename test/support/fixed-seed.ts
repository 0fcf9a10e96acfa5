import fc from 'fast-check'

/**
 * Property tests draw the same cases every time, so that a failure belongs to a change and not to
 * chance. SPILLWAY_PROPERTY_SEED looks elsewhere.
 */
fc.configureGlobal({ seed: Number(process.env.SPILLWAY_PROPERTY_SEED ?? 1) })
