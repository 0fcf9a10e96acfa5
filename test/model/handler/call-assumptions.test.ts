import { expect, it } from 'vitest'
import { assumptionsOfSteps } from '../../../src/model/handler/call-assumptions.ts'
import { invoke, send } from '../../support/handler-calls.ts'

const BACK_OFF = {
  baseUs: { throttling: 1, timeout: 1, other: 1 },
  capUs: 1,
  jitter: 'full',
} as const

it('tells only what takes part', () => {
  const ids = (...calls: Parameters<typeof assumptionsOfSteps>[0]) =>
    assumptionsOfSteps(calls).map(({ id }) => id)
  expect(ids()).toEqual([])
  expect(ids(send('q'))).toEqual([
    'calls-after-own-time',
    'failed-calls-fail-the-handler',
    'sends-take-no-time',
  ])
  expect(ids(invoke('f'))).toEqual([
    'calls-after-own-time',
    'failed-calls-fail-the-handler',
    'answers-take-no-time',
  ])
  const retry = { maxAttempts: 2, backOff: BACK_OFF, quota: null, isRateLimited: false }
  expect(ids(invoke('f', { retry }))).toContain('client-of-each-call')
})
