/** Front doors under everything at once: nothing is lost, and slices cannot be seen. */
import fc from 'fast-check'
import { expect, it } from 'vitest'
import { protocolOf } from '../../src/model/doors/protocols.ts'
import { behind } from '../model/doors/support.ts'
import { run } from '../support/run.ts'

const mean = (text: string) => ({ exponential: { mean: text } })
const GATEWAYS = ['rest-api', 'http-api', 'websocket-api']

const scenario = fc
  .record({
    kind: fc.constantFrom('rest-api', 'http-api', 'websocket-api', 'alb', 'function-url'),
    hasLatency: fc.boolean(),
    isLimited: fc.boolean(),
    isAuthorized: fc.boolean(),
    isConnected: fc.boolean(),
    drain: fc.boolean(),
    limit: fc.constantFrom(12, 40, 1_000),
    size: fc.constantFrom('10KB', '900KB', '4MB'),
    timeout: fc.constantFrom('50ms', '700ms', '29s'),
    client: fc.constantFrom(undefined, { timeout: '600ms' }, { retry: { mode: 'standard' } }),
  })
  .map(({ kind, client, ...given }) => {
    const isGateway = GATEWAYS.includes(kind)
    const isConnected = kind === 'websocket-api' && given.isConnected
    const auth = {
      runtime: 'nodejs22.x',
      timeout: '20s',
      handler: { duration: mean('300ms'), errorRate: '5%' },
      coldStart: 'none',
      events: isConnected ? { hi: { type: kind, api: 'shop', routeKey: '$connect' } } : {},
    }
    const connection = { duration: mean('4s'), messageInterval: mean('500ms') }
    return {
      kind,
      isConnected,
      isTriedOnce: client?.retry === undefined,
      isPatient: client === undefined,
      text: behind(kind, {
        handler: { duration: mean('400ms'), errorRate: '5%', failures: undefined },
        account: { concurrentExecutions: given.limit },
        functions: { auth },
        route: { requestSize: mean(given.size), responseSize: mean('500KB') },
        api: {
          ...(given.hasLatency && { latency: mean('30ms') }),
          ...(isGateway && { integrationTimeout: given.timeout }),
          ...(isGateway && given.isLimited && { throttle: { rate: '15/s', burst: 9 } }),
          ...(isGateway &&
            given.isAuthorized && {
              authorizer: { function: 'auth', identities: 9, denied: '20%' },
            }),
        },
        traffic: {
          process: 'poisson',
          rate: '30/s',
          ...(client && { client }),
          ...(isConnected && { connection }),
        },
        more: { drain: given.drain, duration: '8s' },
      }),
    }
  })

it('every request has one answer, in the ledger and in the metrics of the door', async () => {
  await fc.assert(
    fc.asyncProperty(scenario, async ({ kind, isConnected, isTriedOnce, isPatient, text }) => {
      const whole = await run(text, { rows: false })
      const sliced = await run(text, { rows: false, eventBudget: 5 })
      expect(sliced.output.fingerprint).toBe(whole.output.fingerprint)
      expect(sliced.output.summary).toEqual(whole.output.summary)
      const sumOf = (metric: string) => whole.find(`shop.${metric}.sum`) ?? 0
      const { metrics } = protocolOf(kind)
      const ledger = whole.ledger(isConnected ? 'shop' : 'web')
      const { entered = 0, succeeded = 0, inFlight = 0 } = ledger
      expect(entered).toBeGreaterThan(0)
      if (!isTriedOnce && !isConnected) return
      expect(sumOf(metrics.requests)).toBe(entered)
      // Each error is counted once, by the digit of its code or by its cause.
      const errors = metrics.errors.filter(({ metric }) => !metric.startsWith('Lambda'))
      const counted = errors.reduce((sum, { metric }) => sum + sumOf(metric), 0)
      if (isPatient && !isConnected) expect(counted).toBe(entered - succeeded - inFlight)
    }),
    { numRuns: 40, seed: 5 },
  )
})
