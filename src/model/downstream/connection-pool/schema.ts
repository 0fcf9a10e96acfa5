import { z } from 'zod'
import { MICROSECONDS_PER_MILLISECOND } from '../../../kernel/time.ts'
import type { DistributionChoice } from '../../distributions/distribution.ts'
import { distributionSchema } from '../../distributions/index.ts'
import { duration, durationBetween, share, wholeNumber } from '../../units.ts'
import { contentionKey, errorRateKey, type ServiceConfig, serversKey, serviceKey } from '../keys.ts'

const CONNECTIONS = 'Amazon RDS user guide, "Quotas and constraints", maximum number of connections'
const PROXY = 'Amazon RDS user guide, "RDS Proxy connection considerations"'
const PROXY_API = 'Amazon RDS API reference, ConnectionPoolConfiguration'
const LONGEST_BORROW_TIMEOUT_US = 300_000_000

/** A connection takes this long to set up where the scenario does not say (assumed). */
export const ASSUMED_SETUP_US = 50 * MICROSECONDS_PER_MILLISECOND

const proxyKeys = z.strictObject({
  maxConnectionsPercent: share
    .refine((part) => part >= 0.01, { error: 'maxConnectionsPercent is 1% to 100%' })
    .prefault('100%')
    .meta({
      description: 'Share of maxConnections that the proxy may open.',
      source: PROXY_API,
    }),
  connectionBorrowTimeout: durationBetween(0, LONGEST_BORROW_TIMEOUT_US).prefault('120s').meta({
    description: 'How long a call waits for a free connection before it fails, 0s to 5m.',
    source: PROXY_API,
  }),
  pinning: share.prefault('0%').meta({
    description:
      'Share of the calls that pin their connection (temporary tables, SET, locks): the environment keeps it from then on.',
    source: PROXY,
  }),
})

export const connectionPoolSchema = z.strictObject({
  type: z.literal('connection-pool'),
  maxConnections: wholeNumber('maxConnections', 1, 1_000_000).meta({
    description: 'How many connections the database takes; more are refused.',
    source: CONNECTIONS,
  }),
  connection: z
    .enum(['per-environment', 'per-invocation', 'proxy'], {
      error: 'connection is per-environment, per-invocation or proxy',
    })
    .prefault('per-environment')
    .meta({
      description:
        'Whose a connection is: the environment keeps it between invocations; each invocation opens and closes its own; a proxy lends one for each call.',
    }),
  connectionSetup: distributionSchema(duration).optional().meta({
    description: 'How long opening a connection takes: a distribution or a duration.',
    defaultText: '50ms (assumed)',
  }),
  service: serviceKey.meta({
    description: 'How long the database works on one call: a distribution or a duration.',
  }),
  servers: serversKey.optional().meta({
    description: 'How many calls it works on at once; others wait on their connections.',
    defaultText: 'one for each connection',
  }),
  contention: contentionKey.optional().meta({
    description: 'By how much the calls in service hold each other up; left out: not at all.',
  }),
  errorRate: errorRateKey,
  proxy: proxyKeys
    .optional()
    .meta({ description: 'Only with `connection: proxy`.', defaultText: 'its defaults' }),
})

/** Of a proxy that the scenario says nothing of. */
export const DEFAULT_PROXY: ProxyConfig = proxyKeys.parse({})

export interface ProxyConfig {
  readonly maxConnectionsPercent: number
  readonly connectionBorrowTimeout: number
  readonly pinning: number
}

export interface ConnectionPoolConfig extends ServiceConfig {
  readonly maxConnections: number
  readonly connection: 'per-environment' | 'per-invocation' | 'proxy'
  readonly connectionSetup?: DistributionChoice | undefined
  readonly proxy?: ProxyConfig | undefined
}
