/** What is said about mistakes in capacity providers and the functions that run on them. */
import { describe, expect, it } from 'vitest'
import { loadScenario } from '../../src/scenario/load.ts'
import { managed } from '../support/managed.ts'
import { NO_FILES } from '../support/run.ts'

async function problems(text: string | object): Promise<string> {
  const loaded = await loadScenario({ text, fileName: 's.yaml', files: NO_FILES, set: [] })
  return loaded.ok ? '' : loaded.formatted
}

const SCENARIO = `name: s
duration: 1m
account: { region: us-east-1 }
capacityProviders:
  fleet: { instanceRequirements: { allowedInstanceTypes: [m7g.xlarge] } }
functions:
  api:
    runtime: nodejs22.x
    architectures: arm64
    memorySize: 2GB
    capacityProviderConfig: { capacityProvider: fleet, perExecutionEnvironmentMaxConcurrency: 64 }
    functionScalingConfig: { minExecutionEnvironments: 3 }
    coldStart: { init: 1s }
    handler: { duration: 50ms }
traffic: { shop: { to: api, rate: 1/s } }
`

function changed(from: string, to: string): Promise<string> {
  expect(SCENARIO).toContain(from)
  return problems(SCENARIO.replace(from, to))
}

it('a scenario without mistakes has none', async () => {
  expect(await problems(SCENARIO)).toBe('')
})

describe('mistakes are told with their place', () => {
  it('too little memory', async () => {
    expect(await changed('memorySize: 2GB', 'memorySize: 1GB')).toMatchInlineSnapshot(`
      "s.yaml:10:17: an environment on managed instances has at least 2 GB of memory, and api has 1024 MB
            memorySize: 1GB
                        ^^^"
    `)
  })

  it('an unknown instance type', async () => {
    expect(await changed('[m7g.xlarge]', '[m7g.xlarge, t3.micro]')).toMatchInlineSnapshot(`
      "s.yaml:5:71: \`t3.micro\` is no instance type whose size and price are known here: known are m7g.xlarge, m7g.large, c7g.large
          fleet: { instanceRequirements: { allowedInstanceTypes: [m7g.xlarge, t3.micro] } }
                                                                              ^^^^^^^^"
    `)
  })

  it('more requests at once than vCPUs may have', async () => {
    expect(await changed('Concurrency: 64', 'Concurrency: 65')).toMatchInlineSnapshot(`
      "s.yaml:11:95: an environment works on at most 64 requests at once for each vCPU: with 1 on 64
            capacityProviderConfig: { capacityProvider: fleet, perExecutionEnvironmentMaxConcurrency: 65 }
                                                                                                      ^^"
    `)
  })

  it('provisioned concurrency beside it', async () => {
    expect(
      await changed('    coldStart', '    provisionedConcurrentExecutions: 5\n    coldStart'),
    ).toMatchInlineSnapshot(`
      "s.yaml:13:5: managed instances have no provisioned concurrency: functionScalingConfig says how many environments are always there
            provisionedConcurrentExecutions: 5
            ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^"
    `)
  })

  it('an unknown capacity provider', async () => {
    expect(
      await changed('capacityProvider: fleet,', 'capacityProvider: flet,'),
    ).toMatchInlineSnapshot(`
      "s.yaml:11:49: there is no capacity provider \`flet\`: known are fleet; did you mean \`fleet\`?
            capacityProviderConfig: { capacityProvider: flet, perExecutionEnvironmentMaxConcurrency: 64 }
                                                        ^^^^"
    `)
  })

  it('a minimum above the maximum', async () => {
    expect(
      await changed('Environments: 3', 'Environments: 3, maxExecutionEnvironments: 2'),
    ).toMatchInlineSnapshot(`
      "s.yaml:12:85: maxExecutionEnvironments is not below minExecutionEnvironments, which is 3
            functionScalingConfig: { minExecutionEnvironments: 3, maxExecutionEnvironments: 2 }
                                                                                            ^"
    `)
  })

  it('a platform before December 2025', async () => {
    expect(await changed('duration: 1m', 'duration: 1m\nplatform: 2025-11')).toMatchInlineSnapshot(`
      "s.yaml:6:10: a capacity provider exists since 2025-12, and the platform is that of 2025-11
          fleet: { instanceRequirements: { allowedInstanceTypes: [m7g.xlarge] } }
                 ^"
    `)
  })

  it('all at once', async () => {
    const text = SCENARIO.replace('memorySize: 2GB', 'memorySize: 1GB')
      .replace('nodejs22.x', 'nodejs20.x')
      .replace('arm64', 'x86_64')
    expect(await problems(text)).toMatchInlineSnapshot(`
      "s.yaml:8:14: nodejs20.x does not support managed instances: those of Node.js 22, Python 3.13, Java 21 and .NET 8 or later and provided.al2023 do
            runtime: nodejs20.x
                     ^^^^^^^^^^
      s.yaml:9:20: m7g.xlarge is arm64, and api is x86_64: write architectures: arm64
            architectures: x86_64
                           ^^^^^^
      s.yaml:10:17: an environment on managed instances has at least 2 GB of memory, and api has 1024 MB
            memorySize: 1GB
                        ^^^"
    `)
  })
})

describe('a function on managed instances', () => {
  it.each([
    ['snapStart', { applyOn: 'PublishedVersions' }, 'have no cold start for SnapStart to shorten'],
    ['tenancyConfig', { tenantIsolationMode: 'PER_TENANT', tenants: 3 }, 'of any tenant'],
    ['reservedConcurrentExecutions', 10, 'maxExecutionEnvironments is the cap'],
    ['keepAlive', { policy: 'fixed', idleTimeout: '1m' }, 'never freeze'],
    ['idleSelection', 'random', 'the router chooses'],
    ['scalingRate', 'unlimited', 'do not scale for a request'],
    ['coldStart', { init: '1s', placement: '100ms' }, 'placement has no effect there'],
    ['coldStart', { init: '1s', handOver: 'busy' }, 'handOver has no effect there'],
  ])('has no %s', async (key, value, message) => {
    expect(await problems(managed({ settings: { [key]: value } }))).toContain(message)
  })

  it.each([
    ['aliases', { live: { functionVersion: 1, provisionedConcurrentExecutions: 5 } }],
    ['versions', { 1: { provisionedConcurrentExecutions: 5 } }],
  ])('has no provisioned concurrency by its %s', async (key, value) => {
    expect(await problems(managed({ settings: { [key]: value } }))).toContain(
      'managed instances have no provisioned concurrency',
    )
  })

  it('may have an alias', async () => {
    expect(await problems(managed({ settings: { provisionedConcurrentExecutions: 0 } }))).toBe('')
    expect(
      await problems(managed({ settings: { aliases: { live: { functionVersion: 1 } } } })),
    ).toBe('')
  })

  it('is in no VPC of its own', async () => {
    const more = { vpcs: { main: {} }, subnets: { a: { vpcId: 'main', cidrBlock: '10.0.1.0/24' } } }
    const settings = { vpcConfig: { subnetIds: ['a'] } }
    expect(await problems(managed({ settings, more }))).toContain(
      'the VPC of managed instances is that of their capacity provider',
    )
  })

  it('must state its concurrency where the runtime has no default', async () => {
    const settings = { runtime: 'provided.al2023' }
    const use = { perExecutionEnvironmentMaxConcurrency: undefined }
    expect(await problems(managed({ settings, use }))).toContain(
      'provided.al2023 has no documented default: state perExecutionEnvironmentMaxConcurrency',
    )
    expect(await problems(managed({ settings }))).toBe('')
  })

  it('fits on an instance', async () => {
    expect(await problems(managed({ settings: { memorySize: 10_240 } }))).toContain(
      'an environment of 10240 MB and 5 vCPUs does not fit on m7g.xlarge, which has 16384 MB and 4 vCPUs',
    )
  })

  it('has at least one vCPU', async () => {
    const use = { executionEnvironmentMemoryGiBPerVCpu: 4 }
    expect(await problems(managed({ use }))).toContain(
      'at least 1 vCPU, and 2048 MB with 4 GiB for each are 0.5',
    )
  })

  it('does not start with more than its provider and its maximum allow', async () => {
    const fleet = { capacityProviderScalingConfig: { maxVCpuCount: 4 } }
    const scaling = { minExecutionEnvironments: 5 }
    expect(await problems(managed({ fleet, scaling }))).toContain(
      '5 environments of 1 vCPU and 2048 MB are there at the start, and with maxVCpuCount 4 their capacity provider has 1 instance of m7g.xlarge (4 vCPUs and 16384 MB) at most, with room for 4',
    )
    const initial = { functions: { f: { environments: 9 } } }
    expect(
      await problems(managed({ scaling: { maxExecutionEnvironments: 8 }, more: { initial } })),
    ).toContain('f has at most 8 environments')
  })

  it('has room on whole instances, by vCPUs and by memory', async () => {
    const fleet = (type: string, maxVCpuCount: number) => ({
      instanceRequirements: { allowedInstanceTypes: [type] },
      capacityProviderScalingConfig: { maxVCpuCount },
    })
    const scaling = { minExecutionEnvironments: 1 }
    const settings = { memorySize: 3_072 }
    expect(await problems(managed({ fleet: fleet('m7g.xlarge', 2), scaling }))).toContain(
      'has 0 instances of m7g.xlarge (4 vCPUs and 16384 MB) at most, with room for 0',
    )
    expect(await problems(managed({ fleet: fleet('c7g.large', 5), settings }))).toContain(
      'has 2 instances of c7g.large (2 vCPUs and 4096 MB) at most, with room for 2',
    )
    expect(await problems(managed({ fleet: fleet('c7g.large', 6), settings }))).toBe('')
  })

  it('has room beside the other functions of its provider', async () => {
    const fleet = { capacityProviderScalingConfig: { maxVCpuCount: 4 } }
    const base = managed({ fleet }) as { functions: { f: object } }
    const both = { ...base, functions: { f: base.functions.f, g: base.functions.f } }
    expect(await problems(both)).toContain('with room for 1 beside those of other functions')
  })

  it('has room for each of its versions', async () => {
    const settings = { aliases: { live: { functionVersion: '1' } } }
    const fleet = (maxVCpuCount: number) => ({ capacityProviderScalingConfig: { maxVCpuCount } })
    expect(await problems(managed({ settings, fleet: fleet(4) }))).toContain(
      '6 environments of 1 vCPU and 2048 MB are there at the start for 2 versions',
    )
    expect(await problems(managed({ settings, fleet: fleet(8) }))).toBe('')
  })

  it('may be limited later to fewer than it starts with', async () => {
    const initial = { functions: { f: { environments: 20 } } }
    const set = {
      'functions.f.functionScalingConfig.maxExecutionEnvironments': 8,
      'capacityProviders.fleet.capacityProviderScalingConfig.maxVCpuCount': 8,
    }
    const more = { initial, timeline: [{ at: '10s', set }] }
    expect(await problems(managed({ more }))).toBe('')
  })

  it('calls no database by a connection for each invocation', async () => {
    const downstreams = {
      db: {
        type: 'connection-pool',
        maxConnections: 5,
        service: '5ms',
        connection: 'per-invocation',
      },
    }
    const settings = { handler: { duration: '5ms', calls: [{ downstream: 'db' }] } }
    expect(await problems(managed({ settings, more: { downstreams } }))).toContain(
      'db needs connection: proxy, or per-environment',
    )
  })
})

describe('scaling', () => {
  it('has a target where its mode is Manual, and only there', async () => {
    const fleet = (capacityProviderScalingConfig: object) =>
      managed({ fleet: { capacityProviderScalingConfig } })
    const scalingPolicies = [{ targetValue: '70%' }]
    expect(await problems(fleet({ scalingMode: 'Manual', scalingPolicies }))).toBe('')
    expect(await problems(fleet({ scalingMode: 'Manual' }))).toContain(
      'scalingMode Manual takes a policy',
    )
    expect(await problems(fleet({ scalingPolicies }))).toContain(
      'scalingPolicies need scalingMode: Manual',
    )
    const all = [{ targetValue: '0%' }]
    expect(await problems(fleet({ scalingMode: 'Manual', scalingPolicies: all }))).toContain(
      'a target is above 0% and at most 100%',
    )
  })

  it('is configured for functions on managed instances only', async () => {
    const use = undefined
    const base = managed({ settings: { capacityProviderConfig: use, functionScalingConfig: {} } })
    expect(await problems(base)).toContain('functionScalingConfig is of managed instances')
  })

  it('is not set beyond what is there', async () => {
    const set = { 'functions.f.functionScalingConfig.maxExecutionEnvironments': 2 }
    expect(await problems(managed({ more: { timeline: [{ at: '10s', set }] } }))).toContain(
      'from then on: maxExecutionEnvironments is not below minExecutionEnvironments, which is 3',
    )
  })
})

it.each([
  [{ lambdaManagedInstancesCapacityProviderConfig: {} }, 'capacityProvider'],
  [{ CapacityProviderArn: 'fleet' }, 'capacityProvider'],
])('%o of CloudFormation leads to what stands here', async (use, key) => {
  expect(await problems(managed({ use }))).toContain(`did you mean \`${key}\`?`)
})

it.each([
  [20, 'is room for 2 more'],
  [24, undefined],
])('a deployment that has no room with %i vCPUs is told', async (maxVCpuCount, expected) => {
  const loaded = await loadScenario({
    text: managed({
      settings: { memorySize: 8_192 },
      fleet: { capacityProviderScalingConfig: { maxVCpuCount } },
      more: { timeline: [{ at: '10s', deploy: 'f' }] },
    }),
    fileName: 's.yaml',
    files: NO_FILES,
    set: [],
  })
  const warnings = loaded.ok ? loaded.compiled.warnings : []
  const told = warnings.find((warning) => warning.startsWith('timeline.0: the deployment of f'))
  if (expected === undefined) expect(told).toBeUndefined()
  else expect(told).toContain(expected)
})

it.each([
  [{ timeout: '1s', coldStart: { init: '131s' } }, 'init is always longer than its limit of 2m10s'],
  [{ handler: { duration: '1s', failures: { initError: '100%' } } }, 'every init fails'],
  [{ timeout: '1s', coldStart: { init: '130s' } }, undefined],
])('inits that cannot succeed are told: %o', async (settings, expected) => {
  const text = managed({ settings })
  const loaded = await loadScenario({ text, fileName: 's.yaml', files: NO_FILES, set: [] })
  const warnings = loaded.ok ? loaded.compiled.warnings.join('\n') : ''
  if (expected === undefined) expect(warnings).not.toContain('init')
  else expect(warnings).toContain(`functions.f: ${expected}`)
})

it('a provider that nothing runs on is told', async () => {
  const loaded = await loadScenario({
    text: SCENARIO.replace('  fleet:', '  spare: {}\n  fleet:'),
    fileName: 's.yaml',
    files: NO_FILES,
    set: [],
  })
  expect(loaded.ok && loaded.compiled.warnings.join('\n')).toContain(
    'capacityProviders.spare: no function runs on it',
  )
})
