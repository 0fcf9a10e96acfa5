/** Keys that several types share. */
import { z } from 'zod'
import { MICROSECONDS_PER_SECOND } from '../../kernel/time.ts'
import type { DistributionChoice } from '../distributions/distribution.ts'
import { createDistribution, distributionSchema } from '../distributions/index.ts'
import type { CallLimit } from '../entry.ts'
import { duration, share, wholeNumber } from '../units.ts'
import type { Contention } from './service.ts'

const UNIVERSAL_SCALABILITY = 'N. J. Gunther, "Guerrilla Capacity Planning" (2007), chapter 4'

export const MOST_SERVERS = 1_000_000

export const serviceKey = distributionSchema(duration).meta({
  description: 'How long it works on one call: a distribution or a duration.',
})

export const errorRateKey = share.prefault('0%').meta({
  description: 'Share of the calls that it serves and answers with an error.',
})

const coefficient = (description: string) =>
  z
    .number({ error: 'a coefficient is a number' })
    .min(0, { error: 'a coefficient is not below 0' })
    .max(1, { error: 'a coefficient is at most 1' })
    .prefault(0)
    .meta({ description, source: UNIVERSAL_SCALABILITY })

export const contentionKey = z.strictObject({
  sigma: coefficient(
    'Contention: what each other call in service adds, as a share of the service.',
  ),
  kappa: coefficient(
    'Coherence: what each pair of calls in service adds, as a share of the service.',
  ),
})

export const serversKey = wholeNumber('servers', 1, MOST_SERVERS)

export const queueCapacityKey = wholeNumber('queueCapacity', 0, 100_000_000)

/** For explain: servers are busy for as long as a call is served. */
export function serverLimits({ servers, service }: ServiceConfig): readonly CallLimit[] {
  if (servers === undefined) return []
  const busySeconds = createDistribution(service).mean / MICROSECONDS_PER_SECOND
  return [
    {
      limit: 'servers',
      unit: 'busy',
      allowed: servers,
      perCall: () => busySeconds,
      effect: 'waits',
    },
  ]
}

export interface ServiceConfig {
  readonly service: DistributionChoice
  readonly errorRate: number
  readonly servers?: number | undefined
  readonly queueCapacity?: number | undefined
  readonly contention?: Contention | undefined
}
