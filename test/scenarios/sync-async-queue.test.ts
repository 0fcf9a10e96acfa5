import { expect } from 'vitest'
import { count, percent } from '../../src/report/phrase.ts'
import { describeLesson } from './lesson.ts'

describeLesson({
  name: 'sync-async-queue',
  expects: (figures) => {
    expect(figures.causes('called')).toEqual(['reserved-concurrency'])
    const lost = figures.outcome('callers', 'throttled')
    const rush = figures.sum('callers', 'Requests', 120, 180)
    expect(figures.sum('callers', 'ThrottledRequests', 120, 180)).toBe(lost)
    const [worst] = figures.throttles.filter((record) => record.function === 'evented')
    return [
      `The callers lose ${count(lost)} orders for ever: ${percent(lost / rush)} of those of the rush`,
      `The events lose ${figures.count('evented', 'DeliveryLoss')}, but one of them waits ${figures.time('evented', 'EndToEndLatency', 'maximum')}`,
      `at the worst moment ${count(worst!.peakPeriodCount)} attempts in a minute are in vain`,
      `The queue loses ${figures.count('orders', 'DeliveryLoss')}, throttles ${figures.count('queued', 'Throttles')} times, and the longest wait there is ${figures.time('orders', 'EndToEndLatency', 'maximum')}`,
    ]
  },
  tries: [
    {
      expects: (figures) => [
        `${figures.count('evented', 'AsyncEventsDropped')} events are dropped`,
      ],
    },
    {
      expects: (figures) => [`the callers lose ${figures.outcomes('callers', 'throttled')} orders`],
    },
  ],
})
