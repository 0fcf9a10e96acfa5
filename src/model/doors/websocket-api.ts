/**
 * API Gateway WebSocket APIs: connections, and the messages on them.
 * Sources: Amazon API Gateway developer guide, "Quotas for configuring and running a WebSocket API in
 * API Gateway" and "Monitor WebSocket API execution with CloudWatch metrics".
 */
import { z } from 'zod'
import { piecesOf } from '../pricing/charge.ts'
import { gatewayProtocol } from './api-gateway.ts'
import {
  AUTHORIZER_FAILED,
  FUNCTION_FAILED,
  FUNCTION_TIMED_OUT,
  fatesOf,
  INTEGRATION_TIMED_OUT,
  REFUSED_BY_LAMBDA,
  RESPONSE_TOO_LARGE,
  statusCodesOf,
} from './fate.ts'

const QUOTAS =
  'Amazon API Gateway developer guide, "Quotas for configuring and running a WebSocket API in API Gateway"'

const LONGEST_TIMEOUT_US = 29_000_000
const LARGEST_MESSAGE_BYTES = 131_072
const INCREMENT_BYTES = 32_768

const statusCodes = statusCodesOf()

export const websocketApi = gatewayProtocol({
  kind: 'websocket-api',
  summary:
    'An API Gateway WebSocket API; each request is a message on a connection. Traffic with a `connection` opens connections, other traffic sends messages on some that are there.',
  routeSummary: 'The function is behind a route key of a WebSocket API.',
  routeKeys: {
    routeKey: z
      .string({ error: 'a route key is text such as $default' })
      .prefault('$default')
      .meta({
        description:
          'The route key: $connect and $disconnect are asked when a connection opens and has closed; any other one only names a route of messages.',
        source:
          'Amazon API Gateway developer guide, "Create routes for WebSocket APIs in API Gateway"',
      }),
  },
  timeout: {
    defaultUs: LONGEST_TIMEOUT_US,
    longestUs: LONGEST_TIMEOUT_US,
    code: 'an error message',
    source: QUOTAS,
  },
  cachesAuthorizations: false,
  statusCodes,
  metrics: {
    requests: 'MessageCount',
    connects: 'ConnectCount',
    disconnects: 'DisconnectCount',
    connections: {
      active: 'ActiveConnections',
      expired: 'ExpiredConnections',
      idle: 'IdleConnections',
    },
    errors: [
      { metric: 'ClientError', of: fatesOf(statusCodes, 4) },
      {
        metric: 'IntegrationError',
        of: [FUNCTION_FAILED, FUNCTION_TIMED_OUT, RESPONSE_TOO_LARGE],
      },
      {
        metric: 'ExecutionError',
        of: [AUTHORIZER_FAILED, REFUSED_BY_LAMBDA, INTEGRATION_TIMED_OUT],
      },
    ],
    integrationLatency: 'IntegrationLatency',
  },
  payload: { request: LARGEST_MESSAGE_BYTES, response: LARGEST_MESSAGE_BYTES },
  hasConnections: true,
  // An answer is a message of its own.
  usage: () => ({
    increments: (request, response) =>
      piecesOf(request, INCREMENT_BYTES) +
      (response === 0 ? 0 : piecesOf(response, INCREMENT_BYTES)),
  }),
  bill: [
    { product: 'webSocketMessages', amount: (door) => door.usage().increments },
    { product: 'webSocketConnections', amount: (door) => door.usage().connectionUs },
  ],
  routeIdentity: ({ routeKey }) => routeKey,
  assumptions: [
    {
      id: 'websocket-codes',
      statement:
        'What a REST API answers with a code, a WebSocket API tells its client by an error message of the same meaning; a function that fails or times out is an IntegrationError, a throttle of Lambda or the timeout of the API an ExecutionError.',
      confidence: 'assumed',
      source: 'not documented by AWS case by case',
    },
    {
      id: 'websocket-connections',
      statement:
        'New WebSocket connections pass a token bucket that holds one second of their quota and counts apart from requests; a connection stays open at least until its route $connect has answered.',
      confidence: 'assumed',
      source: `${QUOTAS}: the rate is documented, its bucket is not`,
    },
  ],
})
