/** The way to a downstream and back. */
import { describe, expect, it } from 'vitest'
import { callingFunction, several } from '../../support/downstreams.ts'
import { run } from '../../support/run.ts'

const partner = { type: 'queueing-service', servers: 1, service: '100ms' }
const far = { ...partner, network: { roundTrip: '70ms' } }

function calling(downstream: object, more: object = {}): object {
  return callingFunction({
    downstreams: { partner: downstream },
    calls: [{ downstream: 'partner' }],
    traffic: several(1),
    ...more,
  })
}

describe('a round trip', () => {
  it('holds the environment, and the downstream does not notice', async () => {
    const view = await run(calling(far))
    expect(view.value('f.Duration.maximum')).toBe(180)
    expect(view.value('partner.CallLatency.maximum')).toBe(100)
    expect(view.value('partner.OpenCalls.average')).toBeCloseTo(0.01, 9)
  })

  it('goes half of it there and half of it back', async () => {
    // Down until 40 ms: a call begun at 10.5 ms is there at 45.5 ms.
    const timeline = [{ at: '0s', outage: 'partner', for: '45ms' }]
    const late = await run(calling(far, { timeline }))
    expect(late.value('partner.CallFailures.sum')).toBe(0)
    const longer = [{ at: '0s', outage: 'partner', for: '46ms' }]
    const early = await run(calling(far, { timeline: longer }))
    expect(early.value('partner.CallFailures.sum')).toBe(1)
    expect(early.value('f.Duration.maximum')).toBe(80)
  })

  it('changes nothing that is drawn of the service', async () => {
    const service = { lognormal: { median: '100ms', p99: '1s' } }
    const traffic = { rate: '20/s' }
    const servers = 100
    const near = await run(calling({ ...partner, servers, service }, { traffic }))
    const remote = await run(calling({ ...far, servers, service }, { traffic }))
    const latencies = ['p50', 'p99', 'maximum'].map((statistic) => [
      near.value(`partner.CallLatency.${statistic}`),
      remote.value(`partner.CallLatency.${statistic}`),
    ])
    for (const [one, other] of latencies) expect(other).toBe(one)
    expect(remote.value('f.Duration.minimum')).toBeGreaterThan(80)
  })

  it('is over when the caller gives up, but what is sent arrives', async () => {
    const calls = [{ downstream: 'partner', timeout: '20ms' }]
    const view = await run(calling(far, { calls }))
    expect(view.value('f.Duration.maximum')).toBe(30)
    expect(view.value('partner.Calls.sum')).toBe(1)
    expect(view.value('partner.CallTimeouts.sum')).toBe(1)
  })

  it('may be over while the answer is on its way', async () => {
    const calls = [{ downstream: 'partner', timeout: '150ms' }]
    const view = await run(calling(far, { calls }))
    expect(view.value('f.Duration.maximum')).toBe(160)
    expect(view.value('f.CallErrors.sum')).toBe(1)
    expect(view.value('partner.CallTimeouts.sum')).toBe(0)
  })

  it('is made again by each attempt of a retry', async () => {
    const calls = [
      {
        downstream: 'partner',
        retry: { mode: 'exponential', maxAttempts: 3, baseDelay: '0ms', jitter: 'none' },
      },
    ]
    const view = await run(calling({ ...far, errorRate: '100%' }, { calls }))
    expect(view.value('f.CallRetries.sum')).toBe(2)
    expect(view.value('f.Duration.maximum')).toBe(10 + 3 * 170)
  })
})
