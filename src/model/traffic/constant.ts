import { z } from 'zod'
import type { ArrivalProcessEntry } from './entry.ts'
import { EVEN_SPACINGS } from './operational-time.ts'
import { type StagedRateOptions, stagedRateProcess } from './staged-rate.ts'

/** Evenly spaced requests: arrival k comes where the cumulative rate reaches k + 1/2. */
export const constant: ArrivalProcessEntry<StagedRateOptions> = stagedRateProcess({
  kind: 'constant',
  summary: 'Evenly spaced requests at a rate, or in stages with ramps, without any randomness.',
  process: z.literal('constant'),
  title: 'Constant',
  spacings: EVEN_SPACINGS,
  origin: -0.5,
})
