import { z } from 'zod'
import type { ArrivalProcessEntry } from './entry.ts'
import { type StagedRateOptions, stagedRateProcess } from './staged-rate.ts'
import { UNIT_EXPONENTIAL } from './unit-exponential.ts'

/** Independent callers: arrival k comes where the cumulative rate reaches k + 1 unit exponentials. */
export const poisson: ArrivalProcessEntry<StagedRateOptions> = stagedRateProcess({
  kind: 'poisson',
  summary: 'Independent callers: a Poisson process at a rate, or in stages with ramps.',
  process: z.literal('poisson').default('poisson'),
  title: 'Poisson',
  spacings: UNIT_EXPONENTIAL,
  origin: 0,
})
