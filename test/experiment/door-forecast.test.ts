/** What explain expects of front doors before a run. */
import { describe, expect, it } from 'vitest'
import { explainScenario } from '../../src/experiment/explanation.ts'
import { behind, type Given } from '../model/doors/support.ts'
import { compileText } from '../support/run.ts'

async function limitsOf(kind: string, given: Given) {
  const { functions, limits } = explainScenario(await compileText(behind(kind, given)))
  const limit = (name: string) => {
    const found = limits.find((one) => `${one.name} ${one.limit}` === name)
    return found && { demand: found.demand, allowed: found.allowed }
  }
  return { functions, limit, tightest: limits[0] }
}

describe('explain', () => {
  it('holds the load against stage, routes, usage plans and the account', async () => {
    const { limit, tightest } = await limitsOf('rest-api', {
      traffic: { rate: '80/s' },
      account: { apiGateway: { rate: '100/s', burst: 10 } },
      api: {
        throttle: { rate: '40/s', burst: 10 },
        usagePlan: { throttle: { rate: '90/s', burst: 1 } },
      },
      route: { weight: 3, path: '/a' },
      events: {
        slow: { type: 'rest-api', api: 'shop', path: '/b', throttle: { rate: '10/s', burst: 5 } },
      },
    })
    expect(limit('shop stage')).toEqual({ demand: 60, allowed: 40 })
    expect(limit('shop route f.slow')).toEqual({ demand: 20, allowed: 10 })
    expect(limit('shop usage plan of web')).toEqual({ demand: 80, allowed: 90 })
    expect(limit('account API Gateway requests')).toEqual({ demand: 80, allowed: 100 })
    expect(tightest?.limit).toBe('route f.slow')
    expect(tightest?.effect).toBe('is refused')
  })

  it('has no limit of a stage that all routes have their own in place of', async () => {
    const { limit } = await limitsOf('http-api', {
      api: { throttle: { rate: '1/s', burst: 1 } },
      route: { throttle: { rate: '2/s', burst: 2 } },
    })
    expect(limit('shop stage')).toBeUndefined()
    expect(limit('shop route f.way')).toEqual({ demand: 1, allowed: 2 })
  })

  it('expects the messages of connections, and the connections', async () => {
    const { functions, limit } = await limitsOf('websocket-api', {
      traffic: { rate: '3/s', connection: { duration: '10m', messageInterval: '30s' } },
      events: { hello: { type: 'websocket-api', api: 'shop', routeKey: '$connect' } },
    })
    expect(limit('account new WebSocket connections')).toEqual({ demand: 3, allowed: 500 })
    expect(limit('account API Gateway requests')).toEqual({ demand: 60, allowed: 10_000 })
    expect(functions[0]?.peakRatePerSecond).toBe(60)
  })

  it('expects an authorizer whose answers are not kept to be asked each time', async () => {
    const functions = { auth: { runtime: 'nodejs22.x', handler: { duration: '1s' } } }
    const rateOf = async (authorizerResultTtl: string) => {
      const api = { authorizer: { function: 'auth', authorizerResultTtl } }
      const forecast = await limitsOf('http-api', { api, functions, traffic: { rate: '7/s' } })
      return forecast.functions.find(({ name }) => name === 'auth')?.peakRatePerSecond
    }
    expect(await rateOf('0s')).toBe(7)
    expect(await rateOf('300s')).toBe(0)
  })

  it('says nothing of API Gateway where nothing counts against it', async () => {
    const { limit } = await limitsOf('alb', {})
    expect(limit('account API Gateway requests')).toBeUndefined()
  })
})
