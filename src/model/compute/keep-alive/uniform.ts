import { z } from 'zod'
import type { KeepAliveEntry } from './entry.ts'
import {
  type DurationRange,
  describeLease,
  drawnLeases,
  durationRange,
  type Lifetime,
  lifetime,
} from './lease.ts'

export interface UniformKeepAliveOptions {
  /** Each environment draws its idle timeout from this range once, us. */
  readonly idleTimeout: DurationRange
  /** How old it may become, us; left out: for ever. */
  readonly lifetime?: Lifetime | undefined
}

/** Each environment has its own idle timeout, drawn evenly from a range. */
export const uniform: KeepAliveEntry<UniformKeepAliveOptions> = {
  kind: 'uniform',
  summary: 'Each environment draws its idle timeout from a range.',
  schema: z.strictObject({
    policy: z.literal('uniform'),
    idleTimeout: durationRange.meta({
      description: 'The range from which each environment draws how long it may stay idle.',
    }),
    lifetime: lifetime
      .optional()
      .meta({ description: 'How old an environment may become; left out: any age.' }),
  }),
  describe: describeLease,
  create: drawnLeases,
}
