import { expect, test } from 'vitest'
import { Clock } from '../../../src/kernel/time.ts'
import { ConcurrencyTarget } from '../../../src/model/invocation/polling/concurrency-target.ts'
import { SqsMeter } from '../../../src/model/invocation/polling/sqs-meter.ts'
import { Recorder } from '../../../src/model/metrics/recorder.ts'

const SETTINGS = {
  initialConcurrency: 5,
  concurrencyPerMinute: 300,
  maximumConcurrency: 1_250,
  minimumConcurrency: 2,
  concurrencyPerPoller: null,
}

const METER = new SqsMeter(new Recorder(new Clock(), null, false), 'worker.q', false)

test('a throttle halves how many batches are polled at once, but not under the minimum', () => {
  const target = new ConcurrencyTarget(SETTINGS, METER)
  target.halve(0, 'errors')
  expect(target.places).toBe(2)
  target.halve(10_000_000, 'errors')
  expect(target.places).toBe(2)
})

test('a minimum that has not been reached yet is not reached by a throttle', () => {
  const target = new ConcurrencyTarget({ ...SETTINGS, minimumConcurrency: 1_000 }, METER)
  target.halve(0, 'errors')
  expect(target.places).toBe(5)
})
