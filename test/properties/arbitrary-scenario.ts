/** Small valid scenarios of every sort that the engine knows, for properties that hold of all. */
import fc from 'fast-check'

const ms = (from: number, to: number) => fc.integer({ min: from, max: to }).map((n) => `${n}ms`)

const durationChoice = fc.oneof(
  ms(0, 3_000),
  fc.record({ exponential: fc.record({ mean: ms(1, 2_000) }) }),
  fc.record({
    lognormal: ms(1, 500).map((median) => ({
      median,
      p99: `${4 * Number.parseInt(median, 10)}ms`,
    })),
  }),
  fc.record({ uniform: fc.constant({ min: '10ms', max: '2s' }) }),
)

const share = (percent: number) => fc.integer({ min: 0, max: percent }).map((n) => `${n}%`)

const failures = fc.record({
  error: share(20),
  crash: share(20),
  outOfMemory: share(20),
  timeout: share(20),
  initError: share(50),
})

const coldStart = fc.oneof(
  fc.constant('none'),
  fc.record({
    placement: durationChoice,
    init: fc.oneof(
      { weight: 5, arbitrary: durationChoice },
      { weight: 1, arbitrary: fc.constant('11s') },
    ),
    firstInvocation: ms(0, 200),
    handOver: fc.constantFrom('never', 'busy', 'proactive'),
    proactive: fc.constantFrom('0%', '60%'),
  }),
)

const keepAlive = fc.oneof(
  fc.record({ policy: fc.constant('fixed'), idleTimeout: ms(1, 20_000) }),
  fc.record({ policy: fc.constant('fixed'), idleTimeout: ms(1, 20_000), lifetime: ms(1, 20_000) }),
  fc.record({
    policy: fc.constant('uniform'),
    idleTimeout: fc.constant({ min: '100ms', max: '5s' }),
    lifetime: fc.constant({ min: '2s', max: '20s' }),
  }),
  fc.record({
    policy: fc.constant('preset'),
    platform: fc.constantFrom('2018-06', '2020-06', '2026-01'),
  }),
  fc.record({ policy: fc.constant('hybrid-histogram'), range: fc.constantFrom('5s', '4h') }),
  fc.record({ policy: fc.constant('greedy-dual'), memory: fc.constantFrom('128MB', '1GB') }),
)

/**
 * Its provisioned concurrency: none, the shorthand, an alias's or a version's; or what stands in its
 * place: SnapStart, tenants, pings.
 */
const provisioned = fc.oneof(
  fc.constant({}),
  fc.constant({
    runtime: 'java21',
    snapStart: { applyOn: 'PublishedVersions' },
    aliases: { steady: { functionVersion: '7' } },
  }),
  fc.integer({ min: 1, max: 4 }).map((tenants) => ({
    tenancyConfig: { tenantIsolationMode: 'PER_TENANT', tenants },
  })),
  fc.integer({ min: 1, max: 9 }).map((concurrency) => ({
    events: { warm: { type: 'warmer', schedule: 'at(2026-03-02T00:00:05)', concurrency } },
  })),
  fc.record({
    provisionedConcurrentExecutions: fc.integer({ min: 1, max: 8 }),
    provisionedLifetime: fc.constant('3s'),
  }),
  fc.record({ provisionedConcurrentExecutions: fc.integer({ min: 0, max: 8 }) }),
  fc.integer({ min: 0, max: 8 }).map((count) => ({
    aliases: {
      steady: {
        functionVersion: '7',
        routingConfig: { 8: '30%' },
        provisionedConcurrentExecutions: count,
      },
    },
  })),
)

const lambdaFunction = fc
  .record({
    runtime: fc.constant('nodejs22.x'),
    timeout: fc.constantFrom('1s', '3s', '15m'),
    memorySize: fc.constantFrom(128, 1_024),
    idleSelection: fc.constantFrom('most-recently-used', 'least-recently-used', 'newest', 'random'),
    handler: fc.record({ duration: durationChoice, failures }),
    coldStart,
    keepAlive,
  })
  .chain((own) =>
    fc.record({
      own: fc.constant(own),
      provisioned,
      // Room for the provisioned concurrency is part of the reserved.
      reserved: fc.option(fc.integer({ min: 8, max: 30 }), { nil: undefined }),
    }),
  )
  .map(({ own, provisioned: extra, reserved }) => ({
    ...own,
    ...extra,
    ...(reserved === undefined ? {} : { reservedConcurrentExecutions: reserved }),
  }))

const rate = fc.integer({ min: 0, max: 40 }).map((n) => `${n}/s`)

const process = fc.oneof(
  fc.record({ process: fc.constantFrom('poisson', 'constant'), rate }),
  fc.record({
    process: fc.constant('poisson'),
    stages: fc.constant([
      { for: '4s', rate: '5/s', rampTo: '60/s' },
      { for: '4s', rate: '60/s' },
    ]),
  }),
  fc.record({
    process: fc.constant('bursts'),
    rate: fc.constant('5/s'),
    burst: fc.constant({ rate: '80/s', every: '5s', for: '1s' }),
  }),
  fc.record({
    process: fc.constant('users'),
    users: fc.integer({ min: 0, max: 15 }),
    // A user who never thinks is refused.
    thinkTime: durationChoice.filter((choice) => choice !== '0ms'),
  }),
)

const timelineOf = (functionNames: readonly string[]) =>
  fc.array(
    fc
      .record({
        at: ms(0, 11_999),
        name: fc.constantFrom(...functionNames),
        step: fc.constantFrom('deploy', 'reserve', 'release', 'limit', 'fail'),
        value: fc.integer({ min: 8, max: 30 }),
      })
      .map(({ at, name, step, value }) => {
        if (step === 'deploy') return { at, deploy: name }
        if (step === 'limit') return { at, set: { 'account.concurrentExecutions': 200 + value } }
        if (step === 'fail')
          return { at, set: { [`functions.${name}.handler.failures.error`]: `${value}%` } }
        const path = `functions.${name}.reservedConcurrentExecutions`
        return { at, set: { [path]: step === 'reserve' ? value : null } }
      }),
    { maxLength: 4 },
  )

/** Twelve seconds of one to three functions, each with traffic or two. */
export const smallScenario = fc
  .record({
    functions: fc.array(lambdaFunction, { minLength: 1, maxLength: 3 }),
    producers: fc.array(fc.record({ target: fc.nat(2), process, viaAlias: fc.boolean() }), {
      minLength: 1,
      maxLength: 4,
    }),
    seed: fc.integer({ min: 1, max: 1_000_000 }),
    drain: fc.boolean(),
    warmUp: fc.constantFrom('0s', '3s', '4500ms'),
    limit: fc.integer({ min: 200, max: 260 }),
    // Beside at most 90 reserved, so that the shared pool is often small.
    others: fc.integer({ min: 60, max: 100 }),
    period: fc.constantFrom('1s', '5s', '12s'),
    environments: fc.nat(5),
  })
  .chain((parts) =>
    fc.record({
      parts: fc.constant(parts),
      timeline: timelineOf(parts.functions.map((_, index) => `f${index}`)),
    }),
  )
  .map(({ parts, timeline }) => {
    const functions = parts.functions.map((own, index) => [`f${index}`, own] as const)
    const traffic = parts.producers.map(({ target, process: own, viaAlias }, index) => {
      const at = target % functions.length
      const hasAlias = 'aliases' in functions[at]![1]
      return [`p${index}`, { to: `f${at}${hasAlias && viaAlias ? ':steady' : ''}`, ...own }]
    })
    return {
      name: 'any',
      duration: '12s',
      warmUp: parts.warmUp,
      metricsPeriod: parts.period,
      drain: parts.drain,
      seed: parts.seed,
      account: {
        region: 'us-east-1',
        concurrentExecutions: parts.limit,
        otherFunctions: { unreservedConcurrency: parts.others },
      },
      functions: Object.fromEntries(functions),
      traffic: Object.fromEntries(traffic),
      timeline: [...timeline].sort((a, b) => Number.parseInt(a.at, 10) - Number.parseInt(b.at, 10)),
      initial: { functions: { f0: { environments: parts.environments } } },
    }
  })
