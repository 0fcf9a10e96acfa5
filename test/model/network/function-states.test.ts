/** States of a function in a VPC since 2019-09, and the network interfaces behind them. */
import { describe, expect, it } from 'vitest'
import { at, lambda, runExact, times } from '../../support/exact.ts'

function lambdaIn(subnetIds: readonly string[], vpcConfig: object = {}, more: object = {}) {
  return lambda({
    handler: { duration: '100ms' },
    vpcConfig: { subnetIds, ...vpcConfig },
    keepAlive: { policy: 'fixed', idleTimeout: '5m' },
    ...more,
  })
}

const SUBNETS = {
  a: { vpcId: 'main', cidrBlock: '10.0.1.0/24' },
  b: { vpcId: 'main', cidrBlock: '10.0.2.0/28' },
}

function given(parts: object): Record<string, unknown> {
  return {
    duration: '10m',
    metricsPeriod: '1m',
    account: { region: 'us-east-1' },
    vpcs: { main: {} },
    subnets: SUBNETS,
    functions: { f: lambdaIn(['a', 'b']) },
    traffic: { p: at('f', 1) },
    ...parts,
  }
}

describe('a function in a VPC', () => {
  it('is Active at the start, and its cold start takes no longer', async () => {
    const view = await runExact(given({}))
    expect(view.throttles()).toEqual({})
    expect(view.value('p.ClientLatency.maximum')).toBe(100)
    expect(view.find('main.AttachDuration.maximum')).toBeUndefined()
  })

  it('refuses everything while it is Pending', async () => {
    const view = await runExact(
      given({
        traffic: { p: at('f', 1, 179, 180, 200) },
        initial: { functions: { f: { state: 'Pending' } } },
      }),
    )
    expect(view.throttles()).toEqual({ 'f function-pending': 2 })
    expect(view.output.throttles[0]!.reason).toBe('ResourceConflictException')
    expect(view.value('main.NetworkInterfaces.average')).toBeCloseTo(2 * 0.7, 9)
  })

  it('is Pending for 90 seconds on a platform of 2022', async () => {
    const view = await runExact(
      given({
        platform: '2022-06',
        traffic: { p: at('f', 1, 89, 90) },
        initial: { functions: { f: { state: 'Pending' } } },
      }),
    )
    expect(view.throttles()).toEqual({ 'f function-pending': 2 })
  })

  it('is Pending again when it is created anew, and what runs goes on', async () => {
    const view = await runExact(
      given({
        functions: {
          f: lambdaIn(['a'], { pendingDuration: '1m' }, { handler: { duration: '5s' } }),
        },
        traffic: { p: at('f', 59, 61, 119, 121) },
        timeline: [{ at: '1m', create: 'f' }],
      }),
    )
    expect(view.throttles()).toEqual({ 'f function-pending': 2 })
    expect(view.value('p.Succeeded.sum')).toBe(2)
  })

  it('fails to be created where no address is left, and says so', async () => {
    const subnets = { ...SUBNETS, b: { vpcId: 'main', availableIpAddresses: 0 } }
    const view = await runExact(given({ subnets }))
    expect(view.throttles()).toEqual({ 'f function-without-address': 1 })
    expect(view.output.throttles[0]!.reason).toBe('SubnetOutOfIPAddresses')
    // It did not keep the interface that it had got in the other subnet.
    expect(view.value('main.NetworkInterfaces.average')).toBe(0)
    expect(view.value('a.IpAddresses.average')).toBe(0)
  })

  it('fails to be created where the VPC may have no more interfaces', async () => {
    const view = await runExact(given({ vpcs: { main: { networkInterfaceLimit: 1 } } }))
    expect(view.throttles()).toEqual({ 'f function-without-interface': 1 })
    expect(view.output.throttles[0]!.reason).toBe('EniLimitExceeded')
    expect(view.value('main.NetworkInterfaceErrors.sum')).toBe(1)
  })

  it('is Inactive after 14 idle days: the next request fails, and wakes it', async () => {
    const day = 86_400
    const view = await runExact(
      given({
        duration: '20d',
        metricsPeriod: '1d',
        traffic: { p: at('f', day, 15 * day - 1, 15 * day + 10 * 60) },
        functions: { f: lambdaIn(['a', 'b'], { inactiveAfter: '10d' }) },
      }),
    )
    // Used on day 1; Inactive from day 11; awake again 3 minutes after the second request.
    expect(view.throttles()).toEqual({ 'f function-inactive': 1 })
    expect(view.output.throttles[0]!.reason).toBe('ResourceNotReadyException')
    expect(view.value('main.NetworkInterfaces.minimum')).toBe(0)
    expect(view.value('main.NetworkInterfaces.maximum')).toBe(2)
    expect(view.value('p.Succeeded.sum')).toBe(2)
  })

  it.each([
    ['2026-11', 14],
    ['2022-06', 30],
  ])('on a platform of %s is Inactive after %d days', async (platform, days) => {
    const end = days * 86_400
    const view = await runExact(
      given({
        platform,
        duration: '40d',
        metricsPeriod: '1d',
        traffic: { p: at('f', end - 1), q: at('f', 2 * end) },
      }),
    )
    expect(view.throttles()).toEqual(days === 14 ? { 'f function-inactive': 1 } : {})
  })

  it('stays Active as long as it is used', async () => {
    const day = 86_400
    const view = await runExact(
      given({
        duration: '60d',
        metricsPeriod: '1d',
        traffic: { p: at('f', 13 * day, 26 * day, 39 * day, 52 * day) },
      }),
    )
    expect(view.throttles()).toEqual({})
  })
})

describe('network interfaces since 2019-09', () => {
  it.each([
    ['the same subnet and security groups', ['one', 'two'], ['two', 'one'], 1],
    ['other security groups', ['one'], ['two'], 2],
  ])('of functions with %s', async (_what, first, second, interfaces) => {
    const view = await runExact(
      given({
        functions: {
          f: lambdaIn(['a'], { securityGroupIds: first }),
          g: lambdaIn(['a'], { securityGroupIds: second }),
        },
      }),
    )
    expect(view.value('main.NetworkInterfaces.maximum')).toBe(interfaces)
    expect(view.value('a.IpAddresses.maximum')).toBe(interfaces)
  })

  it('carry 65,000 connections each, and Lambda adds one for more', async () => {
    const calls = [{ downstream: 'db' }]
    const view = await runExact(
      given({
        duration: '1m',
        account: { region: 'us-east-1', concurrentExecutions: 100_000 },
        functions: {
          f: lambdaIn(
            ['a'],
            {},
            {
              handler: { duration: '10ms', calls },
              scalingRate: 'unlimited',
            },
          ),
        },
        downstreams: { db: { type: 'rate-limited', rate: '100000/s', service: '10s' } },
        traffic: { p: at('f', times(65_001, 1)) },
      }),
      { rows: false },
    )
    expect(view.value('f.ConcurrentExecutions.maximum')).toBe(65_001)
    expect(view.value('main.NetworkInterfaces.maximum')).toBe(2)
    expect(view.value('f.CallErrors.sum')).toBe(0)
  })

  it('refuse a connection where none can be added', async () => {
    const calls = [{ downstream: 'db' }]
    const view = await runExact(
      given({
        duration: '1m',
        account: { region: 'us-east-1', concurrentExecutions: 100_000 },
        vpcs: { main: { networkInterfaceLimit: 1 } },
        functions: {
          f: lambdaIn(
            ['a'],
            {},
            {
              handler: { duration: '10ms', calls },
              scalingRate: 'unlimited',
            },
          ),
        },
        downstreams: { db: { type: 'rate-limited', rate: '100000/s', service: '10s' } },
        traffic: { p: at('f', times(65_003, 1)) },
      }),
      { rows: false },
    )
    expect(view.value('f.CallErrors.sum')).toBe(3)
    expect(view.value('main.NetworkInterfaceErrors.sum')).toBe(3)
    expect(view.value('main.NetworkInterfaces.maximum')).toBe(1)
  })
})
