/** A database with a limit of connections, reached directly or through a proxy. */
import { MICROSECONDS_PER_SECOND } from '../../../kernel/time.ts'
import type { Assumption } from '../../compiled-scenario.ts'
import { createDistribution } from '../../distributions/index.ts'
import type { CallLimit } from '../../entry.ts'
import type { DownstreamEntry } from '../downstream.ts'
import { serverLimits } from '../keys.ts'
import { defaultMaxConnections, type InstanceConfig } from './default-limits.ts'
import { DirectConnections } from './direct.ts'
import { ProxiedConnections } from './proxied.ts'
import { proxyBill } from './proxy-bill.ts'
import {
  type ConnectionPoolConfig,
  connectionPoolSchema,
  DEFAULT_PROXY,
  lendableConnections,
  mostConnections,
} from './schema.ts'

function defaultLimit(database: InstanceConfig): Assumption {
  const limit = defaultMaxConnections(database)
  return {
    id: `default-max-connections-${database.engine}-${limit}`,
    statement: `A database of engine ${database.engine} takes ${limit.toString()} connections, by the formula for its nominal memory${database.deductedMemory > 0 ? ' without what is deducted' : '; RDS deducts some of it, so that there are fewer in truth'}.`,
    confidence: 'documented',
    source:
      'Amazon RDS user guide, "Quotas and constraints"; how much is deducted is not documented',
  }
}

/** A proxy lends connections for single calls, everybody else holds one while an invocation goes on. */
function connectionLimit(config: ConnectionPoolConfig): CallLimit {
  const most = mostConnections(config)
  const common = { limit: 'connections', unit: 'in use' } as const
  if (config.connection !== 'proxy') {
    return { ...common, allowed: most, perCall: null, effect: 'is refused' }
  }
  const heldSeconds = createDistribution(config.service).mean / MICROSECONDS_PER_SECOND
  const allowed = lendableConnections(most, config.proxy ?? DEFAULT_PROXY)
  return { ...common, allowed, perCall: () => heldSeconds, effect: 'waits' }
}

export const connectionPool: DownstreamEntry<ConnectionPoolConfig> = {
  kind: 'connection-pool',
  summary: 'A database that takes a number of connections, directly or through a proxy.',
  schema: connectionPoolSchema,
  settable: ['maxConnections', 'servers', 'errorRate'],
  warnings: ({ connection, proxy, maxConnections, database }) => [
    ...(connection === 'proxy' || proxy === undefined
      ? []
      : [`\`proxy\` takes no part: connection is ${connection}`]),
    ...(maxConnections === undefined || database === undefined
      ? []
      : [`\`database\` takes no part: maxConnections is ${maxConnections}`]),
  ],
  assumptions: ({ connection, connectionSetup, maxConnections, database }) => [
    ...(maxConnections !== undefined || database === undefined ? [] : [defaultLimit(database)]),
    ...(connectionSetup === undefined
      ? [
          {
            id: 'connection-setup',
            statement: 'Opening a database connection takes 50ms.',
            confidence: 'assumed' as const,
            source: '20 to 100 ms for TCP, TLS and log-in are common; state it in connectionSetup',
            alternatives: ['20ms', '100ms'].map((label) => ({
              label,
              set: { connectionSetup: label },
            })),
          },
        ]
      : []),
    connection === 'proxy'
      ? {
          id: 'proxy-keeps-connections',
          statement:
            'A proxy opens database connections when it needs them and keeps them; a call borrows one for its own length.',
          confidence: 'assumed' as const,
          source: 'Amazon RDS user guide, "RDS Proxy connection considerations"',
        }
      : {
          id: 'connections-close-at-once',
          statement:
            'When its environment is retired or reset, a connection is closed at once, and the database knows it.',
          confidence: 'assumed' as const,
          source: 'a database may take minutes to notice that a client has gone',
        },
  ],
  callLimits: (config) => [connectionLimit(config), ...serverLimits(config)],
  callPhases: ['wait', 'connection', 'service'],
  bill: ({ connection, proxy }) => (connection === 'proxy' ? proxyBill(proxy?.vCpus) : []),
  create: (name, config, world) =>
    config.connection === 'proxy'
      ? new ProxiedConnections(name, config, world)
      : new DirectConnections(name, config, world),
}
