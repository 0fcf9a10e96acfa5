import { expect } from 'vitest'
import { count } from '../../src/report/phrase.ts'
import { describeLesson } from './lesson.ts'

describeLesson({
  name: 'dynamodb-hot-partition',
  expects: (figures) => {
    const throttled = figures.value('votes', 'WriteThrottleEvents', 'sum')
    expect(figures.value('votes', 'WriteKeyRangeThroughputThrottleEvents', 'sum')).toBe(throttled)
    expect(figures.causes()).toEqual([])
    const rate = figures.value('votes', 'ConsumedWriteCapacityUnits', 'sum') / 600
    return [
      `${figures.share('vote', 'Errors')} of the votes are lost in ten minutes`,
      `the table takes ${count(rate)} of its 10,000 write units a second on average`,
      `${count(throttled)} writes are throttled`,
      `${figures.count('vote', 'ConcurrentExecutions', 'maximum')} votes are under way at once`,
    ]
  },
  tries: [
    { expects: (figures) => [`${figures.share('vote', 'Errors')} of the votes are lost`] },
    {
      expects: (figures) => [
        `${figures.count('votes', 'WriteThrottleEvents')} writes are throttled`,
        `${figures.count('vote', 'ConcurrentExecutions', 'maximum')} environments are enough`,
      ],
    },
  ],
})
