/** A service that takes every call at once and gets slower the more it works on. */
import { z } from 'zod'
import type { DownstreamEntry } from './downstream.ts'
import { contentionKey, errorRateKey, type ServiceConfig, serviceKey } from './keys.ts'
import { ServedDownstream } from './served.ts'

const schema = z.strictObject({
  type: z.literal('degrading'),
  service: serviceKey,
  contention: contentionKey.meta({
    description: 'By how much the calls in service hold each other up.',
  }),
  errorRate: errorRateKey,
})

export const degrading: DownstreamEntry<ServiceConfig> = {
  kind: 'degrading',
  summary: 'A service that takes every call at once and gets slower the more it works on.',
  schema,
  settable: ['contention.sigma', 'contention.kappa', 'errorRate'],
  assumptions: () => [
    {
      id: 'downstream-contention',
      statement:
        'By how much others slow a call down is fixed when its service begins, by the universal scalability law.',
      confidence: 'assumed',
      source: 'N. J. Gunther, "Guerrilla Capacity Planning" (2007), chapter 4',
    },
  ],
  create: (name, config, world) => new ServedDownstream(name, config, world),
}
