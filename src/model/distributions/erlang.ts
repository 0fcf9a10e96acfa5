import { z } from 'zod'
import type { DistributionEntry } from './distribution.ts'
import { Gamma } from './gamma.ts'
import { positive } from './parameters.ts'

const MAXIMUM_SHAPE = 1_000_000

export interface ErlangOptions {
  readonly shape: number
  readonly mean: number
}

const SHAPE_ERROR = `shape is a whole number from 1 to ${MAXIMUM_SHAPE}`

/** The sum of `shape` independent exponentials is a gamma distribution with a whole shape. */
export const erlang: DistributionEntry<ErlangOptions> = {
  kind: 'erlang',
  summary: 'The time of several exponential phases, one after the other, with one mean in all.',
  schemaOf: ({ value }) =>
    z.strictObject({
      shape: z
        .int({ error: SHAPE_ERROR })
        .min(1, { error: SHAPE_ERROR })
        .max(MAXIMUM_SHAPE, { error: SHAPE_ERROR }),
      mean: positive(value),
    }),
  create: ({ shape, mean }) => new Gamma(shape, mean),
}
