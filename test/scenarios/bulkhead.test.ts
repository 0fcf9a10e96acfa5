import { expect } from 'vitest'
import { percent } from '../../src/report/phrase.ts'
import { describeLesson } from './lesson.ts'

describeLesson({
  name: 'bulkhead',
  expects: (figures) => {
    const lost = 1 - figures.value('shoppers', 'SuccessRate', 'share')
    const timedOut = figures.value('checkout', 'Errors', 'sum')
    expect(figures.value('db', 'CallTimeouts', 'sum')).toBe(timedOut)
    expect(figures.causes('checkout')).toEqual(['account-concurrency'])
    return [
      `loses ${percent(lost)} of its requests: ${figures.count('checkout', 'Errors')} because the database did not answer in time, and ${figures.count('checkout', 'Throttles')} because the account's pool was full`,
      `Of the events ${figures.count('reindex', 'AsyncEventsDropped')} are lost`,
    ]
  },
  tries: [
    {
      expects: (figures) => [
        `The checkout loses ${figures.outcomes('shoppers', 'failed')} orders, and ${figures.count('reindex', 'AsyncEventsDropped')} events are lost`,
        `done ${drained(figures.drainedAfterSeconds)} after the end`,
      ],
    },
    {
      expects: (figures) => [
        `${figures.count('checkout', 'Throttles')} requests are throttled at the checkout, but one in a hundred of its calls waits ${figures.time('db', 'CallLatency', 'p99')}`,
      ],
    },
  ],
})

function drained(seconds: number | null): string {
  const whole = Math.floor(seconds ?? 0)
  return `${Math.floor(whole / 60)}m${whole % 60}s`
}
