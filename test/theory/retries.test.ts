/**
 * How retries multiply attempts, and from which failure rate on a retry quota drains. Attempts fail
 * independently with probability p, and a request has three of them.
 */
import { describe, expect, it } from 'vitest'
import { Generator } from '../../src/kernel/generator.ts'
import { RetryQuota } from '../../src/model/clients/retry-quota.ts'
import { replicate } from '../support/run.ts'
import { Claims } from './interval.ts'

const ATTEMPTS = 3
const REPLICATIONS = 20

function failing(p: number, retry: object): object {
  return {
    name: 'retries',
    duration: '5m',
    drain: true,
    account: { region: 'us-east-1', concurrentExecutions: 1_000 },
    functions: {
      f: {
        runtime: 'nodejs22.x',
        handler: { duration: '10ms', errorRate: `${100 * p}%` },
        coldStart: 'none',
      },
    },
    traffic: {
      web: { to: 'f', rate: '50/s', client: { retry: { ...retry, retryOn: ['functionErrors'] } } },
    },
  }
}

/** 1 + p + p^2: an attempt is made when all before it have failed. */
function amplification(p: number): number {
  return 1 + p + p * p
}

/**
 * What a request changes of the quota on average: a success at once brings 1, one at the third
 * attempt costs what the first retry did, and a failure costs both retries.
 */
function drift(p: number, cost: number): number {
  return 1 - p - p * p * (1 - p) * cost - p * p * p * 2 * cost
}

/** The failure rate above which the quota drains, by bisection. */
function threshold(cost: number): number {
  let [low, high] = [0, 1]
  for (let step = 0; step < 60; step++) {
    const middle = (low + high) / 2
    if (drift(middle, cost) > 0) low = middle
    else high = middle
  }
  return low
}

/** The mean change of a quota that never runs dry, over many requests. */
function measuredDrift(p: number, cost: number, seed: number): number {
  const requests = 400_000
  const half = 1e9
  const costs = { throttling: cost, timeout: cost, other: cost }
  const quota = new RetryQuota({ capacity: 2 * half, costs, firstAttemptRefund: 1 })
  quota.available = half
  const generator = new Generator().seed(seed, 7, 11, 13)
  for (let request = 0; request < requests; request++) {
    let lastCost = 0
    for (let attempt = 1; attempt <= ATTEMPTS; attempt++) {
      if (generator.nextUniform() >= p) {
        quota.refund(lastCost)
        break
      }
      if (attempt < ATTEMPTS) lastCost = quota.pay('other')
    }
  }
  return (quota.available - half) / requests
}

describe('retries', () => {
  const claims = new Claims('retries')

  it('make 1 + p + p^2 attempts for each request (E46)', async () => {
    const naive = { mode: 'exponential', baseDelay: '0s' }
    const measure = (p: number) =>
      replicate(failing(p, naive), REPLICATIONS, (view) => {
        return view.value('web.Attempts.sum') / view.value('web.Requests.sum')
      })
    expect([0.1, 0.5, 0.9, 1].map((p) => amplification(p).toFixed(2))).toEqual([
      '1.11',
      '1.75',
      '2.71',
      '3.00',
    ])
    for (const p of [0.1, 0.5, 0.9]) claims.expectMean(await measure(p), amplification(p))
    expect(new Set(await measure(1))).toEqual(new Set([3]))
  })

  it('drain a quota from failure rates of 21.5% and 32.1% on, by what they cost', () => {
    expect((100 * threshold(14)).toFixed(1)).toBe('21.5')
    expect((100 * threshold(5)).toFixed(1)).toBe('32.1')
    for (const [p, cost] of [
      [0.15, 14],
      [0.3, 14],
      [0.25, 5],
      [0.45, 5],
    ] as const) {
      const drifts = Array.from({ length: REPLICATIONS }, (_, seed) =>
        measuredDrift(p, cost, seed + 1),
      )
      claims.expectMean(drifts, drift(p, cost))
    }
  })

  it('are all made below the threshold, and held back by the quota above it', async () => {
    const scheme = { mode: 'standard-2026' }
    const read = (p: number) =>
      replicate(failing(p, scheme), REPLICATIONS, (view) => ({
        amplification: view.value('web.Attempts.sum') / view.value('web.Requests.sum'),
        refused: view.value('web.RetryQuotaExhausted.sum'),
      }))
    const below = await read(0.15)
    expect(below.every(({ refused }) => refused === 0)).toBe(true)
    claims.expectMean(
      below.map((run) => run.amplification),
      amplification(0.15),
    )
    const above = await read(0.3)
    expect(above.every(({ refused }) => refused > 0)).toBe(true)
    expect(above.every((run) => run.amplification < amplification(0.3))).toBe(true)
  })
})
