/** Types that several sections of the schema share. */
import { z } from 'zod'
import { distributionSchema } from '../../model/distributions/index.ts'
import { duration, shown } from '../../model/units.ts'

/** Entities and aliases: they appear in references, paths and CSV columns. */
export const NAME_PATTERN = /^[A-Za-z][A-Za-z0-9_-]{0,63}$/

export const name = z.string().regex(NAME_PATTERN, {
  error: (issue) =>
    `${shown(issue.input)} is not a name: a letter, then up to 63 letters, digits, - or _`,
})

/** A distribution of durations, in us; a bare duration is constant. */
export const durationDistribution = distributionSchema(duration)

/** An enumeration from a list of the model. */
export function oneOf<const Values extends readonly string[]>(values: Values) {
  return z.enum(values as unknown as [Values[number], ...Values[number][]])
}
