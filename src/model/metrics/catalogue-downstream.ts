import type { MetricEntry } from './catalogue-entry.ts'

const DOWNSTREAM = { scopes: ['downstream'], cloudWatch: false } as const
const CALLED = { scopes: ['table', 'downstream'], cloudWatch: false } as const

/**
 * Of what handlers call. Names and meanings of CloudWatch's: Amazon RDS user guide, "Amazon
 * CloudWatch metrics for Amazon RDS" and "Monitoring RDS Proxy metrics with Amazon CloudWatch".
 */
export const DOWNSTREAM_METRICS: readonly MetricEntry[] = [
  {
    ...CALLED,
    name: 'Calls',
    kind: 'counter',
    unit: 'count',
    help: 'Calls that came in, each attempt by itself; of a table also what producers write.',
  },
  {
    ...CALLED,
    name: 'CallFailures',
    kind: 'counter',
    unit: 'count',
    shareOf: ['Calls'],
    help: 'Calls answered with an error, those during an outage included.',
  },
  {
    ...DOWNSTREAM,
    name: 'CallThrottles',
    kind: 'counter',
    unit: 'count',
    shareOf: ['Calls'],
    help: 'Calls answered with 429, too many requests.',
  },
  {
    ...DOWNSTREAM,
    name: 'CallRefusals',
    kind: 'counter',
    unit: 'count',
    shareOf: ['Calls'],
    help: 'Calls refused because there was no room in the queue, or no connection left.',
  },
  {
    ...CALLED,
    name: 'CallTimeouts',
    kind: 'counter',
    unit: 'count',
    shareOf: ['Calls'],
    help: 'Calls whose caller did not wait for the answer: its own timeout, or the function timeout.',
  },
  {
    ...DOWNSTREAM,
    name: 'CallLatency',
    kind: 'duration',
    unit: 'ms',
    help: 'From the start of a call to its answer, of calls that succeeded.',
  },
  {
    ...DOWNSTREAM,
    name: 'QueueTime',
    kind: 'duration',
    unit: 'ms',
    help: 'How long a call waited in line before it was served; 0 counts.',
  },
  {
    ...DOWNSTREAM,
    name: 'ServiceTime',
    kind: 'duration',
    unit: 'ms',
    help: 'How long a call was worked on, whether or not its caller still waited.',
  },
  {
    ...CALLED,
    name: 'OpenCalls',
    kind: 'gauge',
    unit: 'count',
    help: 'Calls whose caller waits for the answer.',
  },
  {
    ...DOWNSTREAM,
    name: 'CallsInService',
    kind: 'gauge',
    unit: 'count',
    help: 'Calls being worked on, also those that nobody waits for any more.',
  },
  {
    ...DOWNSTREAM,
    name: 'QueueLength',
    kind: 'gauge',
    unit: 'count',
    help: 'Calls that wait in line to be served.',
  },
  {
    name: 'DatabaseConnections',
    scopes: ['downstream'],
    kind: 'gauge',
    unit: 'count',
    cloudWatch: true,
    help: 'Connections to the database.',
  },
  {
    ...DOWNSTREAM,
    name: 'ConnectionErrors',
    kind: 'counter',
    unit: 'count',
    shareOf: ['Calls'],
    help: 'Calls that got no connection: too many were open, or borrowing one took too long.',
  },
  {
    ...DOWNSTREAM,
    name: 'BorrowTimeouts',
    kind: 'counter',
    unit: 'count',
    help: 'Calls that waited for a connection of the proxy longer than its borrow timeout.',
  },
  {
    name: 'DatabaseConnectionsBorrowLatency',
    scopes: ['downstream'],
    kind: 'duration',
    unit: 'ms',
    cloudWatch: true,
    help: 'How long a call waited for a connection of the proxy.',
  },
  {
    name: 'DatabaseConnectionsCurrentlySessionPinned',
    scopes: ['downstream'],
    kind: 'gauge',
    unit: 'count',
    cloudWatch: true,
    help: 'Connections of the proxy that are pinned: their environments keep them.',
  },
  {
    ...DOWNSTREAM,
    name: 'CacheHits',
    kind: 'counter',
    unit: 'count',
    shareOf: ['CacheHits', 'CacheMisses'],
    help: 'Calls that the cache answered itself.',
  },
  {
    ...DOWNSTREAM,
    name: 'CacheMisses',
    kind: 'counter',
    unit: 'count',
    help: 'Calls that the cache passed on to what is behind it.',
  },
]
