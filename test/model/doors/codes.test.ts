/** What the client of each door is told, and under which names CloudWatch counts it. */
import { describe, expect, it } from 'vitest'
import {
  FUNCTION_FAILED,
  FUNCTION_TIMED_OUT,
  INTEGRATION_TIMED_OUT,
  OVER_RATE,
  REFUSED_BY_LAMBDA,
} from '../../../src/model/doors/fate.ts'
import { protocolOf } from '../../../src/model/doors/protocols.ts'
import { run } from '../../support/run.ts'
import { behind, type Given } from './support.ts'

/** Ways for a request to go wrong behind a door. */
const WRONG: Readonly<Record<string, Given>> = {
  throttle: { settings: { reservedConcurrentExecutions: 0 } },
  functionError: { handler: { errorRate: '100%' } },
  functionTimeout: { handler: { duration: '5s' }, settings: { timeout: '1s' } },
  integrationTimeout: { handler: { duration: '50s' }, more: { drain: true } },
}

/** Codes in the order of WRONG, then that of the door's own limit. */
const TABLE = [
  { kind: 'rest-api', codes: [500, 502, 502, 504, 429] },
  { kind: 'http-api', codes: [500, 500, 500, 503, 429] },
  { kind: 'websocket-api', codes: [500, 502, 502, 504, 429] },
  { kind: 'alb', codes: [502, 502, 502] },
  { kind: 'function-url', codes: [429, 502, 502] },
]

describe('the code that a client sees', () => {
  it.each(TABLE)('of a $kind is that of the table', ({ kind, codes }) => {
    const { statusCodes } = protocolOf(kind)
    const seen = [
      REFUSED_BY_LAMBDA,
      FUNCTION_FAILED,
      FUNCTION_TIMED_OUT,
      INTEGRATION_TIMED_OUT,
      OVER_RATE,
    ].map((fate) => statusCodes[fate])
    expect(seen.slice(0, codes.length)).toEqual(codes)
  })
})

const LEDGERS = { throttle: 'failed', functionError: 'failed', functionTimeout: 'timedOut' }

describe.each([
  {
    kind: 'rest-api',
    counts: {
      throttle: '5XXError',
      functionError: '5XXError',
      functionTimeout: '5XXError',
      integrationTimeout: '5XXError',
    },
  },
  {
    kind: 'http-api',
    counts: {
      throttle: '5xx',
      functionError: '5xx',
      functionTimeout: '5xx',
      integrationTimeout: '5xx',
    },
  },
  {
    kind: 'websocket-api',
    counts: {
      throttle: 'ExecutionError',
      functionError: 'IntegrationError',
      functionTimeout: 'IntegrationError',
      integrationTimeout: 'ExecutionError',
    },
  },
  {
    kind: 'alb',
    counts: {
      throttle: 'LambdaInternalError',
      functionError: 'LambdaUserError',
      functionTimeout: 'LambdaUserError',
    },
  },
  {
    kind: 'function-url',
    counts: {
      throttle: 'Url4xxCount',
      functionError: 'Url5xxCount',
      functionTimeout: 'Url5xxCount',
    },
  },
])('behind a $kind', ({ kind, counts }) => {
  it.each(Object.entries(counts))('a %s is counted as %s', async (way, metric) => {
    const view = await run(behind(kind, { ...WRONG[way], more: { drain: true } }))
    const errors = protocolOf(kind).metrics.errors.flatMap(({ metric: name }) => {
      const sum = view.value(`shop.${name}.sum`)
      return sum === 0 || (kind === 'alb' && name === 'HTTPCode_ELB_5XX_Count') ? [] : [[name, sum]]
    })
    expect(errors).toEqual([[metric, 10]])
    expect(view.value(`shop.${protocolOf(kind).metrics.requests}.sum`)).toBe(10)
    const isUrl = kind === 'function-url'
    const outcome =
      way === 'throttle' && isUrl
        ? 'throttled'
        : (LEDGERS[way as keyof typeof LEDGERS] ?? 'timedOut')
    expect(view.ledger('web')).toEqual({ entered: 10, [outcome]: 10 })
  })

  it('a success is counted as a request only', async () => {
    const view = await run(behind(kind, { more: { drain: true } }))
    expect(view.ledger('web')).toEqual({ entered: 10, succeeded: 10 })
    expect(view.value('web.ClientLatency.maximum')).toBe(100)
    for (const { metric } of protocolOf(kind).metrics.errors) {
      expect(view.value(`shop.${metric}.sum`)).toBe(0)
    }
  })
})

describe('a load balancer', () => {
  it('answers 5xx itself for whatever goes wrong at Lambda', async () => {
    const view = await run(behind('alb', { handler: { errorRate: '100%' } }))
    expect(view.value('shop.HTTPCode_ELB_5XX_Count.sum')).toBe(10)
    expect(view.value('shop.HTTPCode_ELB_5XX_Count.share')).toBe(1)
  })

  it('waits for as long as the function may run', async () => {
    const given = {
      handler: { duration: '899s' },
      settings: { timeout: '900s' },
      more: { drain: true },
    }
    const view = await run(behind('alb', given))
    expect(view.ledger('web')).toEqual({ entered: 10, succeeded: 10 })
  })
})
