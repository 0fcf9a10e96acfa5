import type { MetricEntry } from './catalogue-entry.ts'

type Told = Pick<MetricEntry, 'name' | 'doorColumn' | 'help'>
type Counted = Told & Pick<MetricEntry, 'shareOf'>

/**
 * Of front doors; each kind has those that CloudWatch has for it.
 * Sources: Amazon API Gateway developer guide, "Amazon API Gateway dimensions and metrics", "Work with
 * metrics for HTTP APIs in API Gateway" and "Monitor WebSocket API execution with CloudWatch metrics";
 * Elastic Load Balancing user guide, "CloudWatch metrics for your Application Load Balancer"; Lambda
 * developer guide, "Monitoring Lambda function URLs".
 */
export const DOOR_METRICS: readonly MetricEntry[] = [
  ...counters([
    {
      name: 'Count',
      doorColumn: 'requests',
      help: 'Requests to a REST or HTTP API, refused ones included.',
    },
    {
      name: '4XXError',
      doorColumn: 'clientErrors',
      shareOf: ['Count'],
      help: 'Requests to a REST API answered 4xx: its own limits (429), payloads that are too large, its authorizer.',
    },
    {
      name: '5XXError',
      doorColumn: 'serverErrors',
      shareOf: ['Count'],
      help: 'Requests to a REST API answered 5xx: Lambda throttled, the function failed, or the integration timed out.',
    },
    {
      name: '4xx',
      doorColumn: 'clientErrors',
      shareOf: ['Count'],
      help: 'The same as 4XXError, of an HTTP API.',
    },
    {
      name: '5xx',
      doorColumn: 'serverErrors',
      shareOf: ['Count'],
      help: 'The same as 5XXError, of an HTTP API.',
    },
    {
      name: 'MessageCount',
      doorColumn: 'requests',
      help: 'Messages from clients to a WebSocket API.',
    },
    {
      name: 'ConnectCount',
      doorColumn: 'requests',
      help: 'Connections to a WebSocket API that clients asked for, refused ones included.',
    },
    {
      name: 'ClientError',
      doorColumn: 'clientErrors',
      shareOf: ['MessageCount', 'ConnectCount', 'DisconnectCount'],
      help: 'Messages and connections that a WebSocket API refused itself.',
    },
    {
      name: 'IntegrationError',
      doorColumn: 'serverErrors',
      shareOf: ['MessageCount', 'ConnectCount', 'DisconnectCount'],
      help: 'Messages of a WebSocket API on which the function failed or timed out.',
    },
    {
      name: 'ExecutionError',
      doorColumn: 'serverErrors',
      shareOf: ['MessageCount', 'ConnectCount', 'DisconnectCount'],
      help: 'Messages for which a WebSocket API could not call the function, or did not wait longer.',
    },
    { name: 'RequestCount', doorColumn: 'requests', help: 'Requests to a load balancer.' },
    {
      name: 'HTTPCode_ELB_4XX_Count',
      doorColumn: 'clientErrors',
      shareOf: ['RequestCount'],
      help: 'Requests to a load balancer that were too large (413), or whose client gave up (460).',
    },
    {
      name: 'HTTPCode_ELB_5XX_Count',
      doorColumn: 'serverErrors',
      shareOf: ['RequestCount'],
      help: 'Requests that a load balancer answered 5xx.',
    },
    {
      name: 'LambdaUserError',
      shareOf: ['RequestCount'],
      help: 'Requests to a load balancer on which the function failed or timed out.',
    },
    {
      name: 'LambdaInternalError',
      shareOf: ['RequestCount'],
      help: 'Requests to a load balancer that Lambda refused.',
    },
    { name: 'UrlRequestCount', doorColumn: 'requests', help: 'Requests to a function URL.' },
    {
      name: 'Url4xxCount',
      doorColumn: 'clientErrors',
      shareOf: ['UrlRequestCount'],
      help: 'Requests to a function URL answered 4xx: throttles (429).',
    },
    {
      name: 'Url5xxCount',
      doorColumn: 'serverErrors',
      shareOf: ['UrlRequestCount'],
      help: 'Requests to a function URL answered 5xx.',
    },
  ]),
  ...counters(
    [
      {
        name: 'DisconnectCount',
        help: 'Connections to a WebSocket API that ended, however.',
      },
      {
        name: 'ExpiredConnections',
        help: 'Connections that a WebSocket API closed because they were two hours old.',
      },
      {
        name: 'IdleConnections',
        help: 'Connections that a WebSocket API closed because nothing had come for ten minutes.',
      },
    ],
    false,
  ),
  {
    name: 'ActiveConnections',
    scopes: ['api'],
    kind: 'gauge',
    unit: 'count',
    cloudWatch: false,
    help: 'Connections to a WebSocket API that are open.',
  },
  ...durations([
    {
      name: 'Latency',
      doorColumn: 'latency',
      help: 'From a request to a REST or HTTP API to its answer, whatever that is.',
    },
    {
      name: 'IntegrationLatency',
      doorColumn: 'integrationLatency',
      help: 'From the invoke of an API to the answer of Lambda, or to the integration timeout.',
    },
    {
      name: 'UrlRequestLatency',
      doorColumn: 'latency',
      help: 'From a request to a function URL to its answer.',
    },
  ]),
]

function counters(entries: readonly Counted[], cloudWatch = true): readonly MetricEntry[] {
  return entries.map((entry) => ({
    ...entry,
    scopes: ['api'],
    kind: 'counter',
    unit: 'count',
    cloudWatch,
  }))
}

function durations(entries: readonly Told[]): readonly MetricEntry[] {
  return entries.map((entry) => ({
    ...entry,
    scopes: ['api'],
    kind: 'duration',
    unit: 'ms',
    cloudWatch: true,
  }))
}
