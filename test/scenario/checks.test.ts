import { describe, expect, test } from 'vitest'
import { compile, complaint, filesOf, load, scenario, withFunction } from './support.ts'

const two = (one: string, other: string, parts: Record<string, string> = {}): string =>
  scenario({
    functions: `
  one: { runtime: nodejs22.x, coldStart: none, handler: { duration: 1s }, ${one} }
  two: { runtime: nodejs22.x, coldStart: none, handler: { duration: 1s }, ${other} }`,
    traffic: '{ v: { to: one, rate: 1/s } }',
    ...parts,
  })

describe('limits', () => {
  test('what is set aside leaves 100 of the account unreserved (Lambda developer guide, quotas)', async () => {
    const fits = two('reservedConcurrentExecutions: 500', 'provisionedConcurrentExecutions: 400')
    expect(await complaint(fits)).toBe('no complaint')
    expect(await complaint(fits.replace('400', '401'))).toMatchInlineSnapshot(`
      "s.yaml:3:1: the functions set 901 aside (500 reserved, 401 provisioned without reserved), but of the account's 1000 at most 900 can be: 100 always stay unreserved (AWS: InvalidParameterValueException)
        account: { region: us-east-1 }
        ^^^^^^^"
    `)
  })

  test('an account has some concurrency', async () => {
    const account = '{ region: us-east-1, concurrentExecutions: 0 }'
    expect(await complaint(scenario({ account }))).toMatchInlineSnapshot(`
      "s.yaml:3:53: an account has a concurrency limit of at least 1
        account: { region: us-east-1, concurrentExecutions: 0 }
                                                            ^"
    `)
  })

  test('an account of 50 may have functions without reservations', async () => {
    const account = '{ region: us-east-1, concurrentExecutions: 50 }'
    expect(await complaint(scenario({ account }))).toBe('no complaint')
    expect(
      await complaint(two('timeout: 5s', 'reservedConcurrentExecutions: 1', { account })),
    ).toMatchInlineSnapshot(`
      "s.yaml:3:53: the functions set 1 aside (1 reserved, 0 provisioned without reserved), but of the account's 50 at most 0 can be: 100 always stay unreserved (AWS: InvalidParameterValueException)
        account: { region: us-east-1, concurrentExecutions: 50 }
                                                            ^^"
    `)
  })

  test('provisioned concurrency inside reserved is not set aside twice', async () => {
    const keys = 'reservedConcurrentExecutions: 900, provisionedConcurrentExecutions: 900'
    expect(await complaint(withFunction(keys))).toBe('no complaint')
  })

  test('provisioned concurrency is part of the reserved', async () => {
    const keys = 'reservedConcurrentExecutions: 10, provisionedConcurrentExecutions: 11'
    expect(await complaint(withFunction(keys))).toMatchInlineSnapshot(`
      "s.yaml:5:129: hello provisions 11, but reserves only 10: provisioned concurrency is part of the reserved (AWS: InvalidParameterValueException)
        ...on: 50ms }, reservedConcurrentExecutions: 10, provisionedConcurrentExecutions: 11, coldStart: none }
                                                                                          ^^"
    `)
  })

  test('other functions cannot claim more than is unreserved', async () => {
    const account = '{ region: us-east-1, otherFunctions: { unreservedConcurrency: 801 } }'
    expect(
      await complaint(withFunction('reservedConcurrentExecutions: 200', { account })),
    ).toMatchInlineSnapshot(`
      "s.yaml:3:72: the other functions claim 801, but only 800 of the account's concurrency is unreserved
        account: { region: us-east-1, otherFunctions: { unreservedConcurrency: 801 } }
                                                                               ^^^"
    `)
  })
})

describe('times', () => {
  test('the warm-up is shorter than the run', async () => {
    expect(await complaint(scenario({ warmUp: '10m' }))).toMatchInlineSnapshot(`
      "s.yaml:6:9: warmUp must be shorter than the run's duration of 10m: nothing would be left to measure
        warmUp: 10m
                ^^^"
    `)
  })

  test('a period may be longer than the run, and need not divide it', async () => {
    expect(await complaint(scenario({ metricsPeriod: '11m' }))).toBe('no complaint')
    expect(await complaint(scenario({ metricsPeriod: '7m' }))).toBe('no complaint')
    expect(await complaint(scenario({ metricsPeriod: '0s' }))).toMatchInlineSnapshot(`
      "s.yaml:6:16: \`0s\` must be longer than 0s
        metricsPeriod: 0s
                       ^^"
    `)
  })

  test('periods are not too many', async () => {
    expect(
      await complaint(scenario({ duration: '30d', metricsPeriod: '1s' })),
    ).toMatchInlineSnapshot(`
      "s.yaml:6:16: 30d in periods of 1s are 2592000 rows per metric: at most 1000000 are written
        metricsPeriod: 1s
                       ^^"
    `)
  })

  test('what the timeline does after the run is cut with a warning, as stages are', async () => {
    const timeline = '[ { at: 10m, deploy: hello }, { at: 4m, deploy: hello } ]'
    const { compiled, warnings } = await load(scenario({ timeline }))
    expect(compiled.timeline.map(({ atUs }) => atUs)).toEqual([240e6])
    expect(warnings).toEqual(['timeline.0: at 10m the run of 10m is over: this never happens'])
    const cutShort = await load(scenario({ timeline }), ['duration=3m'])
    expect(cutShort.compiled.timeline).toEqual([])
    expect(cutShort.warnings).toHaveLength(2)
    expect(await complaint(scenario({ timeline: '[ { at: -1m, deploy: hello } ]' }))).toContain(
      'a duration cannot be negative',
    )
  })
})

describe('references', () => {
  test('traffic goes to a declared function', async () => {
    expect(
      await complaint(scenario({ traffic: '{ v: { to: helo, rate: 1/s } }' })),
    ).toMatchInlineSnapshot(`
      "s.yaml:5:21: there is no function \`helo\`: known are hello; did you mean \`hello\`?
        traffic: { v: { to: helo, rate: 1/s } }
                            ^^^^"
    `)
    expect(
      await complaint(scenario({ traffic: '{ v: { to: functions.hello, rate: 1/s } }' })),
    ).toBe('no complaint')
    expect(
      await complaint(scenario({ traffic: '{ v: { to: constructor, rate: 1/s } }' })),
    ).toMatchInlineSnapshot(`
      "s.yaml:5:21: there is no function \`constructor\`: known are hello
        traffic: { v: { to: constructor, rate: 1/s } }
                            ^^^^^^^^^^^"
    `)
  })

  test('a qualifier is an alias or version of the function', async () => {
    const to = (target: string, keys = '') =>
      withFunction(keys, { traffic: `{ v: { to: "${target}", rate: 1/s } }` })
    expect(await complaint(to('hello:live'))).toMatchInlineSnapshot(`
      "s.yaml:6:21: function \`hello\` has no alias or version \`live\`: known are $LATEST
        traffic: { v: { to: "hello:live", rate: 1/s } }
                            ^^^^^^^^^^^^"
    `)
    expect(await complaint(to('hello:$LATEST'))).toBe('no complaint')
    expect(await complaint(to('hello:live', 'provisionedConcurrentExecutions: 0'))).toBe(
      'no complaint',
    )
    expect(
      await complaint(to('hello:lve', 'provisionedConcurrentExecutions: 5')),
    ).toMatchInlineSnapshot(`
      "s.yaml:6:21: function \`hello\` has no alias or version \`lve\`: known are live, 1, $LATEST; did you mean \`live\`?
        traffic: { v: { to: "hello:lve", rate: 1/s } }
                            ^^^^^^^^^^^"
    `)
    expect(await complaint(to('hello:7', 'aliases: { prod: { functionVersion: 7 } }'))).toBe(
      'no complaint',
    )
  })

  test('a reference to a faulty function is still a reference', async () => {
    expect(await complaint(withFunction('memorySize: 1'))).not.toContain('there is no function')
  })

  test('deployments and initial states name functions', async () => {
    expect(
      await complaint(scenario({ timeline: '[ { at: 1m, deploy: helo } ]' })),
    ).toMatchInlineSnapshot(`
      "s.yaml:6:31: there is no function \`helo\`: known are hello; did you mean \`hello\`?
        timeline: [ { at: 1m, deploy: helo } ]
                                      ^^^^"
    `)
    expect(
      await complaint(scenario({ timeline: '[ { at: 1m, deploy: "hello:live" } ]' })),
    ).toMatchInlineSnapshot(`
      "s.yaml:6:31: a deployment is of a function: write its name without a qualifier
        timeline: [ { at: 1m, deploy: "hello:live" } ]
                                      ^^^^^^^^^^^^"
    `)
    expect(
      await complaint(scenario({ initial: '{ functions.helo: { environments: 5 } }' })),
    ).toMatchInlineSnapshot(`
      "s.yaml:6:12: there is no function \`helo\`: known are hello; did you mean \`hello\`?
        initial: { functions.helo: { environments: 5 } }
                   ^^^^^^^^^^^^^^"
    `)
    expect(
      await complaint(scenario({ initial: '{ functions: { helo: { environments: 5 } } }' })),
    ).toMatchInlineSnapshot(`
      "s.yaml:6:25: there is no function \`helo\`: known are hello; did you mean \`hello\`?
        initial: { functions: { helo: { environments: 5 } } }
                                ^^^^"
    `)
  })
})

describe('handlers', () => {
  test('take a duration or a measured one', async () => {
    const handler = (text: string) => withFunction('').replace('{ duration: 50ms }', text)
    expect(await complaint(handler('{ errorRate: 1% }'))).toMatchInlineSnapshot(`
      "s.yaml:5:33: missing required key \`duration\` in functions.hello.handler
          hello: { runtime: nodejs22.x, handler: { errorRate: 1% }, coldStart: none }
                                        ^^^^^^^"
    `)
    expect(
      await complaint(handler('{ duration: 5ms, measuredDuration: 5ms }')),
    ).toMatchInlineSnapshot(`
      "s.yaml:5:59: measuredDuration stands in place of duration: write one of them
          hello: { runtime: nodejs22.x, handler: { duration: 5ms, measuredDuration: 5ms }, coldStart: none }
                                                                  ^^^^^^^^^^^^^^^^"
    `)
    expect(await complaint(handler('{ measuredDuration: 5ms }'))).toBe('no complaint')
    expect(await complaint(handler('{ measuredDuration: 5ms, calls: [] }'))).toMatchInlineSnapshot(`
      "s.yaml:5:44: measuredDuration contains the time of calls: it cannot be combined with calls
          hello: { runtime: nodejs22.x, handler: { measuredDuration: 5ms, calls: [] }, coldStart: none }
                                                   ^^^^^^^^^^^^^^^^"
    `)
  })

  test('fail at most once per invocation', async () => {
    const handler = (text: string) => withFunction('').replace('50ms', `50ms, ${text}`)
    expect(await complaint(handler('failures: { error: 60%, crash: 41% }'))).toMatchInlineSnapshot(`
      "s.yaml:5:60: the failures of hello add up to 101%: an invocation fails once at most
        ...me: nodejs22.x, handler: { duration: 50ms, failures: { error: 60%, crash: 41% } }, coldStart: none }
                                                      ^^^^^^^^"
    `)
    expect(await complaint(handler('failures: { error: 60%, crash: 40%, initError: 100% }'))).toBe(
      'no complaint',
    )
    expect(
      await complaint(handler('errorRate: 1%, failures: { error: 1% }')),
    ).toMatchInlineSnapshot(`
      "s.yaml:5:60: errorRate is short for failures.error: write one of them
        ...: nodejs22.x, handler: { duration: 50ms, errorRate: 1%, failures: { error: 1% } }, coldStart: none }
                                                    ^^^^^^^^^"
    `)
  })
})

describe('versions and aliases', () => {
  const aliases = (text: string, more = ''): string => withFunction(`aliases: ${text}${more}`)

  test('the shorthand and the alias live exclude each other', async () => {
    expect(
      await complaint(
        aliases('{ live: { functionVersion: 1 } }', ', provisionedConcurrentExecutions: 5'),
      ),
    ).toMatchInlineSnapshot(`
      "s.yaml:5:73: provisionedConcurrentExecutions of the function makes the alias live, which aliases declares too: give it to the alias instead
        ...handler: { duration: 50ms }, aliases: { live: { functionVersion: 1 } }, provisionedConcurrentExecuti...
                                                   ^^^^"
    `)
  })

  test('an alias routes to one second version', async () => {
    expect(
      await complaint(
        aliases('{ a: { functionVersion: 1, routingConfig: { "2": 10%, "3": 10% } } }'),
      ),
    ).toMatchInlineSnapshot(`
      "s.yaml:5:113: an alias routes to one second version at most
        ... }, aliases: { a: { functionVersion: 1, routingConfig: { "2": 10%, "3": 10% } } }, coldStart: none }
                                                                  ^"
    `)
    expect(
      await complaint(aliases('{ a: { functionVersion: 1, routingConfig: { "1": 10% } } }')),
    ).toMatchInlineSnapshot(`
      "s.yaml:5:113: routingConfig repeats the alias's own version 1
        ...tion: 50ms }, aliases: { a: { functionVersion: 1, routingConfig: { "1": 10% } } }, coldStart: none }
                                                                            ^"
    `)
    expect(
      await complaint(aliases('{ a: { functionVersion: $LATEST, routingConfig: { "1": 10% } } }')),
    ).toMatchInlineSnapshot(`
      "s.yaml:5:119: an alias of $LATEST cannot route to a second version
        ...50ms }, aliases: { a: { functionVersion: $LATEST, routingConfig: { "1": 10% } } }, coldStart: none }
                                                                            ^"
    `)
    expect(
      await complaint(aliases('{ a: { functionVersion: 1, routingConfig: { live: 10% } } }')),
    ).toMatchInlineSnapshot(`
      "s.yaml:5:115: \`live\` is not a published version: a number such as "8"
        ...ion: 50ms }, aliases: { a: { functionVersion: 1, routingConfig: { live: 10% } } }, coldStart: none }
                                                                             ^^^^"
    `)
  })

  test('provisioned concurrency needs a published version, once', async () => {
    expect(
      await complaint(
        aliases('{ a: { functionVersion: $LATEST, provisionedConcurrentExecutions: 1 } }'),
      ),
    ).toMatchInlineSnapshot(`
      "s.yaml:5:137: $LATEST cannot have provisioned concurrency: point the alias to a published version
        ... aliases: { a: { functionVersion: $LATEST, provisionedConcurrentExecutions: 1 } }, coldStart: none }
                                                                                       ^"
    `)
    expect(
      await complaint(
        aliases(
          '{ a: { functionVersion: 7, provisionedConcurrentExecutions: 1 } }',
          ', versions: { "7": { provisionedConcurrentExecutions: 1 } }',
        ),
      ),
    ).toMatchInlineSnapshot(`
      "s.yaml:5:131: version 7 has provisioned concurrency by version 7 itself already: a version has one configuration of it at most
        ...on: 7, provisionedConcurrentExecutions: 1 } }, versions: { "7": { provisionedConcurrentExecutions: 1...
                                                   ^"
    `)
  })

  test('a version has one configuration of provisioned concurrency (Lambda developer guide)', async () => {
    const provisions = (version: number, count = 1): string =>
      `{ functionVersion: ${version}, provisionedConcurrentExecutions: ${count} }`
    const first = async (keys: string): Promise<string | undefined> =>
      (await complaint(withFunction(keys))).split('\n')[0]?.replace(/^[^ ]+ /, '')
    expect(await first(`aliases: { a: ${provisions(7)}, b: ${provisions(7)} }`)).toBe(
      'version 7 has provisioned concurrency by alias a already: a version has one configuration of it at most',
    )
    expect(
      await first(`provisionedConcurrentExecutions: 5, aliases: { b: ${provisions(1)} }`),
    ).toMatch(/^version 1 has provisioned concurrency by alias live /)
    expect(
      await first(
        'provisionedConcurrentExecutions: 5, versions: { "1": { provisionedConcurrentExecutions: 2 } }',
      ),
    ).toMatch(/^version 1 has provisioned concurrency by alias live /)
    expect(await first(`aliases: { a: ${provisions(7)}, b: ${provisions(8)} }`)).toBe('complaint')
    expect(await first(`aliases: { a: ${provisions(7)}, b: ${provisions(7, 0)} }`)).toBe(
      'complaint',
    )
    const raised = withFunction(`aliases: { a: ${provisions(7)}, b: ${provisions(7, 0)} }`, {
      timeline:
        '[ { at: 1m, set: { functions.hello.aliases.b.provisionedConcurrentExecutions: 3 } } ]',
    })
    expect(await complaint(raised)).toContain('from then on: version 7 has provisioned')
  })

  test('a function has one deployment at a time', async () => {
    const deployments = (...entries: readonly string[]): Promise<string> =>
      complaint(
        withFunction('provisionedConcurrentExecutions: 0', {
          timeline: entries.map((entry) => `\n  - { ${entry} }`).join(''),
        }),
      )
    const canary = 'at: 2m, deploy: hello, strategy: Canary10Percent5Minutes'
    expect(await deployments('at: 4m, deploy: functions.hello', canary)).toMatchInlineSnapshot(`
      "s.yaml:8:11: the deployment of hello at 2m shifts traffic until 7m, and only one can run at a time: begin this one later
          - { at: 4m, deploy: functions.hello }
                  ^^"
    `)
    expect(await deployments(canary, 'at: 7m, deploy: hello')).toContain('s.yaml:9:11: ')
    expect(await deployments(canary, 'at: 2m, deploy: hello')).toContain('s.yaml:9:11: ')
    expect(await deployments('at: 2m, deploy: hello', canary)).toBe('no complaint')
    expect(await deployments(canary, 'at: 7m1us, deploy: hello')).toBe('no complaint')
    const long = 'at: 3m, deploy: hello, strategy: Linear10PercentEvery1Minute'
    const third = await deployments(canary, long, 'at: 8m, deploy: hello')
    expect(third.match(/s\.yaml:\d+:\d+: .* until \w+/g)).toEqual([
      's.yaml:9:11: the deployment of hello at 2m shifts traffic until 7m',
      's.yaml:10:11: the deployment of hello at 3m shifts traffic until 12m',
    ])
  })

  test('deployments of different functions may overlap', async () => {
    const entry = 'runtime: nodejs22.x, handler: { duration: 50ms }, coldStart: none'
    const shared = `{ ${entry}, provisionedConcurrentExecutions: 0 }`
    const text = scenario({
      functions: `{ hello: ${shared}, other: ${shared} }`,
      timeline:
        '[ { at: 1m, deploy: hello, strategy: Canary10Percent5Minutes }, { at: 2m, deploy: other, strategy: Canary10Percent5Minutes } ]',
    })
    expect(await complaint(text)).toBe('no complaint')
  })

  test('gradual deployments need an alias', async () => {
    const timeline = '[ { at: 1m, deploy: hello, strategy: Canary10Percent5Minutes } ]'
    expect(await complaint(withFunction('', { timeline }))).toMatchInlineSnapshot(`
      "s.yaml:7:48: Canary10Percent5Minutes shifts the traffic of an alias, and hello means $LATEST: use AllAtOnce, or give hello provisionedConcurrentExecutions (0 is enough), which makes alias live
        timeline: [ { at: 1m, deploy: hello, strategy: Canary10Percent5Minutes } ]
                                                       ^^^^^^^^^^^^^^^^^^^^^^^"
    `)
    expect(await complaint(withFunction('provisionedConcurrentExecutions: 0', { timeline }))).toBe(
      'no complaint',
    )
    const explicit = withFunction('aliases: { prod: { functionVersion: 7 } }', { timeline })
    expect(await complaint(explicit)).toContain('hello means $LATEST')
  })
})

describe('the platform of the time', () => {
  test.each([
    ['memorySize: 3009', '2020-11', '2020-12', 'memory above 3008 MB'],
    ['architectures: arm64', '2021-08', '2021-09', 'architecture arm64'],
    ['packageType: Image', '2020-11', '2020-12', 'packageType Image'],
    ['provisionedConcurrentExecutions: 1', '2019-11', '2019-12', 'provisioned concurrency'],
  ])('%s does not exist in %s', async (keys, before, since, what) => {
    const [first] = (await complaint(withFunction(keys, { platform: before }))).split('\n')
    expect(first).toContain(`${what} exists since ${since}, and the platform is that of ${before}`)
    expect(await complaint(withFunction(keys, { platform: since }))).toBe('no complaint')
  })
})

describe('runtimes whose cold start was not measured', () => {
  const lacking = (runtime: string, coldStart: string): string =>
    scenario({
      functions: `{ hello: { runtime: ${runtime}, handler: { duration: 1s }, coldStart: ${coldStart} } }`,
    })

  test('need both parts stated', async () => {
    expect(await complaint(lacking('provided.al2023', '{ init: 1s }'))).toMatchInlineSnapshot(`
      "s.yaml:4:32: no single cold start was measured for provided.al2023: state coldStart.firstInvocation (measured are dotnet8, dotnet10, java8.al2, java11, java17, java21, java25, nodejs20.x, nodejs22.x, nodejs24.x, python3.9, python3.10, python3.11, python3.12, python3.13, python3.14, ruby3.2, ruby3.3, ruby3.4)
        functions: { hello: { runtime: provided.al2023, handler: { duration: 1s }, coldStart: { init: 1s } }...
                                       ^^^^^^^^^^^^^^^"
    `)
    expect(await complaint(lacking('nodejs18.x', '{}'))).toContain(
      'state coldStart.init and coldStart.firstInvocation',
    )
    expect(await complaint(lacking('go1.x', '{ init: 1s, firstInvocation: 0ms }'))).toBe(
      'no complaint',
    )
    expect(await complaint(lacking('dotnet6', 'none'))).toBe('no complaint')
  })
})

describe('initial state', () => {
  const ready = (count: number, keys: string): string =>
    withFunction(keys, {
      initial: `{ functions.hello: { provisionedConcurrentExecutions: ${count} } }`,
    })

  test('no more is ready than is configured', async () => {
    expect(await complaint(ready(6, 'provisionedConcurrentExecutions: 5'))).toMatchInlineSnapshot(`
      "s.yaml:7:64: at most 5 are configured, so 6 cannot be ready
        initial: { functions.hello: { provisionedConcurrentExecutions: 6 } }
                                                                       ^"
    `)
    expect(await complaint(ready(5, 'provisionedConcurrentExecutions: 5'))).toBe('no complaint')
    expect(await complaint(ready(1, 'timeout: 3s'))).toMatchInlineSnapshot(`
      "s.yaml:7:64: hello has no provisioned concurrency to be ready
        initial: { functions.hello: { provisionedConcurrentExecutions: 1 } }
                                                                       ^"
    `)
  })

  test('which qualifier is ready must be clear', async () => {
    const aliases =
      'aliases: { a: { functionVersion: 1, provisionedConcurrentExecutions: 1 }, b: { functionVersion: 2, provisionedConcurrentExecutions: 1 } }'
    expect(await complaint(ready(1, aliases))).toMatchInlineSnapshot(`
      "s.yaml:7:64: hello has provisioned concurrency on a and b: which is meant cannot be said
        initial: { functions.hello: { provisionedConcurrentExecutions: 1 } }
                                                                       ^"
    `)
  })

  test('the dotted and the nested form are one', async () => {
    const both =
      '{ functions.hello: { environments: 5 }, functions: { hello: { environments: 5 } } }'
    expect(await complaint(scenario({ initial: both }))).toMatchInlineSnapshot(`
      "s.yaml:6:63: \`hello\` stands twice in initial
        initial: { functions.hello: { environments: 5 }, functions: { hello: { environments: 5 } } }
                                                                      ^^^^^"
    `)
    for (const initial of [
      '{ functions.hello: { environments: 5 } }',
      '{ functions: { hello: { environments: 5 } } }',
    ]) {
      expect((await compile(scenario({ initial }))).functions[0]?.initialEnvironments).toBe(5)
    }
  })
})

describe('files', () => {
  const measured = withFunction('').replace('50ms', '{ empirical: { file: durations.txt } }')

  test('of measured durations are read', async () => {
    const { compiled } = await load(measured, [], filesOf({ 'durations.txt': '10\n20ms\n30\n' }))
    expect(compiled.functions[0]?.handler.duration.mean).toBe(20_000)
  })

  test('that are missing or unreadable are told where they are named', async () => {
    expect(await complaint(measured)).toMatchInlineSnapshot(`
      "s.yaml:5:75: durations.txt: no such file
        ...untime: nodejs22.x, handler: { duration: { empirical: { file: durations.txt } } }, coldStart: none }
                                                                         ^^^^^^^^^^^^^"
    `)
    expect(
      await complaint(measured, [], filesOf({ 'durations.txt': 'ten\n' })),
    ).toMatchInlineSnapshot(`
      "s.yaml:5:75: durations.txt, line 1: \`ten\` is not a duration: a duration is a number with a unit, such as 250ms, 1.5s, 12m30s or 6h (units us, ms, s, m, h, d)
        ...untime: nodejs22.x, handler: { duration: { empirical: { file: durations.txt } } }, coldStart: none }
                                                                         ^^^^^^^^^^^^^"
    `)
    expect(
      await complaint(scenario({ traffic: '{ v: { to: hello, trace: t.csv } }' })),
    ).toMatchInlineSnapshot(`
      "s.yaml:5:35: t.csv: no such file
        traffic: { v: { to: hello, trace: t.csv } }
                                          ^^^^^"
    `)
  })
})

test('all problems are reported at once, in the order of the document', async () => {
  const text = scenario({
    duration: '10',
    functions: '{ hello: { runtime: nodejs22, handler: {} } }',
    traffic: '{ v: { to: helo, rate: 5 } }',
    thresholds: '[ v.ClientLatency.p42 < 5ms ]',
  })
  const starts = (await complaint(text)).split('\n').filter((line) => line.startsWith('s.yaml:'))
  expect(starts.map((line) => line.replace(/: .*/, ''))).toEqual([
    's.yaml:2:11',
    's.yaml:4:32',
    's.yaml:4:42',
    's.yaml:5:21',
    's.yaml:5:33',
    's.yaml:6:15',
  ])
})

describe('users', () => {
  const users = (thinkTime: string): string =>
    scenario({ traffic: `{ v: { to: hello, process: users, users: 5, thinkTime: ${thinkTime} } }` })

  test('think for some time, or a refused one would come back at once for ever', async () => {
    const never = 'thinkTime is always 0: a user whose request is refused would ask again at once'
    expect(await complaint(users('0s'))).toContain(never)
    const file = '{ empirical: { file: think.csv } }'
    const measured = (text: string) => complaint(users(file), [], filesOf({ 'think.csv': text }))
    expect(await measured('0ms\n0ms\n')).toContain(never)
    expect(await measured('0ms\n5ms\n')).toBe('no complaint')
    expect(await complaint(users(file))).toContain('think.csv: no such file')
  })
})

describe('warnings', () => {
  test('a handler that never ends before its timeout', async () => {
    const slow = withFunction('timeout: 2s').replace(
      '50ms',
      '{ uniform: { min: 2001ms, max: 9s } }',
    )
    expect((await load(slow)).warnings).toEqual([
      "functions.hello: every invocation times out: the handler's duration is always longer than the timeout of 2s",
    ])
    expect((await load(slow.replace('2001ms', '1999ms'))).warnings).toEqual([])
    const changed = `${slow}timeline: [ { at: 1m, set: { functions.hello.timeout: 10s } } ]\n`
    expect((await load(changed)).warnings).toEqual([])
  })

  test('provisioned concurrency that no traffic reaches', async () => {
    const wrong = withFunction('provisionedConcurrentExecutions: 5', {
      traffic: '{ v: { to: "hello:$LATEST", rate: 1/s } }',
    })
    expect((await load(wrong)).warnings).toEqual([
      'functions.hello: no traffic reaches the provisioned concurrency of live: it goes to hello:$LATEST, not to hello:live',
    ])
    expect((await load(wrong.replace('hello:$LATEST', 'hello'))).warnings).toEqual([])
    expect((await load(wrong.replace('Executions: 5', 'Executions: 0'))).warnings).toEqual([])
  })

  test('a deployment of $LATEST while all traffic goes to aliases', async () => {
    const text = (to: string): string =>
      withFunction('aliases: { prod: { functionVersion: 7 } }', {
        traffic: `{ v: { to: "${to}", rate: 1/s } }`,
        timeline: '[ { at: 1m, deploy: hello } ]',
      })
    expect((await load(text('hello:prod'))).warnings).toEqual([
      'timeline: the deployment of hello changes $LATEST, which no traffic reaches: its aliases stay on their versions',
    ])
    expect((await load(text('hello'))).warnings).toEqual([])
    expect((await load(text('hello:$LATEST'))).warnings).toEqual([])
  })

  test('stages past the end', async () => {
    const text = scenario({
      traffic: '{ v: { to: hello, stages: [ { for: 20m, rate: 1/s } ] } }',
    })
    expect((await load(text)).warnings).toEqual([
      'traffic.v: the stages last 20m, the run 10m: what is later is cut',
    ])
  })

  test("an empty function's init in place of the real one", async () => {
    const text = withFunction('').replace(', coldStart: none', '')
    expect((await load(text)).warnings).toEqual([
      "functions.hello: init is an empty function's measured init (median 145 ms over 82 days); real functions commonly take 3 to 20 times that; state coldStart.init",
    ])
    expect((await load(text.replace('nodejs22.x', 'nodejs20.x'))).warnings).toEqual([
      expect.stringMatching(/\(median [0-9.]+ ms of ten cold starts on one day\)/),
    ])
  })
})
