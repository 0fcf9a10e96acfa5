import { z } from 'zod'
import { namedGenerator } from '../../kernel/generator.ts'
import type { ArrivalProcessEntry } from './entry.ts'
import { OperationalTimeArrivals } from './operational-time.ts'
import {
  describeStagedRate,
  type StagedRateOptions,
  stagedRateFacts,
  stagedRateProfile,
  stagedRateSchema,
} from './staged-rate.ts'
import { UNIT_EXPONENTIAL } from './unit-exponential.ts'

/** Independent callers: arrival k comes where the cumulative rate reaches k + 1 unit exponentials. */
export const poisson: ArrivalProcessEntry<StagedRateOptions> = {
  kind: 'poisson',
  summary: 'Independent callers: a Poisson process at a rate, or in stages with ramps.',
  schema: stagedRateSchema(z.literal('poisson').default('poisson')),
  describe: (options) => `Poisson, ${describeStagedRate(options)}`,
  ...stagedRateFacts,
  create: (options) => ({
    kind: 'open',
    create: (context) =>
      new OperationalTimeArrivals({
        spacings: UNIT_EXPONENTIAL,
        generator: namedGenerator(context.streamName('arrival')),
        origin: 0,
        profile: stagedRateProfile(options),
        durationUs: context.durationUs,
      }),
  }),
}
