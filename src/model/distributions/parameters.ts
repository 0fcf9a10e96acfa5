/** Option types that several families share. */
import { z } from 'zod'

/** A value of the distribution's unit that is not zero. */
export function positive(value: z.ZodType<number>): z.ZodType<number> {
  return value.refine((parsed) => parsed > 0, { error: 'must be greater than 0' })
}

/** A plain number between two bounds, both allowed. */
export function numberBetween(what: string, minimum: number, maximum: number): z.ZodType<number> {
  const error = `${what} is a number from ${minimum} to ${maximum}`
  return z.number({ error }).min(minimum, { error }).max(maximum, { error })
}

/** Complains at `key` unless the first value is below the second. */
export function requireOrder(
  context: z.RefinementCtx,
  [lowName, low]: readonly [string, number],
  [highName, high]: readonly [string, number],
): void {
  if (low < high) return
  context.addIssue({
    code: 'custom',
    path: [highName],
    message: `${highName} must be greater than ${lowName}`,
    input: high,
  })
}
