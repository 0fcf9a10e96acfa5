import { describe, expect, test } from 'vitest'
import { compile, complaint, withFunction } from './support.ts'

const timeline = (entries: string, keys = ''): string => withFunction(keys, { timeline: entries })

describe('what changes during a run', () => {
  test('is compiled to changes in the order of time', async () => {
    const { timeline: actions } = await compile(
      timeline(
        `
  - { at: 5m, set: { functions.hello.handler.errorRate: 10%, functions.hello.timeout: 5s } }
  - { at: 1m, set: { account.concurrentExecutions: 2000 } }
  - { at: 2m, set: { account.otherFunctions.unreservedConcurrency: 50 } }
  - { at: 3m, set: { functions.hello.reservedConcurrentExecutions: 300 } }
  - { at: 4m, set: { functions.hello.provisionedConcurrentExecutions: 20 } }
  - { at: 6m, set: { functions.hello.handler.failures.crash: 1% } }`,
        'provisionedConcurrentExecutions: 0',
      ),
    )
    expect(actions.map((action) => action.kind === 'set' && [action.atUs, action.change])).toEqual([
      [60e6, { kind: 'accountConcurrency', value: 2_000 }],
      [120e6, { kind: 'otherUnreservedConcurrency', value: 50 }],
      [180e6, { kind: 'reservedConcurrency', functionIndex: 0, value: 300 }],
      [240e6, { kind: 'provisionedConcurrency', functionIndex: 0, qualifierIndex: 0, value: 20 }],
      [
        300e6,
        {
          kind: 'failures',
          functionIndex: 0,
          value: { error: 0.1, crash: 0, outOfMemory: 0, timeout: 0, initError: 0 },
        },
      ],
      [300e6, { kind: 'timeout', functionIndex: 0, valueUs: 5e6 }],
      [
        360e6,
        {
          kind: 'failures',
          functionIndex: 0,
          value: { error: 0.1, crash: 0.01, outOfMemory: 0, timeout: 0, initError: 0 },
        },
      ],
    ])
  })

  test('null takes reserved concurrency away', async () => {
    const { timeline: actions } = await compile(
      timeline(
        '[ { at: 1m, set: { functions.hello.reservedConcurrentExecutions: null } } ]',
        'reservedConcurrentExecutions: 5',
      ),
    )
    expect(actions).toMatchObject([{ change: { kind: 'reservedConcurrency', value: null } }])
  })

  test('provisioned concurrency of an alias is changed at its qualifier', async () => {
    const { timeline: actions, functions } = await compile(
      timeline(
        '[ { at: 1m, set: { functions.hello.aliases.prod.provisionedConcurrentExecutions: 9 } } ]',
        'aliases: { beta: { functionVersion: 2 }, prod: { functionVersion: 1, provisionedConcurrentExecutions: 0 } }',
      ),
    )
    expect(functions[0]?.qualifiers.map(({ name }) => name)).toEqual(['', 'beta', 'prod'])
    expect(actions).toMatchObject([{ change: { qualifierIndex: 2, value: 9 } }])
  })

  test('deployments bring the shares of their strategy', async () => {
    const { timeline: actions } = await compile(
      timeline(
        '[ { at: 1m, deploy: hello }, { at: 2m, deploy: hello, strategy: Linear10PercentEvery2Minutes } ]',
        'provisionedConcurrentExecutions: 0',
      ),
    )
    expect(actions[0]).toMatchObject({ strategy: 'AllAtOnce', shifts: [{ afterUs: 0, share: 1 }] })
    expect(actions[1]).toMatchObject({ kind: 'deploy', atUs: 120e6, functionIndex: 0 })
    expect(actions[1]?.kind === 'deploy' && actions[1].shifts.slice(0, 2)).toEqual([
      { afterUs: 0, share: 0.1 },
      { afterUs: 120e6, share: 0.2 },
    ])
  })
})

describe('what may not change', () => {
  test('names what may', async () => {
    expect(
      await complaint(timeline('[ { at: 1m, set: { functions.hello.memorySize: 512 } } ]')),
    ).toMatchInlineSnapshot(`
      "s.yaml:7:30: \`functions.hello.memorySize\` cannot change during a run; what can: tables.NAME.provisionedThroughput.readCapacityUnits, tables.NAME.provisionedThroughput.writeCapacityUnits, downstreams.NAME.maxConnections, downstreams.NAME.servers, downstreams.NAME.errorRate, downstreams.NAME.queueCapacity, downstreams.NAME.contention.sigma, downstreams.NAME.contention.kappa, downstreams.NAME.hitRate, apis.NAME.throttle, apis.NAME.throttle.rate, apis.NAME.throttle.burst, apis.NAME.usagePlan.throttle, apis.NAME.usagePlan.throttle.rate, apis.NAME.usagePlan.throttle.burst, vpcs.NAME.networkInterfaceLimit, subnets.NAME.availableIpAddresses, natGateways.NAME.addresses, natGateways.NAME.connectionsPerAddress, capacityProviders.NAME.capacityProviderScalingConfig.maxVCpuCount, functions.NAME.events.NAME.scalingConfig.maximumConcurrency, functions.NAME.events.NAME.batchSize, functions.NAME.events.NAME.maximumBatchingWindow, functions.NAME.events.NAME.parallelizationFactor, functions.NAME.events.NAME.throttle, functions.NAME.events.NAME.throttle.rate, functions.NAME.events.NAME.throttle.burst, account.concurrentExecutions, account.otherFunctions.unreservedConcurrency, functions.NAME.reservedConcurrentExecutions, functions.NAME.provisionedConcurrentExecutions, functions.NAME.aliases.NAME.provisionedConcurrentExecutions, functions.NAME.versions.NAME.provisionedConcurrentExecutions, functions.NAME.functionScalingConfig.minExecutionEnvironments, functions.NAME.functionScalingConfig.maxExecutionEnvironments, functions.NAME.handler.errorRate, functions.NAME.handler.failures.NAME, functions.NAME.timeout
        timeline: [ { at: 1m, set: { functions.hello.memorySize: 512 } } ]
                                     ^^^^^^^^^^^^^^^^^^^^^^^^^^"
    `)
    expect(
      await complaint(timeline('[ { at: 1m, set: { functions.hello.timeot: 5s } } ]')),
    ).toContain('did you mean `functions.hello.timeout`?')
    expect(
      await complaint(timeline('[ { at: 1m, set: { functions.helo.timeout: 5s } } ]')),
    ).toMatchInlineSnapshot(`
      "s.yaml:7:30: there is no functions.helo; did you mean \`hello\`?
        timeline: [ { at: 1m, set: { functions.helo.timeout: 5s } } ]
                                     ^^^^^^^^^^^^^^^^^^^^^^"
    `)
    expect(await complaint(timeline('[ { at: 1m, set: {} } ]'))).toMatchInlineSnapshot(`
      "s.yaml:7:28: \`set\` must name at least one path
        timeline: [ { at: 1m, set: {} } ]
                                   ^"
    `)
    expect(
      await complaint(
        timeline('[ { at: 1m, set: { functions.hello.handler.failures.typo: 1% } } ]'),
      ),
    ).toMatchInlineSnapshot(`
      "s.yaml:7:69: from then on: unknown key \`typo\` in functions.hello.handler.failures: known here are error, crash, outOfMemory, timeout, initError
        timeline: [ { at: 1m, set: { functions.hello.handler.failures.typo: 1% } } ]
                                                                            ^^"
    `)
  })

  test('a value is checked by the schema of its path', async () => {
    expect(
      await complaint(timeline('[ { at: 1m, set: { functions.hello.timeout: 16m } } ]')),
    ).toMatchInlineSnapshot(`
      "s.yaml:7:55: from then on: \`16m\` is out of range: from 1s to 15m is allowed
        timeline: [ { at: 1m, set: { functions.hello.timeout: 16m } } ]
                                                              ^^^"
    `)
  })

  test('limits have to hold at every moment, with all changes before it', async () => {
    const steps = (last: number): string =>
      timeline(
        `
  - { at: 2m, set: { functions.hello.reservedConcurrentExecutions: ${last} } }
  - { at: 1m, set: { account.concurrentExecutions: 500 } }`,
      )
    expect(await complaint(steps(400))).toBe('no complaint')
    expect(await complaint(steps(401))).toMatchInlineSnapshot(`
      "s.yaml:8:68: from then on: the functions set 401 aside (401 reserved, 0 provisioned without reserved), but of the account's 500 at most 400 can be: 100 always stay unreserved (AWS: InvalidParameterValueException)
          - { at: 2m, set: { functions.hello.reservedConcurrentExecutions: 401 } }
                                                                           ^^^"
    `)
  })

  test('changes of one instant count together', async () => {
    const text = timeline(
      '[ { at: 1m, set: { functions.hello.reservedConcurrentExecutions: 1900, account.concurrentExecutions: 2000 } } ]',
    )
    expect(await complaint(text)).toBe('no complaint')
  })

  test('provisioned concurrency has to be declared from the start', async () => {
    expect(
      await complaint(
        timeline('[ { at: 1m, set: { functions.hello.provisionedConcurrentExecutions: 5 } } ]'),
      ),
    ).toMatchInlineSnapshot(`
      "s.yaml:7:30: declare provisionedConcurrentExecutions from the start (0 is enough) to change it during the run
        timeline: [ { at: 1m, set: { functions.hello.provisionedConcurrentExecutions: 5 } } ]
                                     ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^"
    `)
  })
})
