/** A service with a number of servers and a waiting line in front of them: G/G/c/K. */
import { z } from 'zod'
import type { DownstreamEntry } from './downstream.ts'
import {
  contentionKey,
  errorRateKey,
  queueCapacityKey,
  type ServiceConfig,
  serverLimits,
  serversKey,
  serviceKey,
} from './keys.ts'
import { ServedDownstream } from './served.ts'

const schema = z.strictObject({
  type: z.literal('queueing-service'),
  service: serviceKey,
  servers: serversKey.meta({ description: 'How many calls it serves at once.' }),
  queueCapacity: queueCapacityKey.optional().meta({
    description: 'How many calls may wait beside those being served; more are refused.',
    defaultText: 'any number',
  }),
  contention: contentionKey.optional().meta({
    description: 'By how much the calls in service hold each other up; left out: not at all.',
  }),
  errorRate: errorRateKey,
})

export const queueingService: DownstreamEntry<ServiceConfig> = {
  kind: 'queueing-service',
  summary:
    'A service that works on a number of calls at once and lets others wait, first come, first served.',
  schema,
  callLimits: serverLimits,
  settable: ['servers', 'queueCapacity', 'errorRate'],
  assumptions: () => [
    {
      id: 'downstream-serves-on',
      statement:
        'A downstream works on a call to its end even when the caller does not wait any more; only what still waits in line is taken out.',
      confidence: 'assumed',
      source: 'servers rarely notice that a client has gone',
    },
  ],
  create: (name, config, world) => new ServedDownstream(name, config, world),
}
