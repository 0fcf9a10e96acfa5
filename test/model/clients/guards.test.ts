import { describe, expect, it } from 'vitest'
import { circuitBreaker } from '../../../src/model/clients/guards/circuit-breaker.ts'
import type { Guard, GuardEntry } from '../../../src/model/clients/guards/entry.ts'
import { loadShedding } from '../../../src/model/clients/guards/load-shedding.ts'
import { retryBudget } from '../../../src/model/clients/guards/retry-budget.ts'

const SECOND = 1_000_000

function guardOf<Options>(entry: GuardEntry<Options>, options: object): Guard {
  return entry.create(entry.schema.parse(options) as Options)
}

function allowedRetries(budget: Guard, atUs: number, tries: number): number {
  let allowed = 0
  for (let retry = 0; retry < tries; retry++) if (budget.mayRetry!(atUs)) allowed++
  return allowed
}

describe('a retry budget', () => {
  it('allows one retry for ten requests once what it began with is used up', () => {
    const budget = guardOf(retryBudget, { share: '10%', capacity: 5 })
    expect(allowedRetries(budget, 0, 20)).toBe(5)
    for (let request = 0; request < 30; request++) budget.mayBegin!(0, 0)
    expect(allowedRetries(budget, 0, 20)).toBe(3)
  })

  it('is a token bucket where it has a rate', () => {
    const budget = guardOf(retryBudget, { rate: '2/s', capacity: 3 })
    expect(allowedRetries(budget, 0, 10)).toBe(3)
    expect(allowedRetries(budget, SECOND, 10)).toBe(2)
    expect(allowedRetries(budget, 100 * SECOND, 10)).toBe(3)
  })
})

describe('a circuit breaker', () => {
  const options = { window: 10, minimumAttempts: 10, openFor: '5s', probes: 2 }
  const answer = (breaker: Guard, failures: number, successes: number, atUs = 0): void => {
    for (let count = 0; count < failures; count++) breaker.onAnswer!(true, atUs)
    for (let count = 0; count < successes; count++) breaker.onAnswer!(false, atUs)
  }

  it('opens when half of its last ten attempts failed, not before it has seen ten', () => {
    const breaker = guardOf(circuitBreaker, options)
    answer(breaker, 5, 4)
    expect(breaker.mayAttempt!(0)).toBe(true)
    answer(breaker, 0, 1)
    expect(breaker.mayAttempt!(0)).toBe(false)
  })

  it('forgets what happened before its window', () => {
    const breaker = guardOf(circuitBreaker, options)
    answer(breaker, 4, 20)
    answer(breaker, 4, 0)
    expect(breaker.mayAttempt!(0)).toBe(true)
    answer(breaker, 1, 0)
    expect(breaker.mayAttempt!(0)).toBe(false)
  })

  it('lets two probes through after five seconds, and closes when they succeed', () => {
    const breaker = guardOf(circuitBreaker, options)
    answer(breaker, 10, 0)
    expect(breaker.mayAttempt!(5 * SECOND - 1)).toBe(false)
    expect([1, 2, 3].map(() => breaker.mayAttempt!(5 * SECOND))).toEqual([true, true, false])
    answer(breaker, 0, 2, 6 * SECOND)
    expect(breaker.mayAttempt!(6 * SECOND)).toBe(true)
    expect(breaker.mayAttempt!(6 * SECOND)).toBe(true)
    expect(breaker.mayAttempt!(6 * SECOND)).toBe(true)
  })

  it('opens again when its probes fail', () => {
    const breaker = guardOf(circuitBreaker, options)
    answer(breaker, 10, 0)
    breaker.mayAttempt!(5 * SECOND)
    breaker.mayAttempt!(5 * SECOND)
    answer(breaker, 1, 1, 6 * SECOND)
    expect(breaker.mayAttempt!(11 * SECOND - 1)).toBe(false)
    expect(breaker.mayAttempt!(11 * SECOND)).toBe(true)
  })
})

it('load shedding turns a request away that would be one too many', () => {
  const shedding = guardOf(loadShedding, { maximumInFlight: 3 })
  expect(shedding.mayBegin!(2, 0)).toBe(true)
  expect(shedding.mayBegin!(3, 0)).toBe(false)
})
