import { z } from 'zod'
import { namedGenerator } from '../../kernel/generator.ts'
import type { ArrivalProcessEntry } from './entry.ts'
import { EVEN_SPACINGS, OperationalTimeArrivals } from './operational-time.ts'
import {
  describeStagedRate,
  type StagedRateOptions,
  stagedRateFacts,
  stagedRateProfile,
  stagedRateSchema,
} from './staged-rate.ts'

/** Evenly spaced requests: arrival k comes where the cumulative rate reaches k + 1/2. */
export const constant: ArrivalProcessEntry<StagedRateOptions> = {
  kind: 'constant',
  summary: 'Evenly spaced requests at a rate, or in stages with ramps, without any randomness.',
  schema: stagedRateSchema(z.literal('constant')),
  describe: (options) => `Constant, ${describeStagedRate(options)}`,
  ...stagedRateFacts,
  create: (options) => ({
    kind: 'open',
    create: (context) =>
      new OperationalTimeArrivals({
        spacings: EVEN_SPACINGS,
        generator: namedGenerator(context.streamName('arrival')),
        origin: -0.5,
        profile: stagedRateProfile(options),
        durationUs: context.durationUs,
      }),
  }),
}
