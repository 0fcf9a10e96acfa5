/**
 * Application Load Balancers with Lambda targets: no limit of their own, no timeout, no retry.
 * Sources: Elastic Load Balancing user guide for Application Load Balancers, "Use Lambda functions as
 * targets", "Troubleshoot your Application Load Balancers" and "CloudWatch metrics".
 */
import { z } from 'zod'
import {
  type Answers,
  FUNCTION_FAILED,
  FUNCTION_TIMED_OUT,
  fatesOf,
  REFUSED_BY_LAMBDA,
} from './fate.ts'
import { latencyAssumptions, latencyKey, methodKey, pathKey } from './keys.ts'
import type { DoorProtocol } from './protocol.ts'

/** It refuses nothing and waits as long as the function may run: the codes of both are never seen. */
const answers: Answers = [200, 429, 502, 502, 502, 504]

export const alb: DoorProtocol = {
  kind: 'alb',
  summary:
    'An Application Load Balancer: whatever goes wrong at Lambda is 502 to the client, and it waits as long as the function may run.',
  routeSummary:
    'The function is a target of a rule of a load balancer; `weight` is that of its target group.',
  schema: z.strictObject({ protocol: z.literal('alb'), latency: latencyKey }),
  routeKeys: { path: pathKey, method: methodKey },
  answers,
  metrics: {
    requests: 'RequestCount',
    fates: [
      { metric: 'HTTPCode_ELB_5XX_Count', of: fatesOf(answers, 5) },
      { metric: 'LambdaUserError', of: [FUNCTION_FAILED, FUNCTION_TIMED_OUT] },
      { metric: 'LambdaInternalError', of: [REFUSED_BY_LAMBDA] },
    ],
    latency: null,
    integrationLatency: null,
  },
  integrationTimeoutUs: () => Number.POSITIVE_INFINITY,
  bill: [{ product: 'albHours', amount: (_door, { lengthUs }) => lengthUs }],
  countsForAccount: false,
  isOfOneFunction: false,
  assumptions: (config) => [
    {
      id: 'alb-lambda-errors',
      statement:
        'A load balancer counts function errors and timeouts as LambdaUserError, and throttles of Lambda as LambdaInternalError.',
      confidence: 'assumed',
      source: 'Elastic Load Balancing user guide: causes are named without a complete list',
    },
    {
      id: 'alb-capacity',
      statement:
        'A load balancer is billed for its hours; capacity units (LCU) are not: they depend on bytes and connections, which are not modelled.',
      confidence: 'assumed',
      source: 'aws.amazon.com/elasticloadbalancing/pricing',
    },
    ...latencyAssumptions(config),
  ],
}
