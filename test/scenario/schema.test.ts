import { describe, expect, test } from 'vitest'
import { complaint, scenario, withFunction } from './support.ts'

describe('keys', () => {
  test('a merge key is named as such, without what it would have brought', async () => {
    const text = scenario({
      functions: `
  slow: &slow { runtime: nodejs22.x, handler: { duration: 50ms }, coldStart: none }
  hello: { <<: *slow, memorySize: 512 }`,
    })
    const merged = (await complaint(text)).split('\n').filter((line) => line.startsWith('s.yaml'))
    expect(merged).toEqual([
      's.yaml:6:12: the merge key `<<` is not read: write an alias as the whole value (`handler: *slow`), and its keys out where they differ',
    ])
    const ofNames = text.replace('hello: { <<: *slow, memorySize: 512 }', '<<: { hello: *slow }')
    expect(await complaint(ofNames)).toContain('s.yaml:6:3: the merge key `<<` is not read')
  })

  test('a timeline entry does one thing', async () => {
    expect(await complaint(scenario({ timeline: '[ { at: 1m } ]' }))).toMatch(
      /^s\.yaml:6:13: what happens then\? An entry needs `set`, `deploy`, .* beside `at`\n/,
    )
    const set = 'set: { account.concurrentExecutions: 500 }'
    expect(
      await complaint(scenario({ timeline: `[ { at: 1m, deploy: hello, ${set} } ]` })),
    ).toMatch(/^s\.yaml:6:13: an entry has either `set` or `deploy`: write two entries/)
  })

  test('a function whose key is no name is not recommended', async () => {
    const functions = '{ 123: { runtime: nodejs22.x, handler: { duration: 50ms } } }'
    const text = await complaint(scenario({ functions }))
    expect(text).toContain('`123` is not a name')
    expect(text).toContain('there is no function `hello`: none is declared')
  })

  test('a timeout is a whole number of seconds (Lambda API reference)', async () => {
    expect(await complaint(withFunction('timeout: 1500ms'))).toContain(
      'a timeout is a whole number of seconds',
    )
    expect(await complaint(withFunction('timeout: 2000ms'))).toBe('no complaint')
  })

  test.each([
    ['node22', 'nodejs22.x'],
    ['python312', 'python3.12'],
    ['dotnet-8', 'dotnet8'],
  ])('runtime %s suggests %s', async (written, meant) => {
    const text = withFunction('').replace('nodejs22.x', written)
    expect(await complaint(text)).toContain(`did you mean \`${meant}\`?`)
  })

  test('a missing key points at the map in which it is missing', async () => {
    const text = scenario({
      functions: '\n  hello:\n    handler: { duration: 50ms }\n    coldStart: none',
    })
    expect(await complaint(text)).toMatchInlineSnapshot(`
      "s.yaml:5:3: missing required key \`runtime\` in functions.hello
          hello:
          ^^^^^"
    `)
    expect(await complaint(scenario({ account: '{}' }))).toMatchInlineSnapshot(`
      "s.yaml:3:1: missing required key \`region\` in account
        account: {}
        ^^^^^^^"
    `)
    expect(await complaint(scenario({ account: '' }))).toMatchInlineSnapshot(`
      "s.yaml:3:10: \`account\` must be a map, not nothing
        account: 
                 ^"
    `)
    expect(
      await complaint(withFunction('', {}).replace('handler: { duration: 50ms }, ', '')),
    ).toMatchInlineSnapshot(`
      "s.yaml:5:3: missing required key \`handler\` in functions.hello
          hello: { runtime: nodejs22.x, coldStart: none }
          ^^^^^"
    `)
  })

  test('an unknown key points at the key and names what is known there', async () => {
    expect(await complaint(scenario({ xyzzy: '1' }))).toMatchInlineSnapshot(`
      "s.yaml:6:1: unknown key \`xyzzy\`: known here are name, description, duration, warmUp, metricsPeriod, seed, startsAt, platform, drain, maximumDrain, account, functions, queues, topics, buses, streams, tables, buckets, downstreams, apis, vpcs, subnets, natGateways, capacityProviders, stateMachines, traffic, timeline, initial, thresholds, variants, billing
        xyzzy: 1
        ^^^^^"
    `)
  })

  test('a misspelt key brings the key that was meant', async () => {
    expect(await complaint(withFunction('memorySiz: 512'))).toMatchInlineSnapshot(`
      "s.yaml:5:62: unknown key \`memorySiz\` in functions.hello; did you mean \`memorySize\`?
          hello: { runtime: nodejs22.x, handler: { duration: 50ms }, memorySiz: 512, coldStart: none }
                                                                     ^^^^^^^^^"
    `)
    expect(await complaint(scenario({ metricPeriod: '60s' }))).toMatchInlineSnapshot(`
      "s.yaml:6:1: unknown key \`metricPeriod\`; did you mean \`metricsPeriod\`?
        metricPeriod: 60s
        ^^^^^^^^^^^^"
    `)
  })

  test.each([
    ['MemorySize: 512', 'memorySize'],
    ['memory: 512', 'memorySize'],
    ['memory_size: 512', 'memorySize'],
    ['reserved_concurrent_executions: 5', 'reservedConcurrentExecutions'],
    ['reservedConcurrency: 5', 'reservedConcurrentExecutions'],
    ['ReservedConcurrentExecutions: 5', 'reservedConcurrentExecutions'],
    ['provisionedConcurrency: 5', 'provisionedConcurrentExecutions'],
    ['Timeout: 5s', 'timeout'],
    ['timeoutInSeconds: 5', 'timeout'],
    ['architecture: arm64', 'architectures'],
    ['package_type: Zip', 'packageType'],
  ])('%s of another tool brings %s', async (keys, meant) => {
    const [first] = (await complaint(withFunction(keys))).split('\n')
    const key = keys.split(':')[0]
    expect(first).toBe(
      `s.yaml:5:62: unknown key \`${key}\` in functions.hello; did you mean \`${meant}\`?`,
    )
  })

  test('a key inside a distribution is known as well', async () => {
    const text = scenario({
      functions:
        '\n  f: { runtime: nodejs22.x, coldStart: none, handler: { duration: { lognormal: { medain: 40ms, p99: 200ms } } } }',
    })
    expect(await complaint(text)).toMatchInlineSnapshot(`
      "s.yaml:5:82: unknown key \`medain\` in functions.f.handler.duration.lognormal; did you mean \`median\`?
        ...e: nodejs22.x, coldStart: none, handler: { duration: { lognormal: { medain: 40ms, p99: 200ms } } } }
                                                                               ^^^^^^
      s.yaml:6:28: there is no function \`hello\`: known are f
        traffic: { visitors: { to: hello, rate: 20/s } }
                                   ^^^^^"
    `)
    expect(await complaint(text.replace('medain: 40ms, ', ''))).toMatchInlineSnapshot(`
      "s.yaml:5:80: lognormal takes median and p99, median and sigma, mean and sigma, or mu and sigma
          f: { runtime: nodejs22.x, coldStart: none, handler: { duration: { lognormal: { p99: 200ms } } } }
                                                                                       ^
      s.yaml:6:28: there is no function \`hello\`: known are f
        traffic: { visitors: { to: hello, rate: 20/s } }
                                   ^^^^^"
    `)
    expect(await complaint(text.replace('lognormal', 'lognorma'))).toMatchInlineSnapshot(`
      "s.yaml:5:79: \`lognorma\` is not a distribution: known are constant, uniform, exponential, erlang, gamma, lognormal, weibull, pareto, empirical, mixture
        ...me: nodejs22.x, coldStart: none, handler: { duration: { lognorma: { medain: 40ms, p99: 200ms } } } }
                                                                             ^
      s.yaml:6:28: there is no function \`hello\`: known are f
        traffic: { visitors: { to: hello, rate: 20/s } }
                                   ^^^^^"
    `)
    expect(await complaint(text.replace('medain: 40ms', 'median: 40'))).toMatchInlineSnapshot(`
      "s.yaml:5:90: \`40\` has no unit: write 40s or 40ms, say
        ...ime: nodejs22.x, coldStart: none, handler: { duration: { lognormal: { median: 40, p99: 200ms } } } }
                                                                                         ^^
      s.yaml:6:28: there is no function \`hello\`: known are f
        traffic: { visitors: { to: hello, rate: 20/s } }
                                   ^^^^^"
    `)
  })

  test('names follow one pattern', async () => {
    expect(
      await complaint(
        scenario({
          functions: '\n  a.b: { runtime: nodejs22.x, coldStart: none, handler: { duration: 1s } }',
          traffic: '{}',
        }),
      ),
    ).toMatchInlineSnapshot(`
      "s.yaml:5:3: \`a.b\` is not a name: a letter, then up to 63 letters, digits, - or _
          a.b: { runtime: nodejs22.x, coldStart: none, handler: { duration: 1s } }
          ^^^"
    `)
    expect(await complaint(scenario({ name: '7up' }))).toMatchInlineSnapshot(`
      "s.yaml:1:7: \`7up\` is not a name: a letter, then up to 63 letters, digits, - or _
        name: 7up
              ^^^"
    `)
    expect(await complaint(scenario({ functions: '{}', traffic: '{}' }))).toMatchInlineSnapshot(`
      "s.yaml:4:12: \`functions\` must declare at least one function
        functions: {}
                   ^"
    `)
  })
})

describe('values', () => {
  test('a fixed value lists what is known', async () => {
    expect(await complaint(withFunction('architectures: x86'))).toMatchInlineSnapshot(`
      "s.yaml:5:77: \`x86\` is no known \`architectures\`: known are x86_64, arm64; did you mean \`x86_64\`?
          hello: { runtime: nodejs22.x, handler: { duration: 50ms }, architectures: x86, coldStart: none }
                                                                                    ^^^"
    `)
    expect(await complaint(withFunction('packageType: zip'))).toMatchInlineSnapshot(`
      "s.yaml:5:75: \`zip\` is no known \`packageType\`: known are Zip, Image; did you mean \`Zip\`?
          hello: { runtime: nodejs22.x, handler: { duration: 50ms }, packageType: zip, coldStart: none }
                                                                                  ^^^"
    `)
    expect(await complaint(withFunction('idleSelection: lru'))).toMatchInlineSnapshot(`
      "s.yaml:5:77: \`lru\` is no known \`idleSelection\`: known are most-recently-used, least-recently-used, newest, random; did you mean \`least-recently-used\`?
          hello: { runtime: nodejs22.x, handler: { duration: 50ms }, idleSelection: lru, coldStart: none }
                                                                                    ^^^"
    `)
    expect(await complaint(withFunction('scalingRate: 5'))).toMatchInlineSnapshot(`
      "s.yaml:5:75: \`5\` is no known \`scalingRate\`: known are platform, unlimited
          hello: { runtime: nodejs22.x, handler: { duration: 50ms }, scalingRate: 5, coldStart: none }
                                                                                  ^"
    `)
  })

  test('an unknown runtime is an error and the near one is offered', async () => {
    expect(
      await complaint(withFunction('').replace('nodejs22.x', 'nodejs22')),
    ).toMatchInlineSnapshot(`
      "s.yaml:5:21: \`nodejs22\` is no known \`runtime\`; did you mean \`nodejs22.x\`?
          hello: { runtime: nodejs22, handler: { duration: 50ms }, coldStart: none }
                            ^^^^^^^^"
    `)
    const far = await complaint(withFunction('').replace('nodejs22.x', 'cobol'))
    expect(far).toContain('`cobol` is no known `runtime`: known are nodejs4.3, ')
    expect(far).toContain('provided.al2023\n')
  })

  test('units are taught', async () => {
    expect(await complaint(withFunction('timeout: 3'))).toMatchInlineSnapshot(`
      "s.yaml:5:71: \`3\` has no unit: write 3s or 3ms, say
          hello: { runtime: nodejs22.x, handler: { duration: 50ms }, timeout: 3, coldStart: none }
                                                                              ^"
    `)
    expect(await complaint(withFunction('timeout: 16m'))).toMatchInlineSnapshot(`
      "s.yaml:5:71: \`16m\` is out of range: from 1s to 15m is allowed
          hello: { runtime: nodejs22.x, handler: { duration: 50ms }, timeout: 16m, coldStart: none }
                                                                              ^^^"
    `)
    expect(await complaint(withFunction('memorySize: 64'))).toMatchInlineSnapshot(`
      "s.yaml:5:74: memory is between 128 and 10240 MB (\`64\`)
          hello: { runtime: nodejs22.x, handler: { duration: 50ms }, memorySize: 64, coldStart: none }
                                                                                 ^^"
    `)
    expect(
      await complaint(withFunction('reservedConcurrentExecutions: many')),
    ).toMatchInlineSnapshot(`
      "s.yaml:5:92: \`many\` is not a whole number
        ...time: nodejs22.x, handler: { duration: 50ms }, reservedConcurrentExecutions: many, coldStart: none }
                                                                                        ^^^^"
    `)
    expect(
      await complaint(withFunction('reservedConcurrentExecutions: -1')),
    ).toMatchInlineSnapshot(`
      "s.yaml:5:92: concurrency cannot be negative (\`-1\`)
        ...untime: nodejs22.x, handler: { duration: 50ms }, reservedConcurrentExecutions: -1, coldStart: none }
                                                                                          ^^"
    `)
    expect(
      await complaint(scenario({ traffic: '{ v: { to: hello, rate: -20/s } }' })),
    ).toMatchInlineSnapshot(`
      "s.yaml:5:34: a rate cannot be negative (\`-20/s\`)
        traffic: { v: { to: hello, rate: -20/s } }
                                         ^^^^^"
    `)
    expect(
      await complaint(scenario({ traffic: '{ v: { to: hello, rate: 2000000/s } }' })),
    ).toMatchInlineSnapshot(`
      "s.yaml:5:34: \`2000000/s\` is too high: the highest rate is 1000000/s
        traffic: { v: { to: hello, rate: 2000000/s } }
                                         ^^^^^^^^^"
    `)
    expect(await complaint(scenario({ duration: '400d' }))).toMatchInlineSnapshot(`
      "s.yaml:2:11: \`400d\` is too long: the longest duration is 366d
        duration: 400d
                  ^^^^"
    `)
    expect(await complaint(scenario({ duration: '0s' }))).toMatchInlineSnapshot(`
      "s.yaml:2:11: \`0s\` must be longer than 0s
        duration: 0s
                  ^^"
    `)
    expect(await complaint(scenario({ duration: '[1]' }))).toMatchInlineSnapshot(`
      "s.yaml:2:11: a list is not a duration such as 250ms or 12m30s
        duration: [1]
                  ^"
    `)
    expect(await complaint(scenario({ duration: '' }))).toMatchInlineSnapshot(`
      "s.yaml:2:11: nothing is not a duration such as 250ms or 12m30s
        duration: 
                  ^"
    `)
  })

  test('another kind of value than the one wanted', async () => {
    expect(await complaint(scenario({ functions: '[]' }))).toMatchInlineSnapshot(`
      "s.yaml:4:12: \`functions\` must be a map, not a list
        functions: []
                   ^
      s.yaml:5:28: there is no function \`hello\`: none is declared
        traffic: { visitors: { to: hello, rate: 20/s } }
                                   ^^^^^"
    `)
    expect(await complaint(scenario({ functions: '{ hello: 5 }' }))).toMatchInlineSnapshot(`
      "s.yaml:4:21: \`hello\` must be a map, not \`5\`
        functions: { hello: 5 }
                            ^"
    `)
    expect(await complaint(scenario({ timeline: '{}' }))).toMatchInlineSnapshot(`
      "s.yaml:6:11: \`timeline\` must be a list, not a map
        timeline: {}
                  ^"
    `)
    expect(await complaint(scenario({ timeline: '[5]' }))).toMatchInlineSnapshot(`
      "s.yaml:6:12: \`timeline\` entry 0 must be a map, not \`5\`
        timeline: [5]
                   ^"
    `)
    expect(await complaint(scenario({ drain: 'perhaps' }))).toMatchInlineSnapshot(`
      "s.yaml:6:8: \`drain\` must be true or false, not \`perhaps\`
        drain: perhaps
               ^^^^^^^"
    `)
    expect(await complaint(withFunction('keepAlive: 6m'))).toMatchInlineSnapshot(`
      "s.yaml:5:73: \`keepAlive\` must be a map, not \`6m\`
          hello: { runtime: nodejs22.x, handler: { duration: 50ms }, keepAlive: 6m, coldStart: none }
                                                                                ^^"
    `)
    expect(await complaint(withFunction('').replace('coldStart: none', ''))).toMatchInlineSnapshot(
      `"no complaint"`,
    )
    expect(
      await complaint(
        scenario({
          functions: '{ hello: { runtime: nodejs22.x, handler: { duration: 5ms }, coldStart: 5 } }',
        }),
      ),
    ).toMatchInlineSnapshot(`
      "s.yaml:4:83: \`coldStart\` must be \`none\` or a map, not \`5\`
        functions: { hello: { runtime: nodejs22.x, handler: { duration: 5ms }, coldStart: 5 } }
                                                                                          ^"
    `)
  })

  test('times and months', async () => {
    expect(await complaint(scenario({ startsAt: 'tomorrow' }))).toMatchInlineSnapshot(`
      "s.yaml:6:11: \`tomorrow\` is not a time such as 2026-03-02T00:00:00Z or 2026-03-02
        startsAt: tomorrow
                  ^^^^^^^^"
    `)
    expect(await complaint(scenario({ startsAt: '2026-02-30T00:00:00Z' }))).toMatchInlineSnapshot(`
      "s.yaml:6:11: \`2026-02-30T00:00:00Z\` is not a time such as 2026-03-02T00:00:00Z or 2026-03-02
        startsAt: 2026-02-30T00:00:00Z
                  ^^^^^^^^^^^^^^^^^^^^"
    `)
    expect(await complaint(scenario({ startsAt: '2024-02-29' }))).toBe('no complaint')
    expect(await complaint(scenario({ platform: '2026-13' }))).toMatchInlineSnapshot(`
      "s.yaml:6:11: \`2026-13\` is no month such as 2026-11
        platform: 2026-13
                  ^^^^^^^"
    `)
    expect(await complaint(scenario({ platform: '2016-12' }))).toMatchInlineSnapshot(`
      "s.yaml:6:11: the platform of \`2016-12\` is not known: 2017-01 to 2026-11 are
        platform: 2016-12
                  ^^^^^^^"
    `)
    expect(await complaint(scenario({ platform: '2026' }))).toMatchInlineSnapshot(`
      "s.yaml:6:11: a platform is a month such as 2026-11
        platform: 2026
                  ^^^^"
    `)
  })

  test('keep-alive policies', async () => {
    expect(
      await complaint(withFunction('keepAlive: { policy: fixd, idleTimeout: 6m }')),
    ).toMatchInlineSnapshot(`
      "s.yaml:5:83: \`fixd\` is no known keep-alive policy: known are fixed, uniform, preset, hybrid-histogram, greedy-dual; did you mean \`fixed\`?
        ...js22.x, handler: { duration: 50ms }, keepAlive: { policy: fixd, idleTimeout: 6m }, coldStart: none }
                                                                     ^^^^"
    `)
    expect(await complaint(withFunction('keepAlive: { idleTimeout: 6m }'))).toMatchInlineSnapshot(`
      "s.yaml:5:62: missing required key \`policy\` in functions.hello.keepAlive
        ... runtime: nodejs22.x, handler: { duration: 50ms }, keepAlive: { idleTimeout: 6m }, coldStart: none }
                                                              ^^^^^^^^^"
    `)
    expect(await complaint(withFunction('keepAlive: { policy: fixed }'))).toMatchInlineSnapshot(`
      "s.yaml:5:62: missing required key \`idleTimeout\` in functions.hello.keepAlive
        ... { runtime: nodejs22.x, handler: { duration: 50ms }, keepAlive: { policy: fixed }, coldStart: none }
                                                                ^^^^^^^^^"
    `)
    expect(
      await complaint(
        withFunction('keepAlive: { policy: uniform, idleTimeout: { min: 7m, max: 5m } }'),
      ),
    ).toMatchInlineSnapshot(`
      "s.yaml:5:121: max must not be below min
        ...ration: 50ms }, keepAlive: { policy: uniform, idleTimeout: { min: 7m, max: 5m } }, coldStart: none }
                                                                                      ^^"
    `)
    expect(
      await complaint(withFunction('keepAlive: { policy: preset, platform: 2030-01 }')),
    ).toMatchInlineSnapshot(`
      "s.yaml:5:101: the platform of \`2030-01\` is not known: 2017-01 to 2026-11 are
        ....x, handler: { duration: 50ms }, keepAlive: { policy: preset, platform: 2030-01 }, coldStart: none }
                                                                                   ^^^^^^^"
    `)
  })
})

describe('what later work brings is refused, not ignored', () => {
  test.each(['durableConfig'])('function key %s', async (key) => {
    const [first] = (await complaint(withFunction(`${key}: {}`))).split('\n')
    expect(first).toBe(`s.yaml:5:62: \`${key}\` is not supported yet`)
  })

  test('a handler that is a list', async () => {
    expect(
      await complaint(withFunction('').replace('{ duration: 50ms }', '[ { compute: 5ms } ]')),
    ).toMatchInlineSnapshot(`"no complaint"`)
  })

  test('faults in the timeline', async () => {
    expect(
      await complaint(scenario({ timeline: '[ { at: 5m, throttle: hello, for: 10s } ]' })),
    ).toMatch(/^s\.yaml:6:23: `throttle` is not supported yet\n/)
  })

  test('`set` of such a key', async () => {
    const path = 'functions.hello.durableConfig.level'
    expect(
      await complaint(scenario({ timeline: `[ { at: 1m, set: { ${path}: 5 } } ]` })),
    ).toContain(`: \`${path}\` cannot be set: \`durableConfig\` is not supported yet\n`)
  })
})
