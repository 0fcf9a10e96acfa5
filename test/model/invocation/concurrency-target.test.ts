import { expect, test } from 'vitest'
import { ConcurrencyTarget } from '../../../src/model/invocation/polling/concurrency-target.ts'

const SETTINGS = {
  initialConcurrency: 5,
  concurrencyPerMinute: 300,
  maximumConcurrency: 1_250,
  minimumConcurrency: 2,
  concurrencyPerPoller: null,
}

const ignore = () => {}

test('a throttle halves how many batches are polled at once, but not under the minimum', () => {
  const target = new ConcurrencyTarget(SETTINGS, ignore)
  target.halve(0, 'errors')
  expect(target.places).toBe(2)
  target.halve(10_000_000, 'errors')
  expect(target.places).toBe(2)
})

test('a minimum that has not been reached yet is not reached by a throttle', () => {
  const target = new ConcurrencyTarget({ ...SETTINGS, minimumConcurrency: 1_000 }, ignore)
  target.halve(0, 'errors')
  expect(target.places).toBe(5)
})
