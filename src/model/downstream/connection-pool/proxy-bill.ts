import type { Assumption } from '../../compiled-scenario.ts'
import type { Charge } from '../../pricing/charge.ts'
import { PROXY_PRICING } from './schema.ts'

/** A proxy is billed for as many vCPUs of its database at least. */
const LEAST_VCPUS = 2

const SMALLEST: Assumption = {
  id: 'proxy-vcpus',
  statement: `A proxy whose proxy.vCpus is left out is billed for ${LEAST_VCPUS} vCPUs of its database, which is the least.`,
  confidence: 'assumed',
  source: `${PROXY_PRICING}; how many there are, the scenario does not say`,
}

/** By the clock, whatever goes through it. */
export function proxyBill(vCpus: number | undefined): readonly Charge[] {
  return [
    {
      product: 'rdsProxy',
      amount: (_, { lengthUs }) => lengthUs,
      times: Math.max(LEAST_VCPUS, vCpus ?? LEAST_VCPUS),
      ...(vCpus === undefined ? { assumption: SMALLEST } : {}),
    },
  ]
}
