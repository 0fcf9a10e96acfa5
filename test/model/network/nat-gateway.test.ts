/** Ports of a NAT gateway: who holds one, for how long, and what happens without. */
import { describe, expect, it } from 'vitest'
import { several } from '../../support/downstreams.ts'
import { inVpc } from '../../support/networks.ts'
import { run } from '../../support/run.ts'

describe('a NAT gateway', () => {
  it('has no more ports to a destination than its addresses have', async () => {
    const gateway = { addresses: 2, connectionsPerAddress: 3 }
    const view = await run(inVpc({ gateway, traffic: several(10) }))
    expect(view.value('out.ConnectionAttemptCount.sum')).toBe(10)
    expect(view.value('out.ConnectionEstablishedCount.sum')).toBe(6)
    expect(view.value('out.ErrorPortAllocation.sum')).toBe(4)
    expect(view.value('out.ErrorPortAllocation.share')).toBe(0.4)
    expect(view.value('out.AllocatedPorts.maximum')).toBe(6)
    expect(view.value('partner.Calls.sum')).toBe(6)
    expect(view.value('f.CallErrors.sum')).toBe(4)
    const [limit] = view.output.headroom.filter(({ name }) => name === 'out')
    expect(limit).toMatchObject({ limit: 'ports to partner', used: 6, available: 6 })
  })

  it('has as many ports for each address of the destination', async () => {
    const gateway = { connectionsPerAddress: 3 }
    const view = await run(inVpc({ gateway, network: { addresses: 2 }, traffic: several(10) }))
    expect(view.value('out.ErrorPortAllocation.sum')).toBe(4)
  })

  it('has ports of their own for each destination', async () => {
    const scenario = inVpc({
      gateway: { connectionsPerAddress: 5 },
      calls: [{ downstream: 'partner' }, { downstream: 'other' }],
      traffic: several(5),
    }) as { downstreams: Record<string, object> }
    scenario.downstreams.other = scenario.downstreams.partner!
    const view = await run(scenario)
    expect(view.value('out.ErrorPortAllocation.sum')).toBe(0)
    expect(view.value('out.AllocatedPorts.maximum')).toBe(10)
  })

  it('lets a call without a port fail after the connect timeout, which holds the environment', async () => {
    const gateway = { connectionsPerAddress: 1 }
    const network = { connectTimeout: '700ms' }
    const view = await run(inVpc({ gateway, network, service: '2s', traffic: several(2) }))
    expect(view.attempts.map(({ callUs }) => callUs / 1_000)).toEqual([700, 2_000])
  })

  it('has nothing to do with a function that is in no VPC', async () => {
    const gateway = { connectionsPerAddress: 1 }
    const scenario = inVpc({ gateway, traffic: several(3) }) as {
      functions: { f: Record<string, unknown> }
    }
    delete scenario.functions.f.vpcConfig
    const view = await run(scenario)
    expect(view.value('partner.Calls.sum')).toBe(3)
    expect(view.value('out.ConnectionAttemptCount.sum')).toBe(0)
  })

  it('counts the hours begun and the bytes that were stated', async () => {
    const network = { requestSize: '2KB', responseSize: '10KB' }
    const view = await run(inVpc({ network, duration: '90m', traffic: several(3) }))
    expect(view.value('out.NatGatewayHours.sum')).toBe(2)
    expect(view.value('out.BytesOutToDestination.sum')).toBe(3 * 2_048)
    expect(view.value('out.BytesInFromDestination.sum')).toBe(3 * 10_240)
    expect(view.value('out.BytesProcessed.sum')).toBe(3 * 12_288)
  })

  it('gets more ports during a run', async () => {
    const gateway = { connectionsPerAddress: 1 }
    const timeline = [{ at: '500ms', set: { 'natGateways.out.addresses': 3 } }]
    const view = await run(inVpc({ gateway, timeline, traffic: { rate: '4/s' }, duration: '1s' }))
    // At 125, 375, 625 and 875 ms; the second finds no port.
    expect(view.value('out.ErrorPortAllocation.sum')).toBe(1)
    expect(view.value('out.AllocatedPorts.maximum')).toBe(3)
  })
})

describe('a connection that is kept', () => {
  it('serves the next call of its environment', async () => {
    const view = await run(inVpc({ service: '100ms', traffic: { rate: '1/s' } }))
    expect(view.value('partner.Calls.sum')).toBe(10)
    expect(view.value('out.ConnectionAttemptCount.sum')).toBe(1)
    expect(view.value('out.ActiveConnectionCount.maximum')).toBe(1)
  })

  it('is one of its own for each call at a time', async () => {
    const call = { downstream: 'partner' }
    const settings = {
      vpcConfig: { subnetIds: ['private'] },
      handler: [{ parallel: [call, call, call] }],
    }
    const view = await run(inVpc({ settings, service: '100ms', traffic: { rate: '1/s' } }))
    expect(view.value('partner.Calls.sum')).toBe(30)
    expect(view.value('out.ConnectionAttemptCount.sum')).toBe(3)
  })

  it('is given up after the idle timeout, and the next call opens another', async () => {
    const gateway = { idleTimeout: '2s' }
    const view = await run(
      inVpc({ gateway, service: '100ms', duration: '20s', traffic: { rate: '15/min' } }),
    )
    // Calls come at 2.01 s and every four seconds; each connection but the last is open for 2.1 s.
    expect(view.value('out.ConnectionAttemptCount.sum')).toBe(5)
    expect(view.value('out.IdleTimeoutCount.sum')).toBe(4)
    expect(view.value('out.ActiveConnectionCount.average')).toBeCloseTo(
      (4 * 2.1 + (20 - 18.01)) / 20,
      9,
    )
  })

  it('outlives its environment until the idle timeout', async () => {
    const settings = {
      vpcConfig: { subnetIds: ['private'] },
      keepAlive: { policy: 'fixed', idleTimeout: '1s' },
    }
    const gateway = { idleTimeout: '3s' }
    const view = await run(
      inVpc({ settings, gateway, service: '100ms', duration: '12s', traffic: { rate: '30/min' } }),
    )
    // A call every two seconds, each in a new environment; a connection is open for 3.1 s.
    expect(view.value('out.ConnectionAttemptCount.sum')).toBe(6)
    expect(view.value('out.ActiveConnectionCount.maximum')).toBe(2)
  })

  it('is closed when its call takes too long', async () => {
    const calls = [{ downstream: 'partner', timeout: '300ms' }]
    const gateway = { portHold: '0s' }
    const view = await run(inVpc({ calls, gateway, service: '2s', traffic: { rate: '1/s' } }))
    expect(view.value('partner.CallTimeouts.sum')).toBe(10)
    expect(view.value('out.ConnectionAttemptCount.sum')).toBe(10)
    expect(view.value('out.AllocatedPorts.average')).toBeCloseTo(0.3, 9)
  })
})

describe('a connection for each call', () => {
  it('holds its port for a while after it was closed', async () => {
    const gateway = { portHold: '3s' }
    const network = { connection: 'per-call' }
    const view = await run(
      inVpc({ gateway, network, service: '500ms', duration: '20s', traffic: several(1) }),
    )
    expect(view.value('out.ActiveConnectionCount.average')).toBeCloseTo(0.5 / 20, 9)
    expect(view.value('out.AllocatedPorts.average')).toBeCloseTo(3.5 / 20, 9)
    expect(view.value('out.IdleTimeoutCount.sum')).toBe(0)
  })

  it('leaves room for ports / (service + hold) calls a second', async () => {
    const gateway = { connectionsPerAddress: 100, portHold: '4s' }
    const network = { connection: 'per-call' }
    const view = await run(
      inVpc({
        gateway,
        network,
        service: '1s',
        duration: '2m',
        traffic: { rate: '50/s' },
        settings: { vpcConfig: { subnetIds: ['private'] }, scalingRate: 'unlimited' },
      }),
    )
    // 100 ports are handed out once every 5 s, whatever more is asked for.
    expect(view.value('out.ConnectionEstablishedCount.sum')).toBe((100 * 120) / 5)
    expect(view.value('out.AllocatedPorts.maximum')).toBe(100)
  })
})
