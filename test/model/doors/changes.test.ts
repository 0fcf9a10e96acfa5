/** Limits of front doors that change during a run. */
import { describe, expect, it } from 'vitest'
import { run } from '../../support/run.ts'
import { behind } from './support.ts'

const traffic = { rate: '20/s' }
const limited = { throttle: { rate: '5/s', burst: 5 } }
/** Requests that pass in a second: its first token comes with the second's first request. */
const PASSED = 5

describe('the timeline', () => {
  const changed = async (timeline: readonly object[], given: object = {}) => {
    const view = await run(behind('rest-api', { traffic, ...given, more: { timeline } }))
    return view.series('f.Invocations.sum')
  }

  it('raises and lowers the limit of a stage', async () => {
    const passed = await changed(
      [
        { at: '4s', set: { 'apis.shop.throttle.rate': '10/s' } },
        { at: '7s', set: { 'apis.shop.throttle.rate': '0/s', 'apis.shop.throttle.burst': 0 } },
      ],
      { api: limited },
    )
    expect(passed.slice(1)).toEqual([PASSED, PASSED, PASSED, 10, 10, 10, 0, 0, 0])
  })

  it('takes a limit away, and puts one where there was none', async () => {
    const passed = await changed([
      { at: '3s', set: { 'apis.shop.throttle': { rate: '5/s', burst: 5 } } },
      { at: '6s', set: { 'apis.shop.throttle': null } },
    ])
    // The bucket is full when it comes.
    expect(passed).toEqual([20, 20, 20, 10 - 1, PASSED, PASSED, 20, 20, 20, 20])
  })

  it('changes the limit of a route', async () => {
    const passed = await changed(
      [
        { at: '4s', set: { 'functions.f.events.way.throttle.rate': '10/s' } },
        { at: '7s', set: { 'functions.f.events.way.throttle': null } },
      ],
      { route: limited },
    )
    expect(passed.slice(1)).toEqual([PASSED, PASSED, PASSED, 10, 10, 10, 20, 20, 20])
  })

  it('changes the rate of each client key', async () => {
    const passed = await changed(
      [{ at: '4s', set: { 'apis.shop.usagePlan.throttle.rate': '10/s' } }],
      { api: { usagePlan: limited } },
    )
    expect(passed.slice(1)).toEqual([PASSED, PASSED, PASSED, 10, 10, 10, 10, 10, 10])
  })
})

describe('what limits refused', () => {
  it('is told by limit, with its setting', async () => {
    const given = {
      traffic: { ...traffic, route: 'way' },
      route: limited,
      api: { usagePlan: { quota: { limit: 30, period: 'DAY' } } },
    }
    const { output } = await run(behind('rest-api', given))
    const told = output.headroom.filter(({ refusals }) => refusals !== undefined)
    expect(told.map(({ name, limit, used, available }) => [name, limit, used, available])).toEqual([
      ['shop', 'quota of web', 30, 30],
      ['shop', 'route f.way', 5, 5],
    ])
    expect(told.map(({ refusals }) => refusals?.setting)).toEqual([
      'apis.shop.usagePlan.quota',
      'functions.f.events.way.throttle',
    ])
    const refused = told.reduce((sum, { refusals }) => sum + (refusals?.count ?? 0), 0)
    expect(refused).toBe(200 - 30)
  })

  it('of the account is told once, whoever came', async () => {
    const given = {
      account: { apiGateway: { rate: '1/s', burst: 1 } },
      functions: {
        g: {
          runtime: 'nodejs22.x',
          handler: { duration: '1s' },
          coldStart: 'none',
          events: { other: { type: 'http-api', api: 'other' } },
        },
      },
      more: {
        apis: { shop: { protocol: 'rest-api' }, other: { protocol: 'http-api' } },
        traffic: {
          web: { to: 'shop', process: 'constant', rate: '10/s' },
          more: { to: 'other', process: 'constant', rate: '10/s' },
        },
      },
    }
    const view = await run(behind('rest-api', given))
    const [row, second] = view.output.headroom.filter(({ limit }) => limit.startsWith('API'))
    expect(second).toBeUndefined()
    const refused = view.value('shop.4XXError.sum') + view.value('other.4xx.sum')
    expect(row?.refusals?.count).toBe(refused)
  })
})
