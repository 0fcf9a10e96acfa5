import { z } from 'zod'
import { positiveDuration } from '../../units.ts'
import type { KeepAliveEntry } from './entry.ts'
import { describeLease, drawnLeases, type Lifetime, lifetime } from './lease.ts'

export interface FixedKeepAliveOptions {
  /** How long an environment may stay idle, us. */
  readonly idleTimeout: number
  /** How old it may become, us; left out: for ever. */
  readonly lifetime?: Lifetime | undefined
}

/** Every idle environment is retired after the same time. */
export const fixed: KeepAliveEntry<FixedKeepAliveOptions> = {
  kind: 'fixed',
  summary: 'Every environment is retired after the same idle time.',
  schema: z.strictObject({
    policy: z.literal('fixed'),
    idleTimeout: positiveDuration.meta({
      description: 'How long an environment may stay idle before it is retired.',
    }),
    lifetime: lifetime
      .optional()
      .meta({ description: 'How old an environment may become; left out: any age.' }),
  }),
  describe: describeLease,
  create: drawnLeases,
}
