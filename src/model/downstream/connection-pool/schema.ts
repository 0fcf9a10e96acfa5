import { z } from 'zod'
import { MICROSECONDS_PER_MILLISECOND } from '../../../kernel/time.ts'
import type { DistributionChoice } from '../../distributions/distribution.ts'
import { distributionSchema } from '../../distributions/index.ts'
import { duration, durationBetween, share, shown, size, wholeNumber } from '../../units.ts'
import { contentionKey, errorRateKey, type ServiceConfig, serversKey, serviceKey } from '../keys.ts'
import { defaultMaxConnections, ENGINE_NAMES, type InstanceConfig } from './default-limits.ts'

const CONNECTIONS = 'Amazon RDS user guide, "Quotas and constraints", maximum number of connections'
const PROXY = 'Amazon RDS user guide, "RDS Proxy connection considerations"'
const PROXY_API = 'Amazon RDS API reference, ConnectionPoolConfiguration'
export const PROXY_PRICING = 'aws.amazon.com/rds/proxy/pricing'
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
  vCpus: wholeNumber('vCpus', 1, 1_024).optional().meta({
    description: 'vCPUs of the database behind it, by which it is billed; at least 2 are.',
    defaultText: '2, the least (assumed)',
    source: PROXY_PRICING,
  }),
})

const LEAST_MEMORY_BYTES = 512 * 1_048_576
const MOST_MEMORY_BYTES = 32 * 1_099_511_627_776

const instanceKeys = z.strictObject({
  engine: z
    .enum(ENGINE_NAMES as [string, ...string[]], {
      error: ({ input }) =>
        `${shown(input)} is no known engine: known are ${ENGINE_NAMES.join(', ')}`,
    })
    .meta({ description: "AWS's name of the database engine." }),
  memory: size
    .refine((bytes) => bytes >= LEAST_MEMORY_BYTES && bytes <= MOST_MEMORY_BYTES, {
      error: 'the memory of a database instance is 512MB to 32768GB',
    })
    .meta({ description: 'Memory of the instance, as its class has it: 8GB.' }),
  deductedMemory: share
    .refine((part) => part < 1, { error: 'deductedMemory is below 100%' })
    .prefault('0%')
    .meta({
      description:
        'Share of the memory that the operating system and RDS keep for themselves, and that the formula does not count. AWS documents that they do, not how much; of 8 GB about 8%.',
      source: CONNECTIONS,
    }),
})

export const connectionPoolSchema = z
  .strictObject({
    type: z.literal('connection-pool'),
    maxConnections: wholeNumber('maxConnections', 1, 1_000_000).optional().meta({
      description: 'How many connections the database takes; more are refused.',
      defaultText: 'that of `database`; one of the two is required',
      source: CONNECTIONS,
    }),
    database: instanceKeys.optional().meta({
      description:
        'The instance of RDS or Aurora from whose engine and memory the default of maxConnections follows.',
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
  .refine(
    ({ maxConnections, database }) => maxConnections !== undefined || database !== undefined,
    {
      error:
        'how many connections does it take? Give maxConnections, or the database that has them: { engine: mysql, memory: 8GB }',
    },
  )

/** Of a proxy that the scenario says nothing of. */
export const DEFAULT_PROXY: ProxyConfig = proxyKeys.parse({})

export interface ProxyConfig {
  readonly maxConnectionsPercent: number
  readonly connectionBorrowTimeout: number
  readonly pinning: number
  readonly vCpus?: number | undefined
}

/** How many of a database's connections a proxy may open. */
export function lendableConnections(most: number, { maxConnectionsPercent }: ProxyConfig): number {
  // A share such as 95% of 1,000 is 950 whatever its last bit.
  return Math.max(1, Math.floor(most * maxConnectionsPercent + 1e-6))
}

export interface ConnectionPoolConfig extends ServiceConfig {
  readonly maxConnections?: number | undefined
  readonly database?: InstanceConfig | undefined
  readonly connection: 'per-environment' | 'per-invocation' | 'proxy'
  readonly connectionSetup?: DistributionChoice | undefined
  readonly proxy?: ProxyConfig | undefined
}

/** Whoever sets max_connections in a parameter group of their own overrides the default. */
export function mostConnections({ maxConnections, database }: ConnectionPoolConfig): number {
  if (maxConnections !== undefined) return maxConnections
  if (database === undefined) throw new RangeError('a database without a limit was let through')
  return defaultMaxConnections(database)
}
