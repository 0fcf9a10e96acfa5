/** Network interfaces of environments, on a platform before 2019-09. */
import { describe, expect, it } from 'vitest'
import { at, lambda, runExact, times } from '../../support/exact.ts'

const COLD = { placement: '100ms', init: '200ms', firstInvocation: '0ms' }

function before2019(parts: object = {}, settings: object = {}): Record<string, unknown> {
  return {
    duration: '2m',
    platform: '2019-06',
    metricsPeriod: '1m',
    account: { region: 'us-east-1' },
    vpcs: { main: {} },
    subnets: { a: { vpcId: 'main', cidrBlock: '10.0.1.0/24' } },
    functions: {
      f: lambda({
        memorySize: 1536,
        coldStart: COLD,
        vpcConfig: { subnetIds: ['a'], attachDuration: '10s' },
        ...settings,
      }),
    },
    traffic: { p: at('f', 1) },
    ...parts,
  }
}

describe('a cold start in a VPC before 2019-09', () => {
  it('waits for a network interface, which is neither billed nor init', async () => {
    const view = await runExact(before2019())
    expect(view.value('p.ClientLatency.maximum')).toBe(11_300)
    expect(view.value('main.AttachDuration.maximum')).toBe(10_000)
    expect(view.value('f.PlacementDuration.maximum')).toBe(10_100)
    expect(view.value('f.InitDuration.maximum')).toBe(200)
    expect(view.value('f.BilledDuration.sum')).toBe(1_000)
  })

  it('shares an interface with another environment, once that is attached', async () => {
    const view = await runExact(before2019({ traffic: { p: at('f', 1, 5, 5, 30, 30, 30) } }))
    // Two environments of 1.5 GB share one. At 5 s one is in the middle of being attached, and the
    // third environment needs another.
    const cold = view.attempts.filter(({ start }) => start === 'cold')
    expect(cold.map(({ placementUs }) => placementUs / 1_000)).toEqual([10_100, 6_100, 10_100])
    expect(view.value('main.NetworkInterfaces.maximum')).toBe(2)
    expect(view.value('a.IpAddresses.maximum')).toBe(2)
  })

  it('takes between 8 and 15 seconds where nothing is said', async () => {
    const view = await runExact(
      before2019({ traffic: { p: at('f', times(200, 1)) } }, { vpcConfig: { subnetIds: ['a'] } }),
    )
    expect(view.value('main.AttachDuration.minimum')).toBeGreaterThanOrEqual(8_000)
    expect(view.value('main.AttachDuration.maximum')).toBeLessThanOrEqual(15_000)
    expect(view.value('main.AttachDuration.minimum')).toBeLessThan(9_000)
    expect(view.value('main.AttachDuration.maximum')).toBeGreaterThan(14_000)
  })

  it('is refused where the VPC may have no more interfaces', async () => {
    const view = await runExact(
      before2019({
        vpcs: { main: { networkInterfaceLimit: 3 } },
        traffic: { p: at('f', times(9, 1)) },
      }),
    )
    expect(view.throttles()).toEqual({ 'f network-interfaces': 3 })
    expect(view.output.throttles[0]!.reason).toBe('ENILimitReachedException')
    expect(view.value('main.NetworkInterfaceErrors.sum')).toBe(3)
    expect(view.value('f.ExecutionEnvironments.maximum')).toBe(6)
  })

  it('is refused where the subnets have no more addresses', async () => {
    const view = await runExact(
      before2019(
        {
          subnets: {
            a: { vpcId: 'main', availableIpAddresses: 1 },
            b: { vpcId: 'main', cidrBlock: '10.0.2.0/28' },
          },
          traffic: { p: at('f', times(30, 1)) },
        },
        { vpcConfig: { subnetIds: ['a', 'b'] } },
      ),
    )
    // 16 addresses of a /28, five of them AWS's: with the other one 12 interfaces.
    expect(view.throttles()).toEqual({ 'f subnet-addresses': 6 })
    expect(view.output.throttles[0]!.reason).toBe('SubnetIPAddressLimitReachedException')
    expect(view.value('b.IpAddresses.maximum')).toBe(11)
    expect(view.value('a.IpAddresses.maximum')).toBe(1)
  })

  it('gives interfaces back with their environments, for other functions', async () => {
    const keepAlive = { policy: 'fixed', idleTimeout: '20s' }
    const g = { g: lambda({ memorySize: 3008, coldStart: COLD, vpcConfig: { subnetIds: ['a'] } }) }
    const scenario = before2019(
      {
        vpcs: { main: { networkInterfaceLimit: 1 } },
        traffic: { p: at('f', 1), q: at('g', 5, 40) },
      },
      { keepAlive },
    ) as { functions: object }
    scenario.functions = { ...scenario.functions, ...g }
    const view = await runExact(scenario)
    expect(view.throttles()).toEqual({ 'g network-interfaces': 1 })
    expect(view.value('q.Succeeded.sum')).toBe(1)
    expect(view.value('main.NetworkInterfaces.maximum')).toBe(1)
  })

  it('uses up no scaling rate when it is refused for want of an interface', async () => {
    const view = await runExact(
      before2019({
        vpcs: { main: { networkInterfaceLimit: 1 } },
        account: { region: 'us-east-1', concurrentExecutions: 3_000 },
        traffic: { p: at('f', times(2_000, 1)) },
      }),
    )
    const [row] = view.output.headroom.filter(({ limit }) => limit === 'scaling rate')
    expect(row!.used).toBe(2)
  })
})
