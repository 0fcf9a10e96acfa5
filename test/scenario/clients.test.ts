/** What a scenario may say of its callers, and what it is told where that is wrong. */
import { describe, expect, test } from 'vitest'
import { compileText } from '../support/run.ts'
import { complaint, scenario } from './support.ts'

const client = (value: string) =>
  scenario({ traffic: `{ v: { to: hello, rate: 1/s, client: ${value} } }` })

describe('a client', () => {
  test.each([
    '{ timeout: 29s, retry: { mode: standard, maxAttempts: 3 } }',
    '{ retry: { mode: none } }',
    '{ retry: {} }',
    '{ retry: { mode: adaptive, sdk: javascript }, instances: 40 }',
    '{ retry: { mode: exponential, baseDelay: 0s, retryOn: [functionErrors] } }',
    '{ retryBudget: { share: 10% }, circuitBreaker: {}, loadShedding: { maximumInFlight: 5 } }',
  ])('may be %s', async (value) => {
    expect(await complaint(client(value))).toBe('no complaint')
  })

  test('may be a retry mode alone', async () => {
    const traffic = '{ v: { to: hello, rate: 1/s, retry: standard } }'
    expect(await complaint(scenario({ traffic }))).toBe('no complaint')
  })

  test('with an unknown mode, key, SDK or number is pointed at', async () => {
    expect(await complaint(client('{ retry: { mode: aggressive } }'))).toMatchInlineSnapshot(`
      "s.yaml:5:64: \`aggressive\` is no known retry mode: known are none, legacy, standard, adaptive, standard-2026, adaptive-2026, exponential
        traffic: { v: { to: hello, rate: 1/s, client: { retry: { mode: aggressive } } } }
                                                                       ^^^^^^^^^^"
    `)
    expect(
      await complaint(client('{ retry: { mode: standard, maxAttemps: 3 } }')),
    ).toMatchInlineSnapshot(`
      "s.yaml:5:74: unknown key \`maxAttemps\` in traffic.v.client.retry; did you mean \`maxAttempts\`?
        traffic: { v: { to: hello, rate: 1/s, client: { retry: { mode: standard, maxAttemps: 3 } } } }
                                                                                 ^^^^^^^^^^"
    `)
    expect(
      await complaint(client('{ retry: { mode: standard-2026, sdk: python } }')),
    ).toMatchInlineSnapshot(`
      "s.yaml:5:79: unknown key \`sdk\` in traffic.v.client.retry: known here are mode, maxAttempts, retryOn
        traffic: { v: { to: hello, rate: 1/s, client: { retry: { mode: standard-2026, sdk: python } } } }
                                                                                      ^^^"
    `)
    expect(
      await complaint(client('{ retry: { mode: legacy, maxAttempts: 0 } }')),
    ).toMatchInlineSnapshot(`
      "s.yaml:5:85: maxAttempts is a whole number from 1 to 100
        traffic: { v: { to: hello, rate: 1/s, client: { retry: { mode: legacy, maxAttempts: 0 } } } }
                                                                                            ^"
    `)
    expect(await complaint(client('{ timeout: 0s }'))).toMatchInlineSnapshot(`
      "s.yaml:5:58: \`0s\` must be longer than 0s
        traffic: { v: { to: hello, rate: 1/s, client: { timeout: 0s } } }
                                                                 ^^"
    `)
    expect(
      await complaint(client('{ retry: { mode: standard, retryOn: [throttles] } }')),
    ).toMatchInlineSnapshot(`
      "s.yaml:5:84: \`retryOn\` may list functionErrors; throttles and client timeouts always are retried
        ...raffic: { v: { to: hello, rate: 1/s, client: { retry: { mode: standard, retryOn: [throttles] } } } }
                                                                                             ^^^^^^^^^"
    `)
  })

  test('with guards that contradict themselves is pointed at', async () => {
    expect(await complaint(client('{ retryBudget: { capacity: 5 } }'))).toMatchInlineSnapshot(`
      "s.yaml:5:62: a retry budget has either \`share\` or \`rate\`
        traffic: { v: { to: hello, rate: 1/s, client: { retryBudget: { capacity: 5 } } } }
                                                                     ^"
    `)
    expect(
      await complaint(client('{ circuitBreaker: { window: 10, minimumAttempts: 20 } }')),
    ).toMatchInlineSnapshot(`
      "s.yaml:5:96: \`minimumAttempts\` is at most \`window\`: it sees no more attempts than those
        ...ic: { v: { to: hello, rate: 1/s, client: { circuitBreaker: { window: 10, minimumAttempts: 20 } } } }
                                                                                                     ^^"
    `)
    expect(await complaint(client('{ circuitBreaker: { window: 20 } }'))).toMatchInlineSnapshot(`
      "s.yaml:5:49: \`minimumAttempts\` is at most \`window\`: it sees no more attempts than those
        traffic: { v: { to: hello, rate: 1/s, client: { circuitBreaker: { window: 20 } } } }
                                                        ^^^^^^^^^^^^^^"
    `)
    expect(
      await complaint(client('{ loadShedding: { maximumInFlight: 0 } }')),
    ).toMatchInlineSnapshot(`
      "s.yaml:5:82: \`maximumInFlight\` is at least 1
        traffic: { v: { to: hello, rate: 1/s, client: { loadShedding: { maximumInFlight: 0 } } } }
                                                                                         ^"
    `)
  })

  test('belongs to callers that get an answer', async () => {
    const retry = 'client: { retry: { mode: standard } }'
    expect(
      await complaint(
        scenario({ traffic: `{ v: { to: hello, invocationType: Event, rate: 1/s, ${retry} } }` }),
      ),
    ).toMatchInlineSnapshot(`
      "s.yaml:5:70: \`client\` says what callers do that wait for an answer: \`hello\` takes what is sent and answers at once
        ...affic: { v: { to: hello, invocationType: Event, rate: 1/s, client: { retry: { mode: standard } } } }
                                                                              ^"
    `)
    expect(
      await complaint(
        `${scenario({ traffic: `{ v: { to: jobs, rate: 1/s, ${retry} } }` })}queues: { jobs: {} }\n`,
      ),
    ).toContain('`client` says what callers do that wait for an answer')
  })

  test('says its retry mode once', async () => {
    const both = '{ v: { to: hello, rate: 1/s, retry: legacy, client: { retry: { mode: none } } } }'
    expect(await complaint(scenario({ traffic: both }))).toContain(
      '`retry` is short for `client.retry.mode`, which is written as well',
    )
  })
})

describe('the assumptions', () => {
  const assumed = async (value: string | null) => {
    const traffic = `{ v: { to: hello, rate: 1/s${value === null ? '' : `, client: ${value}`} } }`
    const { assumptions } = await compileText(scenario({ traffic }))
    return assumptions.map(({ id }) => id)
  }
  const OF_CALLERS = [
    'client-instances',
    'retry-sdk',
    'retried-attempts',
    'client-rate-limiter',
    'retried-failures',
    'client-timeout',
    'no-retries',
  ]
  const ofCallers = async (value: string | null) =>
    (await assumed(value)).filter((id) => OF_CALLERS.includes(id))

  test('say that callers do not retry where nothing is said of it, timeout or not', async () => {
    expect(await ofCallers(null)).toEqual(['no-retries'])
    expect(await ofCallers('{ timeout: 5s }')).toEqual(['client-timeout', 'no-retries'])
    expect(await ofCallers('{ retry: { mode: none } }')).toEqual([])
  })

  test('say which SDK and how many clients there are where that is left out', async () => {
    expect(await ofCallers('{ retry: { mode: standard } }')).toEqual([
      'client-instances',
      'retry-sdk',
      'retried-attempts',
      'retried-failures',
    ])
    const said = '{ instances: 3, retry: { mode: standard, sdk: python } }'
    expect(await ofCallers(said)).toEqual(['retried-attempts', 'retried-failures'])
    expect(await ofCallers('{ retry: { mode: legacy } }')).toEqual([
      'retried-attempts',
      'retried-failures',
    ])
  })
})
