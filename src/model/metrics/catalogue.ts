import { CLIENT_METRICS } from './catalogue-clients.ts'
import { COMPUTE_METRICS } from './catalogue-compute.ts'
import { DOOR_METRICS } from './catalogue-doors.ts'
import { DOWNSTREAM_METRICS } from './catalogue-downstream.ts'
import type { MetricEntry, Scope, Statistic } from './catalogue-entry.ts'
import { MESSAGING_METRICS } from './catalogue-messaging.ts'
import { NETWORK_METRICS } from './catalogue-network.ts'
import { TABLE_METRICS } from './catalogue-table.ts'
import { WORKFLOW_METRICS } from './catalogue-workflow.ts'

/** Order of scopes in every output. */
export const SCOPES: readonly Scope[] = [
  'account',
  'function',
  'alias',
  'event',
  'api',
  'traffic',
  'queue',
  'topic',
  'bus',
  'stream',
  'table',
  'bucket',
  'downstream',
  'network',
  'capacityProvider',
  'stateMachine',
]

/** Every metric once. Meanings of CloudWatch's: Lambda developer guide, "Types of metrics for Lambda functions". */
export const METRICS: readonly MetricEntry[] = [
  ...ofCalls(),
  ...COMPUTE_METRICS,
  ...CLIENT_METRICS,
  ...MESSAGING_METRICS,
  ...TABLE_METRICS,
  ...DOWNSTREAM_METRICS,
  ...DOOR_METRICS,
  ...NETWORK_METRICS,
  ...WORKFLOW_METRICS,
]

/** Of functions that are called, and of those who call them. */
function ofCalls(): readonly MetricEntry[] {
  return [
    {
      name: 'Invocations',
      scopes: ['function'],
      kind: 'counter',
      unit: 'count',
      cloudWatch: true,
      help: 'Attempts whose function code started, successful or not; refused attempts are not among them.',
    },
    {
      name: 'Errors',
      scopes: ['function'],
      kind: 'counter',
      unit: 'count',
      shareOf: ['Invocations'],
      cloudWatch: true,
      help: 'Invocations that ended in a function error: exception, crash, out of memory, failed init or timeout. Counted at their end.',
    },
    {
      name: 'Throttles',
      scopes: ['function'],
      kind: 'counter',
      unit: 'count',
      shareOf: ['Invocations', 'Throttles'],
      cloudWatch: true,
      help: 'Attempts refused for concurrency or rate, whoever made them.',
    },
    {
      name: 'ColdStarts',
      scopes: ['function'],
      kind: 'counter',
      unit: 'count',
      shareOf: ['Invocations'],
      cloudWatch: false,
      help: 'Environments that Lambda began to initialise because a request found none; not provisioned, proactive or suppressed inits.',
    },
    {
      name: 'Duration',
      scopes: ['function'],
      kind: 'duration',
      unit: 'ms',
      cloudWatch: true,
      help: 'Time in the handler, cold start excluded; a suppressed init is part of it.',
    },
    {
      name: 'BilledDuration',
      scopes: ['function'],
      kind: 'counter',
      unit: 'ms',
      cloudWatch: false,
      summaryOnly: true,
      help: 'Milliseconds billed for ended invocations: duration, and init where the platform of that date bills it, rounded up per invocation.',
    },
    {
      name: 'ProvisionedInitBilledDuration',
      scopes: ['function'],
      kind: 'counter',
      unit: 'ms',
      cloudWatch: false,
      summaryOnly: true,
      help: 'Milliseconds billed for initialising provisioned environments, each rounded up; those of the start are there already.',
    },
    {
      name: 'InitDuration',
      scopes: ['function'],
      kind: 'duration',
      unit: 'ms',
      cloudWatch: false,
      help: 'Length of completed on-demand inits, as `Init Duration` in the REPORT line; placement is not part of it.',
    },
    {
      name: 'PlacementDuration',
      scopes: ['function'],
      kind: 'duration',
      unit: 'ms',
      cloudWatch: false,
      summaryOnly: true,
      help: 'Sandbox creation and code download before an on-demand init; not billed.',
    },
    {
      name: 'ConcurrentExecutions',
      scopes: ['account', 'function'],
      kind: 'gauge',
      unit: 'count',
      cloudWatch: true,
      help: 'Requests in flight, from admission (init included) to their end.',
    },
    {
      name: 'UnreservedConcurrentExecutions',
      scopes: ['account'],
      kind: 'gauge',
      unit: 'count',
      cloudWatch: true,
      help: 'On-demand requests in flight of functions without reserved concurrency, with the claim of functions outside the scenario.',
    },
    {
      name: 'ClaimedAccountConcurrency',
      scopes: ['account'],
      kind: 'gauge',
      unit: 'count',
      cloudWatch: true,
      help: 'UnreservedConcurrentExecutions, all reserved concurrency, and provisioned concurrency of functions without reserved.',
    },
    {
      name: 'ExecutionEnvironments',
      scopes: ['function'],
      kind: 'gauge',
      unit: 'count',
      cloudWatch: false,
      help: 'Execution environments that are initialising, busy or idle, provisioned ones included.',
    },
    {
      name: 'ProvisionedConcurrentExecutions',
      scopes: ['function', 'alias'],
      kind: 'gauge',
      unit: 'count',
      cloudWatch: true,
      help: 'Provisioned environments that are busy.',
    },
    {
      name: 'ProvisionedConcurrencyUtilization',
      scopes: ['function', 'alias'],
      kind: 'gauge',
      unit: 'ratio',
      cloudWatch: true,
      help: 'Busy provisioned environments divided by allocated ones.',
    },
    {
      name: 'ProvisionedConcurrencyInvocations',
      scopes: ['function', 'alias'],
      kind: 'counter',
      unit: 'count',
      cloudWatch: true,
      help: 'Invocations served by provisioned environments.',
    },
    {
      name: 'ProvisionedConcurrencySpilloverInvocations',
      scopes: ['function', 'alias'],
      kind: 'counter',
      unit: 'count',
      cloudWatch: true,
      help: 'Invocations that ran on demand because all ready provisioned environments were busy or their request rate was used up.',
    },
    {
      name: 'Requests',
      scopes: ['traffic'],
      kind: 'counter',
      unit: 'count',
      cloudWatch: false,
      help: 'Things the producer wanted done, counted at their first attempt.',
    },
    {
      name: 'Attempts',
      scopes: ['traffic'],
      kind: 'counter',
      unit: 'count',
      cloudWatch: false,
      summaryOnly: true,
      help: 'Calls made for the requests; equal to Requests where callers do not retry.',
    },
    {
      name: 'Succeeded',
      scopes: ['traffic'],
      kind: 'counter',
      unit: 'count',
      cloudWatch: false,
      help: 'Requests that ended in success.',
    },
    {
      name: 'Failed',
      scopes: ['traffic'],
      kind: 'counter',
      unit: 'count',
      cloudWatch: false,
      help: 'Requests that ended otherwise: throttled, failed, timed out, or refused by their own client.',
    },
    {
      name: 'ThrottledRequests',
      scopes: ['traffic', 'table'],
      kind: 'counter',
      unit: 'count',
      shareOf: ['Requests', 'Calls'],
      cloudWatch: ['table'],
      help: 'Requests whose last attempt was refused; of a table each call that it refused.',
    },
    {
      name: 'Unfinished',
      scopes: ['traffic'],
      kind: 'counter',
      unit: 'count',
      shareOf: ['Requests'],
      cloudWatch: false,
      summaryOnly: true,
      help: 'Requests still in flight when the run ended.',
    },
    {
      name: 'SuccessRate',
      scopes: ['traffic'],
      kind: 'counter',
      unit: 'ratio',
      shareOf: ['Succeeded', 'Failed'],
      shareNumerator: 'Succeeded',
      statistics: ['share'],
      cloudWatch: false,
      summaryOnly: true,
      help: 'Succeeded / (Succeeded + Failed); its only statistic is `share`.',
    },
    {
      name: 'ClientLatency',
      scopes: ['traffic'],
      kind: 'duration',
      unit: 'ms',
      cloudWatch: false,
      help: 'Requests that ended in success: from the first attempt to the last response.',
    },
    {
      name: 'ClientLatencyFailed',
      scopes: ['traffic'],
      kind: 'duration',
      unit: 'ms',
      cloudWatch: false,
      help: 'The same for requests that ended otherwise.',
    },
  ]
}

/** The statistics that a metric of each kind has in summary.csv, in output order. */
export function statisticsOf(entry: MetricEntry): readonly Statistic[] {
  if (entry.statistics !== undefined) return entry.statistics
  if (entry.kind === 'gauge') return ['average', 'minimum', 'maximum']
  if (entry.kind === 'duration') {
    return ['average', 'minimum', 'maximum', 'p50', 'p90', 'p95', 'p99', 'p99.9']
  }
  return entry.shareOf === undefined ? ['sum'] : ['sum', 'share']
}

/** The few statistics that the time series carries unless every one is asked for. */
export function timeSeriesStatisticsOf(entry: MetricEntry): readonly Statistic[] {
  if (entry.kind === 'gauge') return ['average', 'maximum']
  if (entry.kind === 'duration') return ['average', 'p50', 'p99', 'maximum']
  return ['sum']
}

const ENTRIES = new Map(METRICS.map((entry) => [entry.name, entry]))

/** Throws for a name that the catalogue lacks: the model may only write listed metrics. */
export function metricEntry(name: string): MetricEntry {
  const entry = ENTRIES.get(name)
  if (entry === undefined) throw new RangeError(`the catalogue has no metric ${name}`)
  return entry
}
