/**
 * Application Load Balancers with Lambda targets: no limit of their own, no timeout, no retry.
 * Sources: Elastic Load Balancing user guide for Application Load Balancers, "Use Lambda functions as
 * targets", "Troubleshoot your Application Load Balancers" and "CloudWatch metrics".
 */
import { z } from 'zod'
import { MICROSECONDS_PER_HOUR } from '../../kernel/time.ts'
import { durationBetween, wholeNumber } from '../units.ts'
import {
  FUNCTION_FAILED,
  FUNCTION_TIMED_OUT,
  fatesOf,
  REFUSED_BY_LAMBDA,
  RESPONSE_TOO_LARGE,
  statusCodesOf,
} from './fate.ts'
import { latencyKey, methodKey, pathKey } from './keys.ts'
import type { DoorProtocol } from './protocol.ts'
import type { LoadBalancerHour } from './usage.ts'

const MEGABYTE = 1_048_576
const FREE_RULES = 10
const SHORTEST_IDLE_TIMEOUT_US = 1_000_000
const LONGEST_IDLE_TIMEOUT_US = 4_000_000_000

/** Whatever goes wrong at Lambda. */
const statusCodes = statusCodesOf({ [REFUSED_BY_LAMBDA]: 502 })

export const alb: DoorProtocol = {
  kind: 'alb',
  summary:
    'An Application Load Balancer: whatever goes wrong at Lambda is 502 to the client, and it waits as long as the function may run.',
  routeSummary:
    'The function is a target of a rule of a load balancer; `weight` is that of its target group.',
  schema: z.strictObject({
    protocol: z.literal('alb'),
    idleTimeout: durationBetween(SHORTEST_IDLE_TIMEOUT_US, LONGEST_IDLE_TIMEOUT_US)
      .prefault('60s')
      .meta({
        description:
          'A client that gives up before is counted with the code 460; it is no limit to the function.',
        source: 'Elastic Load Balancing user guide, "Troubleshoot your Application Load Balancers"',
      }),
    rules: wholeNumber('rules', 0, 1_000).prefault(0).meta({
      description:
        'How many rules each request is held against, for the bill; the first ten are free.',
      source: 'Elastic Load Balancing pricing',
    }),
    latency: latencyKey,
  }),
  routeKeys: { path: pathKey, method: methodKey },
  statusCodes,
  metrics: {
    requests: 'RequestCount',
    errors: [
      { metric: 'HTTPCode_ELB_4XX_Count', of: fatesOf(statusCodes, 4) },
      { metric: 'HTTPCode_ELB_5XX_Count', of: fatesOf(statusCodes, 5) },
      { metric: 'LambdaUserError', of: [FUNCTION_FAILED, FUNCTION_TIMED_OUT, RESPONSE_TOO_LARGE] },
      { metric: 'LambdaInternalError', of: [REFUSED_BY_LAMBDA] },
    ],
  },
  payload: { request: MEGABYTE, response: MEGABYTE },
  usage: ({ rules = 0 }) => ({ evaluationsPerRequest: Math.max(0, rules - FREE_RULES) }),
  bill: [
    { product: 'albHours', amount: (_door, { lengthUs }) => lengthUs },
    { product: 'albCapacity', amount: (door) => capacityUs(door.usage().loadBalancerHours) },
  ],
  noticesClosedClientsUs: ({ idleTimeout }) => idleTimeout!,
  assumptions: () => [
    {
      id: 'alb-lambda-errors',
      statement:
        'A load balancer counts function errors and timeouts as LambdaUserError, and throttles of Lambda as LambdaInternalError.',
      confidence: 'assumed',
      source: 'Elastic Load Balancing user guide: causes are named without a complete list',
    },
  ],
}

const SECONDS_PER_HOUR = 3_600

/**
 * What a capacity unit (LCU) has room for; in each hour the dimension that needs the most counts.
 * Source: aws.amazon.com/elasticloadbalancing/pricing; bytes are those of Lambda targets.
 */
const UNIT = {
  newConnectionsPerSecond: 25,
  activeConnections: 3_000,
  bytesPerHour: 400_000_000,
  ruleEvaluationsPerSecond: 1_000,
}

/** Capacity units times us, of all hours. */
function capacityUs(hours: readonly LoadBalancerHour[]): number {
  const unitHours = hours.reduce((sum, hour) => {
    const { newConnections, connectionUs, processedBytes, ruleEvaluations } = hour
    return (
      sum +
      Math.max(
        newConnections / SECONDS_PER_HOUR / UNIT.newConnectionsPerSecond,
        connectionUs / MICROSECONDS_PER_HOUR / UNIT.activeConnections,
        processedBytes / UNIT.bytesPerHour,
        ruleEvaluations / SECONDS_PER_HOUR / UNIT.ruleEvaluationsPerSecond,
      )
    )
  }, 0)
  return Math.round(unitHours * MICROSECONDS_PER_HOUR)
}
