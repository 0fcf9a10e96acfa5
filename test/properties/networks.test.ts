/** What holds of every VPC and NAT gateway, whoever goes through it. */
import fc from 'fast-check'
import { expect, it } from 'vitest'
import { lambda } from '../support/exact.ts'
import { type RunView, run } from '../support/run.ts'

const way = fc.record({
  natGateway: fc.constantFrom('out', undefined),
  connection: fc.constantFrom('per-environment', 'per-call'),
  addresses: fc.integer({ min: 1, max: 2 }),
  connectTimeout: fc.constantFrom('0s', '1s'),
  roundTrip: fc.constantFrom(undefined, '3ms', { exponential: { mean: '200ms' } }),
  errorRate: fc.constantFrom('0%', '20%'),
  service: fc.constantFrom('0ms', '50ms', { exponential: { mean: '1s' } }),
})

const user = fc.record({
  isInVpc: fc.boolean(),
  subnets: fc.constantFrom(['a'], ['a', 'b'], ['b']),
  memorySize: fc.constantFrom(128, 1_024, 3_008),
  timeout: fc.constantFrom('1s', '3s'),
  calls: fc.array(
    fc.record({
      downstream: fc.constantFrom('first', 'second'),
      count: fc.integer({ min: 1, max: 2 }),
      timeout: fc.constantFrom(undefined, '10ms', '700ms'),
      retry: fc.constantFrom(undefined, { mode: 'standard', maxAttempts: 2 }),
    }),
    { minLength: 1, maxLength: 3 },
  ),
  isParallel: fc.boolean(),
  idleTimeout: fc.constantFrom('1s', '1h'),
  crash: fc.constantFrom('0%', '10%'),
})

const scenario = fc.record({
  platform: fc.constantFrom('2018-06', '2026-11'),
  networkInterfaceLimit: fc.integer({ min: 1, max: 30 }),
  addresses: fc.tuple(fc.integer({ min: 0, max: 8 }), fc.integer({ min: 1, max: 30 })),
  ports: fc.integer({ min: 1, max: 20 }),
  gatewayAddresses: fc.integer({ min: 1, max: 8 }),
  idleTimeout: fc.constantFrom('500ms', '5s', '350s'),
  portHold: fc.constantFrom('0s', '1s', '60s'),
  ways: fc.tuple(way, way),
  users: fc.tuple(user, user),
  isPending: fc.boolean(),
  isCreated: fc.boolean(),
  rate: fc.integer({ min: 1, max: 40 }),
})

type Drawn = typeof scenario extends fc.Arbitrary<infer Value> ? Value : never

const isHistoric = ({ platform }: Drawn) => platform === '2018-06'

function functionOf({ isInVpc, subnets, ...drawn }: Drawn['users'][0]): object {
  const { calls, isParallel, idleTimeout, crash, memorySize, timeout } = drawn
  const handler = isParallel
    ? { steps: [{ compute: '5ms' }, { parallel: calls }] }
    : { duration: { exponential: { mean: '30ms' } }, calls, failures: { crash } }
  return lambda({
    memorySize,
    timeout,
    handler,
    coldStart: { placement: '10ms', init: '50ms', firstInvocation: '0ms' },
    keepAlive: { policy: 'fixed', idleTimeout },
    ...(isInVpc ? { vpcConfig: { subnetIds: subnets, pendingDuration: '2s' } } : {}),
  })
}

function textOf(drawn: Drawn): object {
  const [a, b] = drawn.addresses
  const [first, second] = drawn.ways.map(({ errorRate, service, ...network }) => ({
    type: 'queueing-service',
    servers: 5,
    queueCapacity: 10,
    service,
    errorRate,
    network,
  }))
  const [f, g] = drawn.users
  const statesOf = f.isInVpc && !isHistoric(drawn)
  return {
    name: 'networks',
    duration: '20s',
    metricsPeriod: '5s',
    platform: drawn.platform,
    account: { region: 'us-east-1', concurrentExecutions: 100 },
    vpcs: { main: { networkInterfaceLimit: drawn.networkInterfaceLimit } },
    subnets: {
      a: { vpcId: 'main', availableIpAddresses: a },
      b: { vpcId: 'main', availableIpAddresses: b },
    },
    natGateways: {
      out: {
        vpcId: 'main',
        addresses: drawn.gatewayAddresses,
        connectionsPerAddress: drawn.ports,
        idleTimeout: drawn.idleTimeout,
        portHold: drawn.portHold,
      },
    },
    functions: { f: functionOf(f), g: functionOf(g) },
    downstreams: { first, second },
    traffic: { p: { to: 'f', rate: `${drawn.rate}/s` }, q: { to: 'g', rate: `${drawn.rate}/s` } },
    ...(statesOf && drawn.isPending ? { initial: { functions: { f: { state: 'Pending' } } } } : {}),
    ...(statesOf && drawn.isCreated ? { timeline: [{ at: '5s', create: 'f' }] } : {}),
  }
}

/** No more in use than there are, and nothing unaccounted for. */
function expectLaws(view: RunView, drawn: Drawn): void {
  const sum = (path: string) => view.find(`${path}.sum`) ?? 0
  const attempts = sum('out.ConnectionAttemptCount')
  expect(attempts).toBe(sum('out.ConnectionEstablishedCount') + sum('out.ErrorPortAllocation'))
  for (const { scope, used, available } of view.output.headroom) {
    if (scope === 'network') expect(used).toBeLessThanOrEqual(available)
  }
  const inGateway = drawn.ways.reduce((ports, { addresses }) => ports + addresses, 0)
  const ports = drawn.ports * drawn.gatewayAddresses * inGateway
  expect(view.value('out.AllocatedPorts.maximum')).toBeLessThanOrEqual(ports)
  expect(view.value('main.NetworkInterfaces.maximum')).toBeLessThanOrEqual(
    drawn.networkInterfaceLimit,
  )
  const addresses = ['a', 'b'].map((name) => view.value(`${name}.IpAddresses.maximum`))
  expect(addresses[0]).toBeLessThanOrEqual(drawn.addresses[0])
  expect(addresses[1]).toBeLessThanOrEqual(drawn.addresses[1])
  if (drawn.users.every(({ isInVpc }) => !isInVpc)) expect(attempts).toBe(0)
  for (const name of ['p', 'q']) {
    const { entered, ...outcomes } = view.ledger(name)
    expect(Object.values(outcomes).reduce((total, count) => total + count, 0)).toBe(entered)
  }
}

it('limits hold, and what enters is accounted for', async () => {
  await fc.assert(
    fc.asyncProperty(scenario, async (drawn) => {
      const text = textOf(drawn)
      const view = await run(text, { rows: false })
      expectLaws(view, drawn)
      // The books balance wherever the run is cut.
      const sliced = await run(text, { rows: false, eventBudget: 7 })
      expect(sliced.output.fingerprint).toBe(view.output.fingerprint)
      await run(text, { rows: false, eventBudget: 50, eventLimit: 500 })
    }),
    { numRuns: 60 },
  )
})

it('a network changes nothing of who comes when', async () => {
  const arrivals = (view: RunView) =>
    view.attempts.map(({ arrivedUs, producer, request }) => `${arrivedUs} ${producer} ${request}`)
  await fc.assert(
    fc.asyncProperty(scenario, async (drawn) => {
      const inside = await run(textOf(drawn))
      const users = drawn.users.map((each) => ({ ...each, isInVpc: false })) as Drawn['users']
      const outside = await run(textOf({ ...drawn, users }))
      const counts = ['p', 'q'].map((name) =>
        [inside, outside].map((view) => view.value(`${name}.Requests.sum`)),
      )
      for (const [one, other] of counts) expect(one).toBe(other)
      const all = new Set(arrivals(outside))
      const unknown = arrivals(inside).filter((arrival) => !all.has(arrival))
      // Attempts in flight at the end have no row.
      const lastUs = 14_000_000
      expect(unknown.filter((text) => Number(text.split(' ')[0]) < lastUs)).toEqual([])
    }),
    { numRuns: 15 },
  )
})
