/** The quantities that a price list reads of a door. */
import { describe, expect, it } from 'vitest'
import { Clock } from '../../../src/kernel/time.ts'
import { Door } from '../../../src/model/doors/door.ts'
import { UsageMeter, type UsageRules } from '../../../src/model/doors/usage.ts'
import { Recorder } from '../../../src/model/metrics/recorder.ts'
import { Simulation } from '../../../src/model/simulation.ts'
import { compileText, NO_FILES } from '../../support/run.ts'
import { behind, type Given } from './support.ts'

async function usageOf(kind: string, given: Given) {
  const recorder = new Recorder(new Clock(), null, false)
  const simulation = new Simulation(await compileText(behind(kind, given)), 0, recorder, NO_FILES)
  await simulation.start()
  while (simulation.simulator.run(Number.POSITIVE_INFINITY, 10_000) !== 'stopped');
  const door = simulation.parts.at('apis.shop')
  if (!(door instanceof Door)) throw new Error('apis.shop is no front door')
  return door.usage()
}

const drained = { more: { drain: true } }
const MINUTES_US = 60e6

describe('the usage of an API', () => {
  it('counts requests, and those that it refused apart', async () => {
    const api = { throttle: { rate: '0/s', burst: 3 } }
    expect(await usageOf('rest-api', { api, ...drained })).toEqual({
      protocol: 'rest-api',
      requests: 10,
      refused: 7,
      increments: 3,
      connectionUs: 0,
      processedBytes: 0,
      loadBalancerHours: [],
    })
  })

  it('counts requests of an HTTP API by 512 KB of the larger payload', async () => {
    const route = { requestSize: '600KB', responseSize: '513KB' }
    const usage = await usageOf('http-api', { route, ...drained })
    expect(usage.increments).toBe(20)
    expect(usage.processedBytes).toBe(10 * 1_113 * 1_024)
  })

  it('counts messages and answers of a WebSocket API by 32 KB, and the time of connections', async () => {
    const usage = await usageOf('websocket-api', {
      route: { requestSize: '33KB', responseSize: '1KB' },
      traffic: { rate: '1/min', connection: { duration: '2m', messageInterval: '50s' } },
      more: { duration: '10m', metricsPeriod: '1m' },
    })
    // Connection k opens at (k + 1/2) min: eight end in time, and two last for 1.5 and 0.5 min.
    expect(usage.connectionUs).toBe((8 * 2 + 1.5 + 0.5) * MINUTES_US)
    expect(usage.requests).toBe(8 * 2 + 1)
    expect(usage.increments).toBe(usage.requests * 3)
  })

  it('counts a request that is still in the door once', async () => {
    const usage = await usageOf('http-api', { handler: { duration: '60s' } })
    expect(usage).toMatchObject({ requests: 10, refused: 0, increments: 10, processedBytes: 0 })
  })
})

describe('the usage of a load balancer', () => {
  it('has the dimensions of an LCU for each hour', async () => {
    const usage = await usageOf('alb', {
      handler: { duration: '12s' },
      api: { rules: 14 },
      route: { requestSize: '10KB', responseSize: '90KB' },
      traffic: { rate: '100/h' },
      more: { duration: '2h', metricsPeriod: '1h', drain: true },
    })
    const hour = {
      newConnections: 100,
      connectionUs: 20 * MINUTES_US,
      processedBytes: 100 * 100 * 1_024,
      ruleEvaluations: 400,
    }
    expect(usage.loadBalancerHours).toEqual([hour, hour])
  })

  it('has free rules', async () => {
    const { loadBalancerHours } = await usageOf('alb', { api: { rules: 10 }, ...drained })
    expect(loadBalancerHours[0]?.ruleEvaluations).toBe(0)
  })
})

describe('a meter of usage', () => {
  const meter = (rules: UsageRules) => new UsageMeter('any', rules)

  it('adds up the time of connections however often it is read', () => {
    const usage = meter({})
    usage.connections(1, 0)
    usage.connections(1, 10 * MINUTES_US)
    expect(usage.read(20 * MINUTES_US).connectionUs).toBe(30 * MINUTES_US)
    usage.connections(-1, 30 * MINUTES_US)
    expect(usage.read(40 * MINUTES_US).connectionUs).toBe(60 * MINUTES_US)
  })

  it('has empty hours where nothing came', () => {
    const usage = meter({ evaluationsPerRequest: 1 })
    usage.begin(150 * MINUTES_US)
    const counts = usage.read(200 * MINUTES_US).loadBalancerHours
    expect(counts.map(({ newConnections }) => newConnections)).toEqual([0, 0, 1])
  })
})
