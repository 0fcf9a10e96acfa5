import { describe, expect, test } from 'vitest'
import { compile, scenario, withFunction } from './support.ts'

describe('versions and qualifiers', () => {
  const qualifiersOf = async (keys: string, to = 'hello') => {
    const { functions, traffic } = await compile(
      withFunction(keys, { traffic: `{ v: { to: "${to}", rate: 1/s } }` }),
    )
    return {
      versions: functions[0]!.versions,
      qualifiers: functions[0]!.qualifiers,
      target: traffic[0]!.target,
    }
  }

  test('a plain function has $LATEST only', async () => {
    expect(await qualifiersOf('timeout: 3s')).toEqual({
      versions: ['$LATEST'],
      qualifiers: [
        {
          name: '',
          routes: [{ version: 0, weight: 1 }],
          provisionedConcurrency: 0,
          hasProvisionedConcurrency: false,
          initialProvisionedConcurrency: 0,
          scaling: null,
        },
      ],
      target: { kind: 'synchronous', functionIndex: 0, qualifierIndex: 0 },
    })
  })

  test('the shorthand makes alias live on version 1, and the bare name means it', async () => {
    const shorthand = 'provisionedConcurrentExecutions: 100'
    const expected = {
      versions: ['1'],
      qualifiers: [
        {
          name: 'live',
          routes: [{ version: 0, weight: 1 }],
          provisionedConcurrency: 100,
          hasProvisionedConcurrency: true,
          initialProvisionedConcurrency: 100,
          scaling: null,
        },
      ],
      target: { kind: 'synchronous', functionIndex: 0, qualifierIndex: 0 },
    }
    expect(await qualifiersOf(shorthand)).toEqual(expected)
    expect(await qualifiersOf(shorthand, 'hello:live')).toEqual(expected)
    expect(await qualifiersOf('provisionedConcurrentExecutions: 0')).toMatchObject({
      versions: ['1'],
      qualifiers: [{ name: 'live', provisionedConcurrency: 0, hasProvisionedConcurrency: true }],
    })
  })

  test('$LATEST beside the shorthand is another version', async () => {
    const { versions, qualifiers, target } = await qualifiersOf(
      'provisionedConcurrentExecutions: 100',
      'hello:$LATEST',
    )
    expect(versions).toEqual(['1', '$LATEST'])
    expect(qualifiers[1]).toMatchObject({ name: '$LATEST', hasProvisionedConcurrency: false })
    expect(qualifiers[1]?.routes).toEqual([{ version: 1, weight: 1 }])
    expect(target.qualifierIndex).toBe(1)
  })

  test('a weighted alias routes the rest to its own version', async () => {
    const { versions, qualifiers, target } = await qualifiersOf(
      'aliases: { live: { functionVersion: "7", routingConfig: { "8": 10% }, provisionedConcurrentExecutions: 5 } }',
      'hello:live',
    )
    expect(versions).toEqual(['$LATEST', '7', '8'])
    expect(qualifiers.map(({ name }) => name)).toEqual(['', 'live'])
    expect(qualifiers[1]?.routes).toEqual([
      { version: 1, weight: 0.9 },
      { version: 2, weight: 0.1 },
    ])
    expect(target.qualifierIndex).toBe(1)
  })

  test('a version may have provisioned concurrency of its own, or just be named', async () => {
    const own = await qualifiersOf(
      'versions: { "7": { provisionedConcurrentExecutions: 5 } }',
      'hello:7',
    )
    expect(own.qualifiers[1]).toMatchObject({ name: '7', provisionedConcurrency: 5 })
    const named = await qualifiersOf('aliases: { a: { functionVersion: 7 } }', 'hello:7')
    expect(named.qualifiers.map(({ name }) => name)).toEqual(['', 'a', '7'])
    expect(named.qualifiers[2]?.routes).toEqual([{ version: 1, weight: 1 }])
  })

  test('initial says how many provisioned environments are ready', async () => {
    const text = withFunction('provisionedConcurrentExecutions: 100', {
      initial: '{ functions.hello: { environments: 7, provisionedConcurrentExecutions: 30 } }',
    })
    const [hello] = (await compile(text)).functions
    expect(hello?.qualifiers[0]).toMatchObject({
      provisionedConcurrency: 100,
      initialProvisionedConcurrency: 30,
      scaling: null,
    })
    expect(hello?.initialEnvironments).toBe(7)
  })
})

describe('cold starts', () => {
  const coldStartOf = async (keys: string, runtime = 'nodejs22.x') => {
    const functions = `{ f: { runtime: ${runtime}, handler: { duration: 1s }, ${keys} } }`
    return (await compile(scenario({ functions, traffic: '{}' }))).functions[0]!.coldStart
  }

  test('none makes every part zero', async () => {
    const { placement, init, firstInvocation, initIsPreset } = await coldStartOf('coldStart: none')
    expect([placement.mean, init.mean, firstInvocation.mean]).toEqual([0, 0, 0])
    expect(initIsPreset).toBe(false)
  })

  test('left out is what an empty function measured (maxday/lambda-perf, 82 days)', async () => {
    const { placement, init, firstInvocation, initIsPreset, handOver } =
      await coldStartOf('memorySize: 512')
    expect(init.quantile(0.5)).toBeCloseTo(145_000, 6)
    expect(init.quantile(0.99)).toBeCloseTo(219_000, 6)
    expect(firstInvocation.mean).toBe(3_470)
    expect(placement.quantile(0.5)).toBeCloseTo(100_000, 6)
    expect(placement.quantile(0.99)).toBeCloseTo(400_000, 6)
    expect(initIsPreset).toBe(true)
    expect(handOver).toBe('never')
  })

  test('the assumption of init says of each function whether months or one day were measured', async () => {
    const { assumptions } = await compile(
      scenario({
        functions: `
  long: { runtime: nodejs22.x, handler: { duration: 50ms } }
  short: { runtime: nodejs20.x, handler: { duration: 50ms } }`,
        traffic: '{}',
      }),
    )
    const inits = assumptions.filter(({ id }) => id === 'init').map(({ statement }) => statement)
    expect(inits).toEqual([
      expect.stringMatching(/over 82 days.* \(long\)\.$/),
      expect.stringMatching(/ten cold starts .* on one day.* \(short\)\.$/),
    ])
  })

  test('each part may be stated alone', async () => {
    const stated = await coldStartOf('coldStart: { init: 2s, handOver: busy }')
    expect(stated).toMatchObject({ initIsPreset: false, handOver: 'busy' })
    expect(stated.init.mean).toBe(2_000_000)
    expect(stated.firstInvocation.mean).toBe(10_545)
  })
})

describe('the platform', () => {
  test('before November 2023 environments come from a burst of the region', async () => {
    const scalingOf = async (platform: string, region: string) =>
      (await compile(scenario({ platform, account: `{ region: ${region} }` }))).account.scaling
    expect(await scalingOf('2023-11', 'us-east-1')).toEqual({ kind: 'per-function' })
    expect(await scalingOf('2023-10', 'us-east-1')).toEqual({
      kind: 'regional-burst',
      burst: 3_000,
      perMinute: 500,
    })
    expect(await scalingOf('2023-10', 'eu-central-1')).toMatchObject({ burst: 1_000 })
    expect(await scalingOf('2023-10', 'sa-east-1')).toMatchObject({ burst: 500 })
  })

  test('decides what is billed', async () => {
    const billingOf = async (platform: string, keys = 'timeout: 3s') =>
      (await compile(withFunction(keys, { platform }))).functions[0]!.billing
    expect(await billingOf('2026-11')).toEqual({ incrementMs: 1, isInitBilled: true })
    expect(await billingOf('2025-07')).toEqual({ incrementMs: 1, isInitBilled: false })
    expect(await billingOf('2025-07', 'packageType: Image')).toEqual({
      incrementMs: 1,
      isInitBilled: true,
    })
    expect(await billingOf('2020-11')).toEqual({ incrementMs: 100, isInitBilled: false })
  })
})

describe('assumptions', () => {
  const identifiersOf = async (text: string): Promise<readonly string[]> =>
    (await compile(text)).assumptions.map(({ id }) => id)

  test('name what took part, with confidence and source', async () => {
    const text = withFunction('timeout: 3s').replace(', coldStart: none', '')
    const { assumptions } = await compile(text)
    const stated = assumptions.map(({ alternatives: _tested, ...rest }) => rest)
    expect(stated).toMatchInlineSnapshot(`
      [
        {
          "confidence": "measured",
          "id": "keep-alive",
          "source": "Mikhail Shilkov, mikhail.io, 2021: cold starts 5 to 7 minutes after the last request; lifetime: xebia.com, "TIL that AWS Lambda terminates instances preemptively"",
          "statement": "Idle environments are kept for 5m to 7m and are replaced at an age of 1h30m to 2h30m.",
        },
        {
          "confidence": "measured",
          "id": "idle-selection",
          "source": "pacslab/serverless-performance-modeling, 2020: 99.7% of 23,182 choices",
          "statement": "Of several idle environments the most recently used one serves the next request.",
        },
        {
          "confidence": "measured",
          "id": "init",
          "source": "maxday/lambda-perf, 2026-06-01 to 2026-08-22: median and p99 of ten cold starts a day of an empty function",
          "statement": "Init takes as long as an empty function's over 82 days at any memory, which is less than a real function's.",
        },
        {
          "confidence": "measured",
          "id": "first-invocation",
          "source": "maxday/lambda-perf, 2026-08-22: ten cold starts of an empty function per configuration",
          "statement": "An environment's first invocation takes longer by what was measured of an empty function.",
        },
        {
          "confidence": "assumed",
          "id": "placement",
          "source": "not documented by AWS; 50 to 200 ms are inferred from client-side measurements",
          "statement": "Placement before init is lognormal with a median of 100ms and a p99 of 400ms.",
        },
        {
          "confidence": "assumed",
          "id": "hand-over",
          "source": "not documented by AWS",
          "statement": "A request that waits for an init keeps to it, even when another environment becomes free.",
        },
        {
          "confidence": "inferred",
          "id": "admission-order",
          "source": "Lambda developer guide, "Understanding Lambda function scaling"",
          "statement": "Limits are checked in the order request rate, provisioned concurrency, room, idle environment, scaling rate.",
        },
        {
          "confidence": "assumed",
          "id": "request-rate-burst",
          "source": "Lambda developer guide, "Understanding Lambda function scaling": ten times the concurrency per second, no burst size",
          "statement": "A request-rate limit lets one second of its rate through at once.",
        },
        {
          "confidence": "assumed",
          "id": "scaling-rate",
          "source": "Lambda developer guide, "Lambda scaling behavior": per 10 seconds, best effort",
          "statement": "The scaling rate refills continuously, 100 environments a second up to 1,000. A request that needs a new environment is also refused once its second has carried as many on-demand requests as the ceiling, which starts at 10,000 and rises by 1,000 every second, to at most 10,000 above what the second before carried; a request that finds an idle environment is counted but never refused.",
        },
        {
          "confidence": "assumed",
          "id": "no-retries",
          "source": "AWS SDKs and tools reference guide, "Retry behavior"",
          "statement": "Callers do not retry what was throttled or failed; an AWS SDK would, twice by default.",
        },
        {
          "confidence": "assumed",
          "id": "other-functions",
          "source": "account.otherFunctions.unreservedConcurrency is left out or 0",
          "statement": "No other function in the account uses any concurrency.",
        },
      ]
    `)
  })

  test('leave out what the scenario states', async () => {
    expect(
      await identifiersOf(
        withFunction(
          'keepAlive: { policy: fixed, idleTimeout: 6m }, idleSelection: random, scalingRate: unlimited',
          {
            account: '{ region: us-east-1, otherFunctions: { unreservedConcurrency: 5 } }',
            traffic: '{ v: { to: hello, rate: 1/s, retry: none } }',
          },
        ),
      ),
    ).toEqual(['admission-order', 'request-rate-burst'])
  })

  test('follow the platform', async () => {
    const { assumptions } = await compile(withFunction('timeout: 3s', { platform: '2020-06' }))
    expect(assumptions.find(({ id }) => id === 'keep-alive')?.statement).toContain('10m')
    expect(assumptions.find(({ id }) => id === 'scaling-rate')?.statement).toContain('3000')
  })

  test('count the preparation of provisioned concurrency only where it is allocated in the run', async () => {
    const keys = 'provisionedConcurrentExecutions: 5'
    const partly = '{ functions.hello: { provisionedConcurrentExecutions: 4 } }'
    expect(await identifiersOf(withFunction(keys))).not.toContain('provisioned-preparation')
    expect(await identifiersOf(withFunction(keys, { initial: partly }))).toContain(
      'provisioned-preparation',
    )
    const timeline = '[ { at: 1m, set: { functions.hello.provisionedConcurrentExecutions: 9 } } ]'
    expect(await identifiersOf(withFunction(keys, { timeline }))).toContain(
      'provisioned-preparation',
    )
  })

  test('say how a deployment moves provisioned concurrency only where it does', async () => {
    const deploy = '{ at: 2m, deploy: hello }'
    const raise = '{ at: 1m, set: { functions.hello.provisionedConcurrentExecutions: 9 } }'
    const moving = ['provisioned-preparation', 'provisioned-deployment']
    const told = async (keys: string, ...timeline: readonly string[]): Promise<string[]> => {
      const ids = await identifiersOf(withFunction(keys, { timeline: `[${timeline.join(', ')}]` }))
      return ids.filter((id) => /^provisioned-(preparation|deployment)$/.test(id))
    }
    expect(await told('provisionedConcurrentExecutions: 5', deploy)).toEqual(moving)
    expect(await told('provisionedConcurrentExecutions: 0', raise, deploy)).toEqual(moving)
    expect(await told('provisionedConcurrentExecutions: 0', deploy)).toEqual([])
    // What points to another version stays there.
    const pinned = 'aliases: { prod: { functionVersion: 7, provisionedConcurrentExecutions: 5 } }'
    expect(await told(pinned, deploy)).toEqual([])
    expect(await told('versions: { 7: { provisionedConcurrentExecutions: 5 } }', deploy)).toEqual(
      [],
    )
    const beside =
      'provisionedConcurrentExecutions: 0, aliases: { prod: { functionVersion: 1, provisionedConcurrentExecutions: 5 } }'
    expect(await told(beside, deploy)).toEqual(moving)
  })

  test('say that provisioned concurrency serves only who names it, where others reach the version', async () => {
    const stated = async (keys: string, to: string, timeline = '[]') => {
      const { assumptions } = await compile(
        withFunction(keys, { traffic: `{ v: { to: "${to}", rate: 1/s } }`, timeline }),
      )
      return assumptions.find(({ id }) => id === 'provisioned-qualifier')
    }
    const live = 'provisionedConcurrentExecutions: 5'
    expect(await stated(live, 'hello:1')).toMatchObject({
      statement: expect.stringMatching(/ run on demand \(hello\)\.$/),
      confidence: 'inferred',
      source: expect.stringContaining('Lambda developer guide'),
    })
    for (const to of ['hello', 'hello:live', 'hello:$LATEST'])
      expect(await stated(live, to)).toBeUndefined()
    const none = 'provisionedConcurrentExecutions: 0'
    expect(await stated(none, 'hello:1')).toBeUndefined()
    const raise = '[ { at: 1m, set: { functions.hello.provisionedConcurrentExecutions: 9 } } ]'
    expect(await stated(none, 'hello:1', raise)).toBeDefined()
    // A share of an alias's traffic is enough.
    const canary =
      'versions: { "8": { provisionedConcurrentExecutions: 5 } }, aliases: { a: { functionVersion: 7, routingConfig: { "8": 10% } } }'
    expect(await stated(canary, 'hello:a')).toBeDefined()
    expect(await stated(canary, 'hello:7')).toBeUndefined()
  })

  test('say of which functions they hold when not of all', async () => {
    const functions = `
  a: { runtime: nodejs22.x, coldStart: none, handler: { duration: 1s } }
  b: { runtime: nodejs22.x, coldStart: none, handler: { duration: 1s }, keepAlive: { policy: fixed, idleTimeout: 6m } }`
    const { assumptions } = await compile(scenario({ functions, traffic: '{}' }))
    expect(assumptions.find(({ id }) => id === 'keep-alive')?.statement).toMatch(/ \(a\)\.$/)
  })
})

test('settings pass through with their units', async () => {
  const compiled = await compile(
    withFunction(
      'memorySize: 1GB, timeout: 1m30s, reservedConcurrentExecutions: 5, scalingRate: unlimited',
      {
        duration: '1h',
        warmUp: '5m',
        metricsPeriod: '30s',
        seed: 'word',
        startsAt: '2026-01-01',
        drain: 'true',
        account:
          '{ region: eu-west-1, concurrentExecutions: 3000, otherFunctions: { unreservedConcurrency: 350 } }',
        traffic: '{ v: { to: hello, rate: 90/h } }',
      },
    ),
  )
  expect(compiled).toMatchObject({
    durationUs: 3_600e6,
    warmUpUs: 300e6,
    metricsPeriodUs: 30e6,
    seed: 'word',
    startsAtMs: Date.UTC(2026, 0, 1),
    drain: true,
    account: { region: 'eu-west-1', concurrentExecutions: 3_000, otherUnreservedConcurrency: 350 },
    functions: [
      {
        memoryMb: 1_024,
        timeoutUs: 90e6,
        reservedConcurrency: 5,
        scalingRateUnlimited: true,
        idleSelection: 'most-recently-used',
      },
    ],
    traffic: [{ peakRatePerSecond: 0.025, expectedRequests: 90, arrivals: { kind: 'open' } }],
  })
})
